package io.github.stanchion.limit;

import io.github.stanchion.guard.GuardSession;
import io.github.stanchion.guard.Move;

/** A session that can be asked for figures, and told the real cost by its caller. */
sealed interface RateLimitSession extends GuardSession permits SingleLimitSession, JointLimitSession {

    /** What came of it; once a move has admitted or rejected. */
    RateLimitVerdict finding();

    /** The permits that are charged now, of each limit; 0 if none was charged. */
    long reserved();

    /** Charges {@code delta} permits more on each limit, or gives them back if negative; once, after admission. */
    Move settleLater(long delta);
}
