package io.github.stanchion.testkit;

import io.github.stanchion.store.Operation;
import io.github.stanchion.store.primitive.CounterDelete;
import io.github.stanchion.store.primitive.CounterGet;
import io.github.stanchion.store.primitive.CounterIncrement;
import io.github.stanchion.store.primitive.CounterReply;
import io.github.stanchion.store.primitive.CounterSet;
import io.github.stanchion.store.primitive.Mark;
import io.github.stanchion.store.primitive.Payload;
import io.github.stanchion.store.primitive.Ttl;
import io.github.stanchion.store.primitive.ValueCompareAndDelete;
import io.github.stanchion.store.primitive.ValueCompareAndSet;
import io.github.stanchion.store.primitive.ValueDelete;
import io.github.stanchion.store.primitive.ValueDeleteIfEqual;
import io.github.stanchion.store.primitive.ValuePut;
import io.github.stanchion.store.primitive.ValueRead;
import io.github.stanchion.store.primitive.ValueRenew;
import io.github.stanchion.store.primitive.ValueReply;
import io.github.stanchion.store.primitive.ValueSetIfAbsent;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * The operations of counters and of values, as one key sees them, with ends that come and go.
 *
 * <p>For the walks of {@link TwinContract} over native forms, and of {@link OperationContract}.
 */
public final class PrimitiveFamilies {

    private PrimitiveFamilies() {}

    /** Counters: increments within all kinds of bounds, and what takes them back. */
    public static OperationFamily counters(Random random) {
        return new Counters(random);
    }

    /** Values whose writers send no write twice and hold no fencing token, so that what has ended leaves nothing but a version. */
    public static OperationFamily values(Random random) {
        return new Values(random, false, false);
    }

    /** Values whose writers hold fencing tokens. */
    public static OperationFamily fencedValues(Random random) {
        return new Values(random, true, false);
    }

    /** Values with fencing tokens, and writes that are sent again. */
    public static OperationFamily repeatedValues(Random random) {
        return new Values(random, true, true);
    }

    /** What a twin replies with. */
    public static long[] reply(Object result) {
        if (result instanceof ValueReply reply) {
            return new long[] {
                reply.applied() ? 1 : 0, reply.present() ? 1 : 0, reply.version(), reply.endsAt(), reply.nowMicros()
            };
        }
        return counterReply((CounterReply) result);
    }

    /** The bytes beside it; null if there are none. */
    public static byte @Nullable [] replyBytes(Object result) {
        return result instanceof ValueReply reply && reply.payload() != null
                ? reply.payload().bytes()
                : null;
    }

    private static long[] counterReply(CounterReply reply) {
        return new long[] {
            reply.applied() ? 1 : 0,
            reply.existed() ? 1 : 0,
            reply.exists() ? 1 : 0,
            reply.count() >> 32,
            reply.count() & 0xFFFF_FFFFL,
            reply.moved() >> 32,
            reply.moved() & 0xFFFF_FFFFL,
            reply.endedAt(),
            reply.endsAt(),
            reply.nowMicros()
        };
    }

    /** For what is there already. */
    private static Ttl lasting(Random random) {
        return random.nextBoolean() ? Ttl.keep() : Ttl.renew(life(random));
    }

    private static Duration life(Random random) {
        return Duration.of(1_000 * RateFamilies.logUniform(random, 10_000_000), ChronoUnit.MICROS);
    }

    private static Ttl ttl(Random random) {
        Duration life = life(random);
        return switch (random.nextInt(4)) {
            case 0 -> Ttl.of(life);
            case 1 -> Ttl.onCreate(life);
            case 2 -> Ttl.ensure(life);
            default -> Ttl.none();
        };
    }

    private static final class Counters implements OperationFamily {
        private final Random random;
        private Operation<?> undo = new CounterGet();

        Counters(Random random) {
            this.random = random;
        }

        @Override
        public Operation<?> next() {
            return switch (random.nextInt(10)) {
                case 0 -> new CounterGet();
                case 1 -> new CounterSet(number(), ttl(random));
                case 2 -> new CounterDelete();
                case 3, 4 -> undo;
                default -> increment();
            };
        }

        private CounterIncrement increment() {
            long one = random.nextBoolean() ? Long.MIN_VALUE : number();
            long two = random.nextBoolean() ? Long.MAX_VALUE : number();
            long delta = number();
            return new CounterIncrement(
                    delta,
                    Math.min(one, two),
                    Math.max(one, two),
                    random.nextBoolean(),
                    delta == 0 && random.nextBoolean() ? lasting(random) : ttl(random));
        }

        @Override
        public void answered(Operation<?> operation, Object result) {
            if (operation instanceof CounterIncrement increment
                    && result instanceof CounterReply reply
                    && reply.applied()) {
                undo = Objects.requireNonNull(increment.undo(reply));
            }
        }

        private long number() {
            return switch (random.nextInt(8)) {
                case 0 -> 0;
                case 1 -> random.nextLong();
                case 2 -> Long.MAX_VALUE - random.nextInt(3);
                case 3 -> Long.MIN_VALUE + random.nextInt(3);
                case 4 -> (1L << 53) + random.nextInt(3) - 1;
                default -> random.nextInt(21) - 10;
            };
        }
    }

    private static final class Values implements OperationFamily {
        private static final long RETENTION = 600_000_000;
        private final Random random;
        private final boolean fenced;
        private final boolean repeated;
        private long version;
        private long sequence;
        private Operation<?> again = new ValueRead(true);

        Values(Random random, boolean fenced, boolean repeated) {
            this.random = random;
            this.fenced = fenced;
            this.repeated = repeated;
        }

        @Override
        public Operation<?> next() {
            if (repeated && random.nextInt(8) == 0) {
                return again;
            }
            again = fresh();
            return again;
        }

        private Operation<?> fresh() {
            // Who does not name itself is not recognised.
            long node = repeated && random.nextInt(8) == 0 ? 0 : 7;
            Mark mark = new Mark(node, ++sequence, RETENTION);
            Payload value = payload();
            boolean more = random.nextBoolean();
            return switch (random.nextInt(10)) {
                case 0 -> new ValueRead(more);
                case 1 -> new ValuePut(fenced ? random.nextInt(5) : 0, ttl(random), mark, more, value);
                case 2 -> new ValueSetIfAbsent(ttl(random), mark, more, value);
                case 3 -> new ValueDelete(mark, more);
                case 4 -> new ValueDeleteIfEqual(mark, value);
                case 5 -> new ValueCompareAndDelete(expected(), mark);
                case 6 -> new ValueCompareAndSet(Math.max(1, version), lasting(random), mark, more, value);
                case 7 -> new ValueRenew(lasting(random), RETENTION);
                default -> new ValueCompareAndSet(expected(), ttl(random), mark, more, value);
            };
        }

        private Payload payload() {
            byte[] bytes =
                    new byte[random.nextInt(30) > 0 ? 1 : ValueCompareAndSet.LARGEST_CURRENT + random.nextInt(2)];
            bytes[0] = (byte) random.nextInt(3);
            return Payload.of(bytes);
        }

        private long expected() {
            return random.nextInt(3) == 0 ? 0 : version;
        }

        @Override
        public void answered(Operation<?> operation, Object result) {
            if (result instanceof ValueReply reply && random.nextInt(4) > 0) {
                version = reply.version();
            }
        }
    }
}
