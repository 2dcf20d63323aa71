package io.github.stanchion.testkit;

import io.github.stanchion.limit.Bandwidth;
import io.github.stanchion.limit.BucketShape;
import io.github.stanchion.limit.RateBucket;
import io.github.stanchion.limit.RateInterval;
import io.github.stanchion.limit.RateLog;
import io.github.stanchion.limit.RateReply;
import io.github.stanchion.limit.RateReset;
import io.github.stanchion.limit.RateWindow;
import io.github.stanchion.store.Operation;
import io.github.stanchion.store.StoreKey;
import io.github.stanchion.testkit.ChargeContract.Grant;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Random policies of the four rate limit algorithms, each with the charges and settlements that a key of it sees.
 *
 * <p>For the walks of {@link TwinContract} over native forms, and of {@link ChargeContract}.
 */
public final class RateFamilies {

    private static final long[] PERIODS = {1_000, 1_000_000, 60_000_000, 3_600_000_000L, 86_400_000_000L};

    private RateFamilies() {}

    /** Token buckets of one to four bandwidths, some with waiting and debt. */
    public static OperationFamily bucket(Random random) {
        return countable(() -> {
            BucketShape shape = shape(random);
            long maxWait = random.nextInt(3) > 0 ? 0 : logUniform(random, 10_000_000);
            long maxDebt = debt(random, shape.leastCapacity());
            return new Bucket(random, shape, maxWait, maxDebt);
        });
    }

    /** Intervals whose periods begin at the epoch or with the first use. */
    public static OperationFamily interval(Random random, boolean aligned) {
        return countable(() -> {
            BucketShape shape = shape(random);
            long maxWait = random.nextInt(3) > 0 ? 0 : logUniform(random, 10_000_000);
            long maxDebt = debt(random, shape.leastCapacity());
            shape.requireCountablePeriods(maxWait, maxDebt);
            return new Interval(random, aligned, shape, maxWait, maxDebt);
        });
    }

    /** Token buckets whose subject is reset now and then; what a reset answers decides nothing. */
    public static OperationFamily resets(Random random) {
        OperationFamily charges = bucket(random);
        return new OperationFamily() {
            @Override
            public Operation<?> next() {
                return random.nextInt(3) == 0
                        ? new RateReset(random.nextLong() & StoreKey.MOST_FINGERPRINT)
                        : charges.next();
            }

            @Override
            public void answered(Operation<?> operation, Object result) {
                charges.answered(operation, result);
            }
        };
    }

    private static long debt(Random random, long capacity) {
        return random.nextInt(3) > 0 ? 0 : logUniform(random, capacity);
    }

    /** Sliding windows. */
    public static OperationFamily window(Random random) {
        return countable(
                () -> new Window(random, logUniform(random, 10_000), period(random) / 1_000, debt(random, 10_000)));
    }

    /** Sliding logs. */
    public static OperationFamily log(Random random) {
        return countable(() -> new Log(random, logUniform(random, 100), period(random), debt(random, 100)));
    }

    /** Draws until a policy can be counted exactly. */
    private static OperationFamily countable(Supplier<OperationFamily> draw) {
        OperationFamily family = null;
        while (family == null) {
            try {
                family = draw.get();
                family.next();
            } catch (IllegalArgumentException tooFine) {
                family = null;
            }
        }
        return family;
    }

    private static BucketShape shape(Random random) {
        Bandwidth[] bandwidths = new Bandwidth[random.nextInt(3) > 0 ? 1 : 1 + random.nextInt(4)];
        for (int i = 0; i < bandwidths.length; i++) {
            long refill = logUniform(random, 100_000);
            long capacity = random.nextBoolean() ? refill : logUniform(random, 100_000);
            bandwidths[i] = new Bandwidth(capacity, refill, period(random));
        }
        return BucketShape.of(bandwidths);
    }

    private static long period(Random random) {
        return random.nextInt(4) > 0
                ? PERIODS[random.nextInt(PERIODS.length)]
                : 1_000 * logUniform(random, 100_000_000);
    }

    /** 1 to {@code most}, small numbers as often as large ones. */
    static long logUniform(Random random, long most) {
        return Math.max(1, Math.min(most, (long) Math.exp(random.nextDouble() * Math.log(most + 1.0))));
    }

    /** What a charge of any of the four granted; null for a settlement. */
    public static @Nullable Grant grant(Operation<?> operation, Object result) {
        if (!(result instanceof RateReply reply)) {
            return null;
        }
        long maxWait = operation instanceof RateBucket bucket
                ? bucket.maxWaitMicros()
                : operation instanceof RateInterval interval ? interval.maxWaitMicros() : 0;
        return new Grant(reply.admitted(), reply.taken(), reply.waitMicros() - maxWait);
    }

    private abstract static class Family<C extends Operation<RateReply>> implements OperationFamily {

        final Random random;
        private final boolean settles;
        private @Nullable C charge;
        private @Nullable RateReply reply;

        Family(Random random) {
            this.random = random;
            this.settles = random.nextBoolean();
        }

        abstract C charge(long cost);

        abstract long capacity();

        abstract Operation<?> settle(C charge, RateReply reply, long delta);

        @Override
        public Operation<?> next() {
            C charged = charge;
            RateReply answer = reply;
            if (settles && charged != null && answer != null && answer.admitted() && random.nextInt(5) == 0) {
                long delta = logUniform(random, 2 * capacity());
                return settle(charged, answer, random.nextBoolean() ? delta : -Math.min(delta, answer.taken()));
            }
            charge = charge(random.nextInt(8) == 0 ? 0 : logUniform(random, capacity()));
            reply = null;
            return charge;
        }

        @Override
        public void answered(Operation<?> operation, Object result) {
            if (result instanceof RateReply answer && operation == charge) {
                reply = answer;
            }
        }
    }

    private static final class Bucket extends Family<RateBucket> {
        private final BucketShape shape;
        private final long maxWait;
        private final long maxDebt;

        Bucket(Random random, BucketShape shape, long maxWait, long maxDebt) {
            super(random);
            this.shape = shape;
            this.maxWait = maxWait;
            this.maxDebt = maxDebt;
        }

        @Override
        RateBucket charge(long cost) {
            long want = random.nextInt(5) == 0 ? cost + logUniform(random, capacity()) : cost;
            return new RateBucket(cost, want, maxWait, maxDebt, shape);
        }

        @Override
        long capacity() {
            return shape.leastCapacity();
        }

        @Override
        Operation<?> settle(RateBucket charge, RateReply reply, long delta) {
            return charge.settle(delta);
        }
    }

    private static final class Interval extends Family<RateInterval> {
        private final boolean aligned;
        private final BucketShape shape;
        private final long maxWait;
        private final long maxDebt;

        Interval(Random random, boolean aligned, BucketShape shape, long maxWait, long maxDebt) {
            super(random);
            this.maxDebt = maxDebt;
            this.aligned = aligned;
            this.shape = shape;
            this.maxWait = maxWait;
        }

        @Override
        RateInterval charge(long cost) {
            return new RateInterval(aligned, cost, maxWait, shape);
        }

        @Override
        long capacity() {
            return shape.leastCapacity();
        }

        @Override
        Operation<?> settle(RateInterval charge, RateReply reply, long delta) {
            return charge.settle(reply, delta, maxDebt);
        }
    }

    private static final class Window extends Family<RateWindow> {
        private final long limit;
        private final long length;
        private final long maxDebt;

        Window(Random random, long limit, long length, long maxDebt) {
            super(random);
            this.maxDebt = Math.min(limit, maxDebt);
            this.limit = limit;
            this.length = length;
        }

        @Override
        RateWindow charge(long cost) {
            return new RateWindow(limit, length, cost);
        }

        @Override
        long capacity() {
            return limit;
        }

        @Override
        Operation<?> settle(RateWindow charge, RateReply reply, long delta) {
            return charge.settle(reply, delta, maxDebt);
        }
    }

    private static final class Log extends Family<RateLog> {
        private final long limit;
        private final long length;
        private final long maxDebt;

        Log(Random random, long limit, long length, long maxDebt) {
            super(random);
            this.maxDebt = Math.min(limit, maxDebt);
            this.limit = limit;
            this.length = length;
        }

        @Override
        RateLog charge(long cost) {
            return new RateLog(limit, length, cost);
        }

        @Override
        long capacity() {
            return limit;
        }

        @Override
        Operation<?> settle(RateLog charge, RateReply reply, long delta) {
            return charge.settle(reply, delta, maxDebt);
        }
    }

    /** What a twin replies with: the result's numbers, flags as 1 or 0, and its stamp. */
    public static long[] reply(Object result) {
        if (result instanceof Boolean reset) {
            return new long[] {reset ? 1 : 0};
        }
        return Timeline.values((Record) result).stream()
                .flatMap(value -> value instanceof List<?> list ? list.stream() : Stream.of(value))
                .mapToLong(value -> value instanceof Boolean flag ? (flag ? 1 : 0) : (Long) value)
                .toArray();
    }
}
