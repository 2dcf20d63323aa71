package io.github.stanchion.limit;

import io.github.stanchion.guard.GuardedCall;
import io.github.stanchion.guard.Move;
import io.github.stanchion.guard.Outcome;
import io.github.stanchion.guard.StoreUnavailableException;
import io.github.stanchion.store.AtomicStore;
import io.github.stanchion.store.Operation;
import io.github.stanchion.store.StoreException;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A call under one rate limit: the usual one. It is its own question, as it makes no object that it can do without. */
final class SingleLimitSession extends LimitUse implements RateLimitSession, Move.Ask {

    private enum Phase {
        ASKING,
        WAITING,
        GIVING_BACK,
        SETTLING
    }

    private final boolean mayWait;
    private Phase phase = Phase.ASKING;

    /** What is charged after the call; boxed, as few calls have any and each pays for the size of a session. */
    private @Nullable Long unsettled;

    /** @param mayWait whether the caller can be made to wait; else a call that would have to is refused */
    SingleLimitSession(LimitEnvironment environment, LiveLimit live, @Nullable GuardedCall call, boolean mayWait) {
        super(environment, live, call);
        this.mayWait = mayWait;
    }

    @Override
    public Move begin() {
        if (isDecided() || isKnown()) {
            return conclude();
        }
        AtomicStore asked = asked();
        return asked == store() ? this : Move.ask(asked, key(), ask());
    }

    @Override
    public Operation<?> operation() {
        return switch (phase) {
            case ASKING, WAITING -> ask();
            case GIVING_BACK -> giveBack();
            case SETTLING -> settle(unsettled());
        };
    }

    private long unsettled() {
        return Objects.requireNonNull(unsettled);
    }

    @Override
    public Move answered(Object answer) {
        switch (phase) {
            case GIVING_BACK -> {
                settled((RateSettlement) answer);
                return conclude();
            }
            case SETTLING -> {
                settled((RateSettlement) answer);
                return Move.admit();
            }
            default -> {
                RateReply reply = (RateReply) answer;
                // Judged by a copy where it is kept, so that the compiler can do without the answer of the usual call.
                return isPlain(reply) ? Move.admit() : judge(reply.copy());
            }
        }
    }

    /** The store has decided. */
    Move judge(RateReply reply) {
        note(reply);
        return waits() ? await() : conclude();
    }

    private Move await() {
        if (!mayWait || !state().enter(policy().maxWaiters())) {
            return giveUp();
        }
        phase = Phase.WAITING;
        return new Move.Pause(waitMicros());
    }

    private Move giveUp() {
        reject();
        phase = Phase.GIVING_BACK;
        return this;
    }

    @Override
    public Move paused() {
        state().leave();
        return conclude();
    }

    @Override
    public Move abandoned() {
        state().leave();
        return giveUp();
    }

    @Override
    public Move failed(StoreException trouble) {
        switch (phase) {
            case GIVING_BACK -> {
                lost(reply().taken());
                return conclude();
            }
            case SETTLING -> {
                lost(unsettled());
                return Move.admit();
            }
            default -> {
                return withoutStore(trouble);
            }
        }
    }

    private Move withoutStore(StoreException trouble) {
        if (source() == RateSource.LOCAL) {
            return unavailable(trouble, false);
        }
        return switch (degraded(trouble)) {
            case LOCAL -> {
                turnLocal();
                yield this;
            }
            case OPEN -> conclude();
            case CLOSED -> unavailable(trouble, false);
            case THROW -> unavailable(trouble, true);
        };
    }

    private Move unavailable(StoreException trouble, boolean fails) {
        unavailable();
        tell();
        StoreUnavailableException error = new StoreUnavailableException(RateLimitGuard.KIND, policy().name(), trouble);
        return fails ? new Move.Fail(error) : new Move.Reject(error);
    }

    /** Whoever cannot be made to wait asks for the verdict, so that no exception is made for a refusal. */
    private Move conclude() {
        tell();
        return isAdmitted() || !mayWait
                ? Move.admit()
                : new Move.Reject(new RateLimitExceededException(List.of(verdict())));
    }

    @Override
    public boolean watchesOutcome() {
        return isSettled();
    }

    @Override
    public Move left(Outcome outcome) {
        return settleLater(owed(outcome));
    }

    /** Charges {@code delta} permits more, or gives them back if negative. */
    @Override
    public Move settleLater(long delta) {
        if (delta == 0 || !isCharged()) {
            return Move.admit();
        }
        unsettled = delta;
        phase = Phase.SETTLING;
        return this;
    }

    @Override
    public RateLimitVerdict finding() {
        return verdict();
    }

    @Override
    public long reserved() {
        return isCharged() ? reply().taken() : 0;
    }
}
