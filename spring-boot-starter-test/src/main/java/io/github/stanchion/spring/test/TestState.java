package io.github.stanchion.spring.test;

import io.github.stanchion.guard.CallScope;
import io.github.stanchion.limit.RateLimiters;
import io.github.stanchion.lock.Lease;
import io.github.stanchion.lock.Locks;
import io.github.stanchion.store.AtomicStore;
import io.github.stanchion.testkit.FaultyStore;
import io.github.stanchion.testkit.VirtualClock;
import io.github.stanchion.testkit.VirtualSleeper;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** All that a test may leave behind, in the store and in this process. Not thread-safe: one test at a time. */
final class TestState {

    private static final Logger LOG = System.getLogger(TestState.class.getName());

    /** Longer than calls wait, as a rule. */
    private static final Duration ENOUGH = Duration.ofHours(1);

    /** How long calls that others make are waited for, in real time. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final FaultyStore faulty;
    private final TouchedStore touched;
    private final AtomicStore local;
    private final RateLimiters limiters;
    private final Locks locks;
    private final OtherNode other;
    private final @Nullable VirtualClock clock;
    private final @Nullable VirtualSleeper sleeper;

    TestState(
            FaultyStore faulty,
            TouchedStore touched,
            AtomicStore local,
            RateLimiters limiters,
            Locks locks,
            OtherNode other,
            @Nullable VirtualClock clock,
            @Nullable VirtualSleeper sleeper) {
        this.faulty = faulty;
        this.touched = touched;
        this.local = local;
        this.limiters = limiters;
        this.locks = locks;
        this.other = other;
        this.clock = clock;
        this.sleeper = sleeper;
    }

    /** The calling thread's calls are the test's from now on. */
    void begin() {
        if (sleeper != null) {
            sleeper.drivenBy(Thread.currentThread());
        }
    }

    /** Ends what the calling thread's test has begun, and forgets the rest. */
    void end() {
        if (sleeper != null) {
            sleeper.drivenBy(null);
        }
        // What is given back now is to arrive.
        faulty.heal();
        long began = System.nanoTime();
        endCalls();
        while (!isQuiet()) {
            if (System.nanoTime() - began > PATIENCE.toNanos()) {
                LOG.log(Level.WARNING, "Calls go on after the test that made them; their locks are lost");
                break;
            }
            LockSupport.parkNanos(100_000);
            endCalls();
        }
        touched.clear(local);
        limiters.forgetAll();
        locks.forgetOutages();
        faulty.reset();
        if (clock != null) {
            clock.set(VirtualClock.START);
        }
    }

    private void endCalls() {
        for (Lease lease = inScope(); lease != null; lease = inScope()) {
            lease.close();
        }
        locks.held().forEach(TestState::release);
        other.end();
        if (clock != null && sleeper != null && sleeper.waiting() > 0) {
            // Callers that still wait find that their time is over.
            clock.advance(ENOUGH);
        }
    }

    private static void release(Lease lease) {
        try {
            lease.releaseAsync().join();
        } catch (IllegalStateException running) {
            LOG.log(Level.DEBUG, "A call holds a lock after its test", running);
        }
    }

    private boolean isQuiet() {
        return locks.waiting() == 0
                && locks.holding() == 0
                && (sleeper == null || sleeper.waiting() == 0)
                && limiters.policies().all().stream()
                        .allMatch(policy -> limiters.policies().waiting(policy.name()) == 0);
    }

    private static @Nullable Lease inScope() {
        return CallScope.current().find(Lease.class, any -> true);
    }
}
