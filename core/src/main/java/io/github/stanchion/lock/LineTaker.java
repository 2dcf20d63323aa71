package io.github.stanchion.lock;

import io.github.stanchion.guard.Move;
import io.github.stanchion.lock.LockLines.Departure;
import io.github.stanchion.store.AtomicStore;
import io.github.stanchion.store.StoreException;
import io.github.stanchion.store.StoreKey;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Takes one lock: queues in this process, asks the store once first in line, and waits to be woken.
 *
 * <p>A timer lies under every wait, so that a lost wake-up, a dead waiter or a crashed holder costs time and nothing else. One
 * deadline holds for all of it.
 */
final class LineTaker implements LockTaker {

    private enum Step {
        QUEUED,
        YIELDING,
        ASKING,
        WAITING,
        RETRYING,
        LEAVING,
        VOIDING,
        RELEASING,
        PASSING_ON
    }

    private final LockEnvironment environment;
    private final LockPolicy policy;
    private final AtomicStore store;
    private final StoreKey key;
    private final long lock;
    private final Taking taking;
    private final LockWait wait;
    private final WaitTimer timer;
    private final boolean wakingAll;
    private Step step = Step.QUEUED;
    private LockLines.@Nullable Ticket ticket;
    private @Nullable LockOwner owner;
    private LockRefusal refusal = LockRefusal.HELD;
    private long since;
    private long sentNanos;
    private long heldForMicros;
    private boolean uncertain;
    private boolean joined;
    private boolean known;
    private final AtomicBoolean withdrawn = new AtomicBoolean(true);
    private @Nullable StoreException lastTrouble;

    LineTaker(
            LockEnvironment environment,
            LockPolicy policy,
            AtomicStore store,
            StoreKey key,
            LockWait wait,
            Taking taking) {
        this.environment = environment;
        this.policy = policy;
        this.store = store;
        this.key = key;
        this.lock = key.fingerprint();
        this.wait = wait;
        this.taking = taking;
        this.timer = new WaitTimer(environment);
        this.wakingAll = policy.isSingleFlight();
    }

    private LockLines lines() {
        return environment.lines();
    }

    @Override
    public Move begin() {
        if (wait.isOneTry()) {
            return lines().isHeld(key) ? taking.refused(LockRefusal.HELD, null) : ask();
        }
        LockLines.Ticket mine = lines().join(key, lock, policy.maxWaiters());
        ticket = mine;
        if (mine == null) {
            return taking.refused(LockRefusal.TOO_MANY_WAITERS, null);
        }
        if (mine.isFirst()) {
            Move first = letOthersBefore();
            return first == null ? ask() : first;
        }
        step = Step.QUEUED;
        return new Move.Pause(wait.leftMicros(), mine.turn());
    }

    /** Waits until those that a release of this process has named have had the time to come; null if there is no need to. */
    private @Nullable Move letOthersBefore() {
        long micros = lines().othersBeforeMicros(lock, environment.clock().nanos());
        if (micros <= 0 || micros >= wait.leftMicros()) {
            return null;
        }
        step = Step.YIELDING;
        return new Move.Pause(micros, ticket().wakeUp());
    }

    private Move ask() {
        LockLines.Ticket mine = ticket;
        if (mine != null) {
            lines().arm(mine);
            boolean unused = mine.takeWoken();
        }
        if (owner == null) {
            owner = environment.owners().next();
        }
        step = Step.ASKING;
        sentNanos = environment.clock().nanos();
        return Move.ask(
                store,
                key,
                new LockAcquire(
                        owner,
                        LockMode.EXCLUSIVE,
                        LockQueue.BARGING,
                        policy.retentionMicros(store),
                        policy.spanMicros(),
                        since,
                        mine != null,
                        !wakingAll && lines().hasOthers(key, mine),
                        lock));
    }

    @Override
    public Move answered(Object answer) {
        return switch (step) {
            case ASKING -> judge((LockAnswer) answer);
            case LEAVING -> afterLeaving((LockReleased) answer);
            case VOIDING -> afterVoiding((LockReleased) answer);
            case RELEASING -> afterRelease((LockReleased) answer);
            case PASSING_ON -> afterPassingOn((LockReleased) answer);
            default -> throw new IllegalStateException("Nothing was asked in step " + step);
        };
    }

    private Move judge(LockAnswer answer) {
        uncertain = false;
        if (answer.granted()) {
            return granted(answer.token());
        }
        since = answer.since();
        heldForMicros = answer.remainingMicros();
        if (wait.isOneTry()) {
            return taking.refused(LockRefusal.HELD, null);
        }
        environment.wakeUps().listen();
        return waitFor(answer.remainingMicros());
    }

    private Move granted(long token) {
        long now = environment.clock().nanos();
        Hold hold = new Hold(store, key, owner(), token, sentNanos, policy.leaseMicros());
        if (!hold.isHeld(now) || wait.isLongOver()) {
            // It came too late to be of use: nobody may believe in it.
            step = Step.VOIDING;
            return releaseFrom(mayAskAgain() ? LockPlace.KEEP : placeAfter(), 0);
        }
        lines().acquired(key);
        withdrawn.set(false);
        return taking.taken(List.of(hold));
    }

    private boolean mayAskAgain() {
        return ticket != null && wait.leftMicros() > 0;
    }

    private Move waitFor(long remainingMicros) {
        long left = wait.leftMicros();
        if (left <= 0) {
            return giveUp(LockRefusal.HELD);
        }
        step = Step.WAITING;
        long pause = Math.min(timer.inLine(remainingMicros), left);
        return new Move.Pause(Math.max(1, pause), ticket().wakeUp());
    }

    @Override
    public Move paused() {
        if (step == Step.QUEUED) {
            if (!ticket().isFirst() || wait.leftMicros() <= 0) {
                return giveUp(LockRefusal.HELD);
            }
            if (ticket().isBehind() && environment.wakeUps().areHeard()) {
                // This process has had the lock and stands in the store's line: the others come first.
                return waitFor(WaitTimer.LONGEST_MICROS);
            }
            Move first = letOthersBefore();
            return first == null ? askAfterAnother() : first;
        }
        if (step == Step.YIELDING) {
            return askAfterAnother();
        }
        boolean called = step == Step.WAITING && ticket().wakeUp().isDone();
        if (wait.leftMicros() <= 0 && !called) {
            return step == Step.RETRYING ? fail() : giveUp(LockRefusal.HELD);
        }
        return called ? askAfterAnother() : ask();
    }

    /** Another call, of this process or of another one, has had the lock. */
    private Move askAfterAnother() {
        Move first = taking.beforeAskingAgain();
        return first == null ? ask() : first;
    }

    /** Goes on after what was to be done before. */
    Move askAgain() {
        return ask();
    }

    @Override
    public Move abandoned() {
        return giveUp(LockRefusal.INTERRUPTED);
    }

    /** Leaves the line, and the store's too if nobody of this process is in it any more; who was woken passes it on. */
    Move giveUp(LockRefusal reason) {
        refusal = reason;
        LockLines.Ticket mine = ticket;
        Departure departure = leaveLine(false);
        // Whoever comes next in this process asks at once: it keeps the place, and makes use of a wake-up.
        boolean keepsPlace =
                departure == Departure.LAST && (since != 0 || mine != null && (mine.takeWoken() || mine.isBehind()));
        if (!uncertain && !keepsPlace) {
            return taking.refused(reason, null);
        }
        step = Step.LEAVING;
        return releaseFrom(placeOf(departure), 0);
    }

    /** Leaves without the lock, having been called out of the store's line. */
    void leaveServed() {
        Departure unused = leaveLine(false);
    }

    private Departure leaveLine(boolean behind) {
        LockLines.Ticket mine = ticket;
        if (mine == null) {
            return Departure.FROM_BEHIND;
        }
        ticket = null;
        return lines().leave(mine, behind);
    }

    @Override
    public long heldForMicros() {
        return heldForMicros;
    }

    @Override
    public void lost() {
        Departure unused = withdraw(false);
    }

    /** Holds up nobody of this process any more, whether the body has ended or lost its lock before. */
    private Departure withdraw(boolean behind) {
        if (!withdrawn.compareAndSet(false, true)) {
            return Departure.FROM_BEHIND;
        }
        lines().released(key);
        LockLines.Ticket mine = ticket;
        return mine == null ? Departure.FROM_BEHIND : lines().leave(mine, behind);
    }

    /** What becomes of this process's place in the store's line once the call is out of its own. */
    private static LockPlace placeOf(Departure departure) {
        return departure == Departure.LAST ? LockPlace.LEAVE : LockPlace.KEEP;
    }

    /** The same with the call still in its line, having the lock. Who never queued has no place to see to. */
    private LockPlace placeAfter() {
        if (ticket == null) {
            return LockPlace.KEEP;
        }
        if (step == Step.RELEASING && withdrawn.get()) {
            // Whoever of this process has come meanwhile has a place of its own.
            return lines().hasOthers(key, ticket) ? LockPlace.KEEP : LockPlace.LEAVE;
        }
        joined = !wakingAll && lines().hasOthers(key, ticket);
        return joined ? LockPlace.JOIN : LockPlace.LEAVE;
    }

    private Move afterLeaving(LockReleased answer) {
        wakeSelf(answer);
        return taking.refused(refusal, null);
    }

    private Move afterVoiding(LockReleased answer) {
        if (mayAskAgain()) {
            owner = environment.owners().next();
            return ask();
        }
        refusal = LockRefusal.HELD;
        if (leavesNobodyInPlace(leaveLine(standsBehind(answer)), answer)) {
            step = Step.LEAVING;
            return releaseFrom(LockPlace.LEAVE, 0);
        }
        return afterLeaving(answer);
    }

    private boolean standsBehind(LockReleased answer) {
        return joined && answer.namesAnother();
    }

    /** Whether the process stands in the store's line, or was called out of it, and no call of its own is there for it. */
    private boolean leavesNobodyInPlace(Departure departure, LockReleased answer) {
        return departure == Departure.LAST && (answer.wokenSelf() || joined);
    }

    private void wakeSelf(LockReleased answer) {
        if (answer.wokenSelf()) {
            lines().wake(key);
        }
    }

    @Override
    public Move failed(StoreException trouble) {
        return switch (step) {
            case ASKING -> askingFailed(trouble);
            case LEAVING -> {
                releaseLater(LockPlace.LEAVE, 0);
                yield taking.refused(refusal, null);
            }
            case VOIDING -> {
                releaseLater(placeOf(leaveLine(false)), 0);
                yield taking.refused(LockRefusal.HELD, null);
            }
            case RELEASING -> {
                releaseLater(placeOf(withdraw(false)), policy.atLeastMicros());
                yield taking.released(true);
            }
            case PASSING_ON -> {
                releaseLater(LockPlace.LEAVE, 0);
                yield taking.released(known);
            }
            default -> throw trouble;
        };
    }

    /** The same owner asks again where the answer may be lost, so that a grant that went astray is found. */
    private Move askingFailed(StoreException trouble) {
        uncertain |= trouble.outcomeUnknown();
        lastTrouble = trouble;
        long left = wait.leftMicros();
        if (!trouble.outcomeUnknown() || wait.isOneTry() || left <= 0) {
            return fail();
        }
        step = Step.RETRYING;
        return new Move.Pause(Math.min(timer.retry(), left));
    }

    private Move fail() {
        Departure departure = leaveLine(false);
        if (uncertain || departure == Departure.LAST && since != 0) {
            releaseLater(placeOf(departure), 0);
        }
        return taking.storeFailed(Objects.requireNonNull(lastTrouble));
    }

    @Override
    public Move release(List<Hold> holds) {
        step = Step.RELEASING;
        return releaseFrom(placeAfter(), policy.atLeastMicros());
    }

    private Move afterRelease(LockReleased answer) {
        known = answer.released();
        if (answer.namesAnother()) {
            lines().letOthersBefore(lock, environment.clock().nanos());
        }
        if (leavesNobodyInPlace(withdraw(standsBehind(answer)), answer)) {
            step = Step.PASSING_ON;
            return releaseFrom(LockPlace.LEAVE, 0);
        }
        return afterPassingOn(answer);
    }

    private Move afterPassingOn(LockReleased answer) {
        wakeSelf(answer);
        return taking.released(known);
    }

    private Move releaseFrom(LockPlace place, long atLeastMicros) {
        return Move.ask(store, key, release(place, atLeastMicros));
    }

    private LockRelease release(LockPlace place, long atLeastMicros) {
        return new LockRelease(
                owner(),
                LockMode.EXCLUSIVE,
                LockQueue.BARGING,
                policy.retentionMicros(store),
                atLeastMicros,
                place,
                wakingAll,
                lock);
    }

    private void releaseLater(LockPlace place, long atLeastMicros) {
        environment.owed().release(store, key, release(place, atLeastMicros), policy.spanMicros());
    }

    private LockOwner owner() {
        if (owner == null) {
            owner = environment.owners().next();
        }
        return owner;
    }

    private LockLines.Ticket ticket() {
        LockLines.Ticket mine = ticket;
        if (mine == null) {
            throw new IllegalStateException("This call is in no line");
        }
        return mine;
    }
}
