package io.github.stanchion.lock;

import io.github.stanchion.guard.Move;
import io.github.stanchion.store.AtomicStore;
import io.github.stanchion.store.JointResult;
import io.github.stanchion.store.KeyedOperation;
import io.github.stanchion.store.Operation;
import io.github.stanchion.store.StepResult;
import io.github.stanchion.store.StoreException;
import io.github.stanchion.store.StoreKey;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Takes several locks as one decision: all, or none is held. Refused, it asks again under one deadline; it holds nothing while
 * it waits, so no order of arguments can deadlock.
 */
final class JointTaker implements LockTaker {

    private enum Step {
        ASKING,
        VOIDING,
        RELEASING
    }

    private final LockEnvironment environment;
    private final LockPolicy policy;
    private final AtomicStore store;
    private final List<StoreKey> keys;
    private final LockWait wait;
    private final Taking taking;
    private final LockOwner owner;
    private final WaitTimer timer;
    private Step step = Step.ASKING;
    private long sentNanos;
    private long heldForMicros;
    private boolean uncertain;
    private final AtomicBoolean withdrawn = new AtomicBoolean(true);

    /** @param keys distinct, in the order that all callers use */
    JointTaker(
            LockEnvironment environment,
            LockPolicy policy,
            AtomicStore store,
            List<StoreKey> keys,
            LockWait wait,
            Taking taking) {
        this.environment = environment;
        this.policy = policy;
        this.store = store;
        this.keys = keys;
        this.wait = wait;
        this.taking = taking;
        this.owner = environment.owners().next();
        this.timer = new WaitTimer(environment);
    }

    @Override
    public Move begin() {
        long now = environment.clock().nanos();
        long micros = 0;
        for (StoreKey key : keys) {
            micros = Math.max(micros, environment.lines().othersBeforeMicros(key.fingerprint(), now));
        }
        return micros > 0 && micros < wait.leftMicros() ? new Move.Pause(micros) : ask();
    }

    private Move ask() {
        step = Step.ASKING;
        sentNanos = environment.clock().nanos();
        return new Move.AskAll(store, steps(this::acquire));
    }

    private LockAcquire acquire(StoreKey key) {
        return new LockAcquire(
                owner,
                LockMode.EXCLUSIVE,
                LockQueue.BARGING,
                policy.retentionMicros(store),
                policy.spanMicros(),
                0,
                false,
                environment.lines().hasOthers(key, null),
                key.fingerprint());
    }

    private List<KeyedOperation<?>> steps(StepOf operation) {
        List<KeyedOperation<?>> steps = new ArrayList<>(keys.size());
        for (StoreKey key : keys) {
            steps.add(new KeyedOperation<>(key, operation.on(key)));
        }
        return steps;
    }

    @Override
    public Move answered(Object answer) {
        return switch (step) {
            case ASKING -> judge((JointResult) answer);
            case VOIDING -> afterRelease((List<?>) answer, false);
            case RELEASING -> afterRelease((List<?>) answer, true);
        };
    }

    private Move judge(JointResult answer) {
        uncertain = false;
        if (!answer.admitted()) {
            heldForMicros = 0;
            for (Object each : answer.results()) {
                if (each instanceof LockAnswer refused && !refused.granted()) {
                    heldForMicros = Math.max(heldForMicros, refused.remainingMicros());
                }
            }
            return wait.isOneTry() ? taking.refused(LockRefusal.HELD, null) : pause();
        }
        List<Hold> holds = new ArrayList<>(keys.size());
        for (int i = 0; i < keys.size(); i++) {
            LockAnswer granted = (LockAnswer) answer.results().get(i);
            holds.add(new Hold(store, keys.get(i), owner, granted.token(), sentNanos, policy.leaseMicros()));
        }
        if (!holds.get(0).isHeld(environment.clock().nanos()) || wait.isLongOver()) {
            step = Step.VOIDING;
            return releaseAll(0);
        }
        keys.forEach(environment.lines()::acquired);
        withdrawn.set(false);
        return taking.taken(holds);
    }

    private Move pause() {
        long left = wait.leftMicros();
        if (left <= 0) {
            return refuse(LockRefusal.HELD);
        }
        return new Move.Pause(Math.min(timer.poll(), left));
    }

    private Move refuse(LockRefusal reason) {
        if (uncertain) {
            releaseLater(0);
        }
        return taking.refused(reason, null);
    }

    @Override
    public Move paused() {
        return wait.leftMicros() <= 0 ? refuse(LockRefusal.HELD) : ask();
    }

    @Override
    public Move abandoned() {
        return refuse(LockRefusal.INTERRUPTED);
    }

    @Override
    public Move failed(StoreException trouble) {
        switch (step) {
            case ASKING -> {
                uncertain |= trouble.outcomeUnknown();
                if (trouble.outcomeUnknown() && !wait.isOneTry() && wait.leftMicros() > 0) {
                    return pause();
                }
                if (uncertain) {
                    releaseLater(0);
                }
                return taking.storeFailed(trouble);
            }
            case VOIDING -> {
                releaseLater(0);
                return taking.refused(LockRefusal.HELD, null);
            }
            default -> {
                releaseLater(policy.atLeastMicros());
                lost();
                return taking.released(true);
            }
        }
    }

    @Override
    public long heldForMicros() {
        return heldForMicros;
    }

    @Override
    public void lost() {
        if (withdrawn.compareAndSet(false, true)) {
            keys.forEach(environment.lines()::released);
        }
    }

    @Override
    public Move release(List<Hold> holds) {
        step = Step.RELEASING;
        return releaseAll(policy.atLeastMicros());
    }

    private Move releaseAll(long atLeastMicros) {
        return new Move.AskEach(store, steps(key -> release(key, atLeastMicros)));
    }

    private LockRelease release(StoreKey key, long atLeastMicros) {
        return new LockRelease(
                owner,
                LockMode.EXCLUSIVE,
                LockQueue.BARGING,
                policy.retentionMicros(store),
                atLeastMicros,
                LockPlace.KEEP,
                false,
                key.fingerprint());
    }

    private void releaseLater(long atLeastMicros) {
        for (StoreKey key : keys) {
            environment.owed().release(store, key, release(key, atLeastMicros), policy.spanMicros());
        }
    }

    private Move afterRelease(List<?> answers, boolean held) {
        boolean known = true;
        boolean allDone = true;
        lost();
        for (int i = 0; i < keys.size(); i++) {
            StoreKey key = keys.get(i);
            if (answers.get(i) instanceof StepResult.Done<?> done) {
                LockReleased released = (LockReleased) done.result();
                known &= released.released();
                if (released.wokenSelf()) {
                    environment.lines().wake(key);
                }
                if (released.namesAnother()) {
                    environment
                            .lines()
                            .letOthersBefore(
                                    key.fingerprint(), environment.clock().nanos());
                }
            } else {
                allDone = false;
                environment
                        .owed()
                        .release(store, key, release(key, held ? policy.atLeastMicros() : 0), policy.spanMicros());
            }
        }
        if (held) {
            return taking.released(known);
        }
        return allDone && !wait.isOneTry() ? pause() : taking.refused(LockRefusal.HELD, null);
    }

    /** The operation on one of the keys. */
    private interface StepOf {
        Operation<?> on(StoreKey key);
    }
}
