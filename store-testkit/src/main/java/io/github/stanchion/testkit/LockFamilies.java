package io.github.stanchion.testkit;

import io.github.stanchion.lock.LockAcquire;
import io.github.stanchion.lock.LockAnswer;
import io.github.stanchion.lock.LockBreak;
import io.github.stanchion.lock.LockInspect;
import io.github.stanchion.lock.LockMode;
import io.github.stanchion.lock.LockOwner;
import io.github.stanchion.lock.LockPlace;
import io.github.stanchion.lock.LockQueue;
import io.github.stanchion.lock.LockRelease;
import io.github.stanchion.lock.LockRenew;
import io.github.stanchion.lock.LockReport;
import io.github.stanchion.store.Exact;
import io.github.stanchion.store.Operation;
import io.github.stanchion.store.StoreKey;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;

/**
 * The operations of one lock, as nodes send them that take it, wait for it, renew it, give it back or give up.
 *
 * <p>For the walks of {@link TwinContract} over native forms, and of {@link OperationContract}.
 */
public final class LockFamilies {

    private static final long SECOND = 1_000_000;
    private static final long LONGEST = 366L * 24 * 3_600 * SECOND;

    private LockFamilies() {}

    /** A few nodes that come and go; in one walk of four more of them queue up than there are places in line. */
    public static OperationFamily locks(Random random) {
        return new Locks(random, random.nextInt(4) == 0);
    }

    /** What a twin replies with: the result's numbers, flags as 1 or 0, a mode by its number. */
    public static long[] reply(Object result) {
        return result instanceof LockReport report
                ? new long[] {
                    report.mine() ? 1 : 0,
                    report.mode().number(),
                    report.token(),
                    report.remainingMicros(),
                    report.holderNode(),
                    report.waiters()
                }
                : RateFamilies.reply(result);
    }

    private static final class Locks implements OperationFamily {
        private final Random random;
        private final boolean crowded;
        private final long nodes;
        private final long firstNode;
        private final long retention;
        private final Map<Long, Long> since = new HashMap<>();
        private LockOwner holder;
        private long lastNode;
        private long token;

        Locks(Random random, boolean crowded) {
            this.random = random;
            this.crowded = crowded;
            this.nodes = crowded ? 80 : 2 + random.nextInt(5);
            this.firstNode = random.nextBoolean() ? 1 : Exact.MAX - nodes;
            this.retention = 3 * SECOND + random.nextInt(2) * RateFamilies.logUniform(random, LONGEST - 3 * SECOND);
            this.holder = owner(node());
        }

        @Override
        public Operation<?> next() {
            if (crowded && random.nextInt(20) > 0) {
                lastNode = (lastNode + 1) % nodes;
                return acquire(owner(firstNode + lastNode), 60 * SECOND, true);
            }
            return switch (random.nextInt(10)) {
                case 0 -> random.nextInt(3) > 0 ? inspect() : breaking();
                case 1, 2 -> renew(mostlyHolder());
                case 3, 4, 5 -> release(mostlyHolder());
                default -> acquire(random.nextInt(8) == 0 ? holder : owner(node()), span(), random.nextInt(3) > 0);
            };
        }

        private LockInspect inspect() {
            return new LockInspect(random.nextInt(4) == 0 ? LockOwner.NOBODY : mostlyHolder());
        }

        private LockBreak breaking() {
            long grant = random.nextInt(3) > 0 ? token : random.nextLong(Exact.MAX + 1);
            return new LockBreak(node(), random.nextBoolean() ? 0 : grant, retention, subject());
        }

        private long node() {
            return firstNode + random.nextLong(nodes);
        }

        private LockOwner owner(long node) {
            return new LockOwner(node, random.nextInt(20) == 0 ? Exact.MAX : 1 + random.nextInt(2));
        }

        private LockOwner mostlyHolder() {
            return random.nextInt(3) > 0 ? holder : owner(node());
        }

        private long span() {
            return Math.max(1_000, RateFamilies.logUniform(random, random.nextInt(8) == 0 ? LONGEST : 60 * SECOND));
        }

        private LockAcquire acquire(LockOwner owner, long span, boolean enqueue) {
            return new LockAcquire(
                    owner,
                    LockMode.EXCLUSIVE,
                    LockQueue.BARGING,
                    retention,
                    span,
                    since(owner.node()),
                    enqueue,
                    random.nextInt(4) == 0,
                    subject());
        }

        private long since(long node) {
            return switch (random.nextInt(8)) {
                case 0 -> random.nextLong(Exact.MAX + 1);
                case 1 -> since.getOrDefault(node(), 0L);
                case 2, 3 -> 0;
                default -> since.getOrDefault(node, 0L);
            };
        }

        private long subject() {
            return random.nextLong() & StoreKey.MOST_FINGERPRINT;
        }

        private LockRenew renew(LockOwner owner) {
            return new LockRenew(owner, LockMode.EXCLUSIVE, LockQueue.BARGING, retention, span());
        }

        private LockRelease release(LockOwner owner) {
            LockPlace[] places = LockPlace.values();
            return new LockRelease(
                    owner,
                    LockMode.EXCLUSIVE,
                    LockQueue.BARGING,
                    retention,
                    random.nextInt(3) > 0 ? 0 : span(),
                    places[random.nextInt(places.length)],
                    random.nextInt(4) == 0,
                    subject());
        }

        @Override
        public void answered(Operation<?> operation, Object result) {
            if (operation instanceof LockAcquire acquire && result instanceof LockAnswer answer) {
                if (answer.granted()) {
                    holder = acquire.owner();
                    token = answer.token();
                }
                if (answer.since() > 0) {
                    since.put(acquire.owner().node(), answer.since());
                }
            }
        }
    }
}
