package io.github.stanchion.memory;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.stanchion.limit.Bandwidth;
import io.github.stanchion.limit.BucketShape;
import io.github.stanchion.limit.RateBucket;
import io.github.stanchion.limit.RateBucketSettle;
import io.github.stanchion.limit.RateReply;
import io.github.stanchion.store.Cells;
import io.github.stanchion.store.Counter;
import io.github.stanchion.store.KeySpace;
import io.github.stanchion.store.MicroClock;
import io.github.stanchion.store.StoreKey;
import io.github.stanchion.testkit.Together;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Random;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The bucket in one word decides as the operation does. */
class BucketWordTest {

    private static final long[] PERIODS = {
        1_000, 7_000, 1_000_000, 1_234_567, 60_000_000, 3_600_000_000L, 86_400_000_000L, 31_622_400_000_000L
    };

    private static final int CALLS = 1_000_000;

    @Test
    void walksAgreeWithTheOperationInReplyStateAndEnd() {
        int inWord = 0;
        for (long seed = 1; inWord < 200_000; seed++) {
            try (Walk walk = new Walk("seed " + seed)) {
                walk(walk, new Random(seed));
                inWord += walk.stepsInWord();
            }
        }
    }

    private static void walk(Walk walk, Random random) {
        BucketShape shape = shape(random);
        long maxWait = random.nextBoolean() ? 0 : random.nextInt(2_000_000);
        long maxDebt = 0;
        for (int i = 0; i < 200; i++) {
            if (random.nextInt(60) == 0) {
                shape = shape(random);
            }
            if (random.nextInt(30) == 0) {
                maxWait = random.nextBoolean() ? 0 : random.nextInt(2_000_000);
                maxDebt = random.nextBoolean() ? 0 : random.nextInt(3);
            }
            if (!countable(shape, maxWait, maxDebt)) {
                shape = BucketShape.of(new Bandwidth(1 + random.nextInt(5), 1 + random.nextInt(5), 1_000_000));
                maxWait = 0;
                maxDebt = 0;
            }
            long least = shape.leastCapacity();
            long min = random.nextInt(10) == 0 ? 0 : 1 + (long) (random.nextDouble() * Math.min(least, 5) * 0.99);
            long want = random.nextInt(5) == 0 ? min + random.nextInt(20) : min;
            RateBucket bucket = new RateBucket(min, want, maxWait, maxDebt, shape);
            long wait = 0;
            switch (random.nextInt(14)) {
                case 0 -> walk.step(new RateBucketSettle(random.nextInt(9) - 4, maxWait, maxDebt, shape));
                case 1 -> walk.stepJointly(bucket);
                case 2 -> walk.step(new RateBucket(0, 0, maxWait, maxDebt, shape));
                case 3 -> {
                    if (random.nextInt(6) == 0) {
                        walk.step(new Write(foreign(walk, random), random.nextInt(1_000_000)));
                    }
                }
                default -> wait = walk.step(bucket).waitMicros();
            }
            move(walk.clock, random, wait, shape.first());
        }
    }

    private static Cells foreign(Walk walk, Random random) {
        long now = walk.clock.micros() - RateBucket.EPOCH_MICROS;
        return switch (random.nextInt(3)) {
            case 0 -> null;
            case 1 -> Cells.of(now - random.nextInt(1_000_000));
            default -> Cells.of(now - random.nextInt(1_000_000), random.nextInt(5), 5 + random.nextInt(5));
        };
    }

    private static void move(TestClock clock, Random random, long wait, Bandwidth bandwidth) {
        clock.advance(
                switch (random.nextInt(20)) {
                    case 0 -> -(long) random.nextInt(1_000_000);
                    case 1 -> random.nextInt(3) == 0 ? -3_600_000_000L : -1_000_000;
                    case 2, 3, 4 -> brief(wait);
                    case 5 -> brief(Math.max(0, wait - 1));
                    case 6 -> brief(bandwidth.untilFull(0));
                    case 7 -> brief(bandwidth.untilFull(0) - 1);
                    case 8, 9 -> (long) (random.nextDouble() * bandwidth.periodMicros() / bandwidth.refill());
                    case 10 -> 1;
                    default -> 0;
                });
    }

    /** At most four months, so that a walk ends in this century. */
    private static long brief(long micros) {
        return Math.min(micros, 10_000_000_000_000L);
    }

    private static BucketShape shape(Random random) {
        int size = random.nextInt(12) == 0 ? 2 : 1;
        return BucketShape.of(IntStream.range(0, size)
                .mapToObj(i -> {
                    long refill = 1L + random.nextInt(random.nextBoolean() ? 20 : 1_000_000);
                    long capacity = random.nextBoolean() ? refill : 1L + random.nextInt(100);
                    return new Bandwidth(capacity, refill, PERIODS[random.nextInt(PERIODS.length)]);
                })
                .toList());
    }

    private static boolean countable(BucketShape shape, long maxWait, long maxDebt) {
        try {
            shape.requireCountable(maxWait, maxDebt);
            return true;
        } catch (IllegalArgumentException tooFine) {
            return false;
        }
    }

    @Test
    void threadsTakeExactlyWhatThereIs() throws Exception {
        TestClock clock = new TestClock();
        try (MemoryStore store = MemoryStore.builder().clock(clock).build()) {
            StoreKey key = KeySpace.of("test", "rate-bucket", "threads").key("hot");
            RateBucket bucket = bucket(1_000);
            RateBucketSettle back = bucket.settle(-1);
            List<Long> admitted = Together.run(16, thread -> IntStream.range(0, 500)
                    .filter(i -> store.execute(key, bucket).admitted())
                    .count());
            assertThat(admitted.stream().mapToLong(n -> n).sum()).isEqualTo(1_000);
            // Giving back runs the operation on cells, between compare-and-sets of others.
            List<Long> net = Together.run(16, thread -> {
                long count = 0;
                for (int i = 0; i < 2_000; i++) {
                    if (thread % 4 == 0) {
                        count -= store.execute(key, back).returned();
                    } else {
                        count += store.execute(key, bucket).taken();
                    }
                }
                return count;
            });
            RateBucket look = new RateBucket(0, 0, 0, 0, bucket.shape());
            assertThat(net.stream().mapToLong(n -> n).sum())
                    .isEqualTo(-store.execute(key, look).remaining());
        }
    }

    private static RateBucket bucket(long permits) {
        return new RateBucket(1, 1, 0, 0, BucketShape.of(new Bandwidth(permits, permits, 3_600_000_000L)));
    }

    @Test
    void aReloadedLimitReturnsToTheWord() {
        TestClock clock = new TestClock();
        try (MemoryStore store = MemoryStore.builder().clock(clock).build()) {
            StoreKey key = KeySpace.of("test", "rate-bucket", "reload").key("a");
            for (long permits : new long[] {10, 100, 5, 100}) {
                assertThat(store.execute(key, bucket(permits)).admitted()).isTrue();
                assertThat(store.slot(key).state()).isGreaterThan(Slot.DEAD);
                assertThat(store.stats().keys()).isEqualTo(1);
            }
            store.execute(key, new Write(new Counter(1, 0), 0));
            assertThat(store.execute(key, new Look())).contains(new Counter(1, 0));
        }
    }

    @Test
    void manyMoreThreadsThanProcessorsTakeExactlyWhatThereIs() {
        try (MemoryStore store = MemoryStore.builder().clock(new TestClock()).build()) {
            StoreKey key = KeySpace.of("test", "rate-bucket", "threads").key("crowd");
            RateBucket bucket = bucket(100_000);
            List<Long> admitted = Together.run(64, thread -> IntStream.range(0, 2_000)
                    .filter(i -> store.execute(key, bucket).admitted())
                    .count());
            assertThat(admitted.stream().mapToLong(n -> n).sum()).isEqualTo(100_000);
            assertThat(store.slot(key).state()).isGreaterThan(Slot.DEAD);
        }
    }

    @Test
    void aDecisionInTheWordAllocatesNothing() {
        TestClock clock = new TestClock();
        try (MemoryStore store = MemoryStore.builder().clock(clock).build()) {
            RateBucket generous = bucket(1_000_000_000);
            RateBucket strict = bucket(1);
            Slot granting = slotAfterOne(store, "granted", generous);
            Slot denying = slotAfterOne(store, "denied", strict);
            // Less than a thousand bytes of two million decisions: measuring itself takes some hundred.
            assertThat(leastAllocated(() -> charge(granting, generous, clock) + charge(denying, strict, clock)))
                    .isLessThan(1_000);
        }
    }

    private static long charge(Slot slot, RateBucket bucket, MicroClock clock) {
        long decided = 0;
        for (int i = 0; i < CALLS; i++) {
            decided += BucketWord.charge(slot, bucket, bucket.shape().first(), clock) != BucketWord.NOT_HERE ? 1 : 0;
        }
        return decided;
    }

    private static Slot slotAfterOne(MemoryStore store, String name, RateBucket bucket) {
        StoreKey key = KeySpace.of("test", "rate-bucket", name).key("a");
        assertThat(store.execute(key, bucket).admitted()).isTrue();
        return store.slot(key);
    }

    @Test
    void aReplyTakesFiftySixBytesAtMost() {
        try (MemoryStore store = MemoryStore.create()) {
            StoreKey granted = KeySpace.of("test", "rate-bucket", "granted").key("a");
            StoreKey denied = KeySpace.of("test", "rate-bucket", "denied").key("a");
            RateBucket generous = bucket(1_000_000_000);
            RateBucket strict = bucket(1);
            assertThat(store.execute(denied, strict).admitted()).isTrue();
            // 56 bytes, or none where the compiler has inlined the decision: which of the two depends on its order of
            // work.
            assertThat(leastAllocated(() -> count(store, granted, generous) + CALLS - count(store, denied, strict)))
                    .isLessThanOrEqualTo(2L * CALLS * 56 + 20_000);
        }
    }

    /** What as many calls of two kinds allocate, the best of ten times. */
    private static long leastAllocated(LongSupplier calls) {
        com.sun.management.ThreadMXBean threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        long best = Long.MAX_VALUE;
        for (int round = 0; round < 10; round++) {
            long before = threads.getCurrentThreadAllocatedBytes();
            long done = calls.getAsLong();
            best = Math.min(best, threads.getCurrentThreadAllocatedBytes() - before);
            assertThat(done).isEqualTo(2L * CALLS);
        }
        return best;
    }

    private static long count(MemoryStore store, StoreKey key, RateBucket bucket) {
        long admitted = 0;
        for (int i = 0; i < CALLS; i++) {
            RateReply reply = store.execute(key, bucket);
            if (reply.admitted()) {
                admitted += reply.taken();
            }
        }
        return admitted;
    }
}
