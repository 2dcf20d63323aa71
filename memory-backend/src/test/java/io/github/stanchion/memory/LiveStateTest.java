package io.github.stanchion.memory;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.stanchion.limit.Bandwidth;
import io.github.stanchion.limit.BucketShape;
import io.github.stanchion.limit.RateBucket;
import io.github.stanchion.limit.RateBucketSettle;
import io.github.stanchion.limit.RateInterval;
import io.github.stanchion.limit.RateReply;
import io.github.stanchion.store.KeySpace;
import io.github.stanchion.store.StoreKey;
import io.github.stanchion.testkit.Together;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Limits on bucket4j's state decide as their operations do. */
class LiveStateTest {

    private static final long[] PERIODS = {
        1_000, 7_000, 1_000_000, 1_234_567, 60_000_000, 3_600_000_000L, 86_400_000_000L
    };

    private static final int STEPS = 144_000;

    @Test
    void bucketsOfSeveralBandwidthsAgreeWithTheOperationInReplyStateAndEnd() {
        int live = 0;
        for (long seed = 1; live < STEPS; seed++) {
            try (Walk walk = new Walk("buckets, seed " + seed)) {
                walkBuckets(walk, new Random(seed));
                live += walk.stepsLive();
            }
        }
    }

    private static void walkBuckets(Walk walk, Random random) {
        BucketShape shape = shape(random, 2 + random.nextInt(3));
        long maxWait = random.nextBoolean() ? 0 : random.nextInt(2_000_000);
        long maxDebt = 0;
        // Settling and steps back of the clock leave the form for good, so most walks do without.
        boolean smooth = random.nextInt(3) > 0;
        for (int i = 0; i < 200; i++) {
            if (random.nextInt(100) == 0) {
                shape = shape(random, 1 + random.nextInt(3));
            }
            if (random.nextInt(30) == 0) {
                maxWait = random.nextBoolean() ? 0 : random.nextInt(2_000_000);
                maxDebt = random.nextInt(3);
            }
            long min = random.nextInt(10) == 0
                    ? 0
                    : 1 + (long) (random.nextDouble() * Math.min(shape.leastCapacity(), 5) * 0.99);
            long want = random.nextInt(5) == 0 ? min + random.nextInt(20) : min;
            RateBucket bucket = new RateBucket(min, want, maxWait, maxDebt, shape);
            long wait = 0;
            int kind = random.nextInt(20);
            if (kind == 0 && !smooth) {
                walk.step(new RateBucketSettle(random.nextInt(9) - 4, maxWait, maxDebt, shape));
            } else if (kind == 1 && !smooth) {
                walk.stepJointly(bucket);
            } else {
                RateReply reply = walk.step(bucket);
                wait = reply.waitMicros();
            }
            move(walk.clock, random, wait, shape, smooth);
        }
    }

    @Test
    void singleIntervalsAgreeWithTheOperationInReplyStateAndEnd() {
        int live = 0;
        for (long seed = 1; live < STEPS; seed++) {
            try (Walk walk = new Walk("interval, seed " + seed)) {
                walkInterval(walk, new Random(seed));
                live += walk.stepsLive();
            }
        }
    }

    private static void walkInterval(Walk walk, Random random) {
        BucketShape shape = shape(random, 1);
        long maxWait = random.nextBoolean() ? 0 : random.nextInt(2_000_000);
        boolean smooth = random.nextInt(3) > 0;
        for (int i = 0; i < 200; i++) {
            if (random.nextInt(100) == 0) {
                shape = shape(random, 1 + random.nextInt(2));
            }
            if (random.nextInt(30) == 0) {
                maxWait = random.nextBoolean() ? 0 : random.nextInt(2_000_000);
            }
            long cost = (long) (random.nextDouble() * Math.min(shape.leastCapacity(), 5) * 1.19);
            RateInterval interval = new RateInterval(!smooth && random.nextInt(40) == 0, cost, maxWait, shape);
            int kind = random.nextInt(20);
            long wait = 0;
            if (kind == 1 && !smooth) {
                walk.stepJointly(interval);
            } else {
                RateReply reply = walk.step(interval);
                wait = reply.waitMicros();
                if (kind == 0 && !smooth) {
                    walk.step(interval.settle(reply, random.nextInt(5) - 3, 2));
                }
            }
            move(walk.clock, random, wait, shape, smooth);
        }
    }

    private static void move(TestClock clock, Random random, long wait, BucketShape shape, boolean smooth) {
        Bandwidth slowest = shape.first();
        clock.advance(
                switch (random.nextInt(20)) {
                    case 0 -> smooth ? 0 : -(long) random.nextInt(1_000_000);
                    case 1 -> smooth || random.nextInt(3) > 0 ? 0 : -3_600_000_000L;
                    case 2, 3, 4 -> wait;
                    case 5 -> Math.max(0, wait - 1);
                    case 6 -> slowest.periodMicros();
                    case 7 -> slowest.periodMicros() - 1;
                    case 8 -> slowest.periodMicros() * random.nextInt(4);
                    case 9 -> random.nextInt(20) == 0 ? Math.min(slowest.untilFull(0), 10_000_000_000_000L) : 0;
                    case 10, 11 -> (long) (random.nextDouble() * slowest.periodMicros() / slowest.refill());
                    case 12 -> 1;
                    default -> 0;
                });
    }

    /** A shape that can be counted, whatever the waits and debts of these walks. */
    private static BucketShape shape(Random random, int size) {
        BucketShape shape = anyShape(random, size);
        while (!countable(shape)) {
            shape = anyShape(random, size);
        }
        return shape;
    }

    private static BucketShape anyShape(Random random, int size) {
        return BucketShape.of(IntStream.range(0, size)
                .mapToObj(i -> {
                    long refill = 1L + random.nextInt(random.nextInt(4) > 0 ? 20 : 100_000);
                    long capacity = random.nextBoolean() ? refill : 1L + random.nextInt(100);
                    return new Bandwidth(capacity, refill, PERIODS[random.nextInt(PERIODS.length)]);
                })
                .toList());
    }

    private static boolean countable(BucketShape shape) {
        try {
            shape.requireCountable(2_000_000, 3);
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
            RateBucket bucket = new RateBucket(
                    1,
                    1,
                    0,
                    0,
                    BucketShape.of(
                            new Bandwidth(1_000, 1_000, 3_600_000_000L), new Bandwidth(2_000, 2_000, 1_000_000)));
            List<Long> admitted = Together.run(16, thread -> IntStream.range(0, 500)
                    .filter(i -> store.execute(key, bucket).admitted())
                    .count());
            assertThat(admitted.stream().mapToLong(n -> n).sum()).isEqualTo(1_000);
            assertThat(store.slot(key).live()).isInstanceOf(LiveBuckets.class);
        }
    }
}
