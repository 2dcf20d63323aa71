package io.github.stanchion.lock;

import io.github.stanchion.lock.LockEvent.LeaseDoubt;
import io.github.stanchion.lock.LockEvent.RenewalOutcome;
import io.github.stanchion.store.AtomicStore;
import io.github.stanchion.store.KeyedOperation;
import io.github.stanchion.store.StepResult;
import io.github.stanchion.store.StoreKey;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Renews all leases of this process in time, and notices those that are lost.
 *
 * <p>Thread-safe. While anything is held it looks every twelfth of the shortest lease, 25 to 250 ms, and sends what is due
 * together, without waiting. A lease is renewed every third of its length, after an error every twelfth, until its deadline:
 * then it is lost, whatever the store says later. No trouble ends the looking.
 */
final class LeaseKeeper {

    private static final Logger LOG = System.getLogger(LeaseKeeper.class.getName());
    private static final long SHORTEST_TICK = 25_000;
    private static final long LONGEST_TICK = 250_000;
    private static final long LONG_HOLD_NANOS = Duration.ofMinutes(10).toNanos();

    private final LeaseClock clock;
    private final LeaseTimer timer;
    private final Set<Hold> holds = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean ticking = new AtomicBoolean();
    private final AtomicLong generation = new AtomicLong();
    private volatile long tickMicros = LONGEST_TICK;
    private volatile long lastNanos;
    private volatile long lastWallMillis;

    LeaseKeeper(LeaseClock clock, LeaseTimer timer) {
        this.clock = clock;
        this.timer = timer;
    }

    /** How many locks are held. */
    int holding() {
        return holds.size();
    }

    List<Hold> holds() {
        return List.copyOf(holds);
    }

    void keep(Hold hold) {
        holds.add(hold);
        long wanted = tick(hold);
        boolean first = ticking.compareAndSet(false, true);
        if (first) {
            look();
        }
        if (first || wanted < tickMicros) {
            tickMicros = wanted;
            tickLater();
        }
    }

    /** No renewal is sent from now on; one that is under way changes nothing any more. */
    void forget(Hold hold) {
        holds.remove(hold);
    }

    private static long tick(Hold hold) {
        return Math.max(SHORTEST_TICK, Math.min(LONGEST_TICK, hold.lease().leaseMicros() / 12));
    }

    private void look() {
        lastNanos = clock.nanos();
        lastWallMillis = clock.wallMillis();
    }

    /** In place of the tick that is on its way, if one is. */
    private void tickLater() {
        long mine = generation.incrementAndGet();
        timer.after(tickMicros, () -> {
            if (generation.get() == mine) {
                tick();
            }
        });
    }

    private void tick() {
        renewDue();
        if (holds.isEmpty()) {
            tickMicros = LONGEST_TICK;
            ticking.set(false);
            // Somebody may have come who still saw this looking.
            if (holds.isEmpty() || !ticking.compareAndSet(false, true)) {
                return;
            }
        }
        tickLater();
    }

    private void renewDue() {
        try {
            long shortest = LONGEST_TICK;
            long now = clock.nanos();
            boolean suspended = wasSuspended(now);
            IdentityHashMap<AtomicStore, List<Hold>> due = new IdentityHashMap<>();
            for (Hold hold : holds) {
                shortest = Math.min(shortest, tick(hold));
                if (isDue(hold, now, suspended)) {
                    due.computeIfAbsent(hold.store(), any -> new ArrayList<>()).add(hold);
                }
            }
            tickMicros = shortest;
            look();
            due.forEach(this::renew);
        } catch (RuntimeException | LinkageError trouble) {
            LOG.log(Level.ERROR, "Leases could not be looked at; they are at the next time", trouble);
        }
    }

    /** Whether the machine stood still, which the monotonic clock may not show. */
    private boolean wasSuspended(long now) {
        long slept = (clock.wallMillis() - lastWallMillis) - (now - lastNanos) / 1_000_000;
        return slept > LONGEST_TICK / 1_000;
    }

    private boolean isDue(Hold hold, long now, boolean suspended) {
        Lease lease = hold.lease();
        LockPolicy policy = lease.policy();
        long age = now - hold.acquiredNanos();
        if (now - hold.deadlineNanos() >= 0) {
            lose(hold, LeaseLoss.EXPIRED);
            return false;
        }
        if (age / 1_000 >= policy.maxHoldMicros()) {
            lose(hold, LeaseLoss.MAX_HOLD);
            return false;
        }
        if (age >= LONG_HOLD_NANOS && !hold.isLongHoldTold()) {
            hold.longHoldTold();
            LOG.log(
                    Level.WARNING,
                    () -> "Lock '" + lease.name() + "' is held for ten minutes and longer; if that is too"
                            + " long set stanchion.locks." + lease.name() + ".max-hold");
            lease.tell(new LockEvent.LongHold(lease.name(), Duration.ofNanos(age)));
        }
        if (!policy.renews()) {
            return suspended && !hold.isRenewing();
        }
        long third = lease.leaseMicros() * 1_000 / 3;
        if (hold.deadlineNanos() - now < third && hold.suspect()) {
            lease.tell(new LockEvent.Suspect(lease.name(), LeaseDoubt.BEGUN));
        }
        long half = tickMicros * 1_000 / 2;
        return !hold.isRenewing() && (suspended || hold.nextRenewalNanos() - now <= half);
    }

    /** Somebody has taken this grant away. */
    void broken(StoreKey key, long token) {
        for (Hold hold : holds) {
            if (hold.token() == token && hold.key().equals(key)) {
                lose(hold, LeaseLoss.STOLEN);
            }
        }
    }

    private void lose(Hold hold, LeaseLoss reason) {
        holds.remove(hold);
        hold.lose(reason);
    }

    private void renew(AtomicStore store, List<Hold> due) {
        long sent = clock.nanos();
        List<KeyedOperation<?>> steps = new ArrayList<>(due.size());
        for (Hold hold : due) {
            hold.renewing(true);
            steps.add(new KeyedOperation<>(hold.key(), renewal(hold)));
        }
        CompletionStage<List<StepResult<?>>> asking;
        try {
            asking = store.executeEachAsync(steps);
        } catch (RuntimeException trouble) {
            due.forEach(hold -> failed(hold, sent, trouble));
            return;
        }
        CompletionStage<?> unused = asking.whenComplete((results, trouble) -> {
            for (int i = 0; i < due.size(); i++) {
                if (results == null) {
                    failed(due.get(i), sent, trouble);
                } else {
                    answered(due.get(i), sent, results.get(i));
                }
            }
        });
    }

    private static LockRenew renewal(Hold hold) {
        LockPolicy policy = hold.lease().policy();
        long leaseMicros = hold.lease().leaseMicros();
        // One that is never renewed is asked about all the same.
        long span = policy.renews()
                ? leaseMicros + Math.max(policy.graceMicros(), leaseMicros / 10)
                : LockArguments.SHORTEST_SPAN_MICROS;
        return new LockRenew(
                hold.owner(), LockMode.EXCLUSIVE, LockQueue.BARGING, policy.retentionMicros(hold.store()), span);
    }

    private void answered(Hold hold, long sent, StepResult<?> result) {
        if (result instanceof StepResult.Failed<?> failure) {
            failed(hold, sent, failure.error());
        } else {
            boolean unused = judge(hold, sent, (LockRenewal) result.get());
        }
    }

    private boolean judge(Hold hold, long sent, LockRenewal renewal) {
        hold.renewing(false);
        Lease lease = hold.lease();
        if (renewal.held()) {
            if (hold.lease().policy().renews() && hold.renewed(sent, lease.leaseMicros())) {
                lease.tell(new LockEvent.Suspect(lease.name(), LeaseDoubt.OVER));
            }
            lease.tell(new LockEvent.Renewed(lease.name(), RenewalOutcome.HELD));
            return true;
        }
        if (holds.contains(hold)) {
            lease.tell(new LockEvent.Renewed(lease.name(), RenewalOutcome.LOST));
            lose(hold, renewal.token() == 0 ? LeaseLoss.STORE_LOST : LeaseLoss.STOLEN);
        }
        return false;
    }

    private void failed(Hold hold, long sent, @Nullable Throwable trouble) {
        hold.renewing(false);
        hold.renewAt(sent + hold.lease().leaseMicros() * 1_000 / 12);
        hold.lease().tell(new LockEvent.Renewed(hold.lease().name(), RenewalOutcome.FAILED));
        LOG.log(Level.DEBUG, "A lease could not be renewed; that is tried again", trouble);
    }

    /**
     * Renews one lease and waits for the answer.
     *
     * @return whether it is held
     * @throws io.github.stanchion.store.StoreException if the store cannot say
     */
    boolean renewNow(Hold hold) {
        long sent = clock.nanos();
        return judge(hold, sent, hold.store().execute(hold.key(), renewal(hold)));
    }
}
