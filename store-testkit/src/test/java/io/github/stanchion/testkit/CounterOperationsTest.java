package io.github.stanchion.testkit;

import io.github.stanchion.store.Operation;
import io.github.stanchion.store.primitive.CounterDelete;
import io.github.stanchion.store.primitive.CounterGet;
import io.github.stanchion.store.primitive.CounterIncrement;
import io.github.stanchion.store.primitive.CounterReply;
import io.github.stanchion.store.primitive.CounterSet;
import io.github.stanchion.store.primitive.Ttl;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import java.util.Random;

/** The operations of counters: all of one key together, with ends that come and go. */
class CounterOperationsTest extends OperationContract {

    @Override
    protected OperationFamily family(Random random) {
        return counters(random);
    }

    @Override
    protected long[] reply(Operation<?> operation, Object result) {
        return counterReply((CounterReply) result);
    }

    static long[] counterReply(CounterReply reply) {
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

    static OperationFamily counters(Random random) {
        return new Counters(random);
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
                case 1 -> new CounterSet(number(), ttl());
                case 2 -> new CounterDelete();
                case 3, 4 -> undo;
                default -> increment();
            };
        }

        private CounterIncrement increment() {
            long one = random.nextBoolean() ? Long.MIN_VALUE : number();
            long two = random.nextBoolean() ? Long.MAX_VALUE : number();
            return new CounterIncrement(number(), Math.min(one, two), Math.max(one, two), random.nextBoolean(), ttl());
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

        private Ttl ttl() {
            Duration life = Duration.of(RateFamilies.logUniform(random, 10_000_000_000L), ChronoUnit.MICROS);
            return switch (random.nextInt(4)) {
                case 0 -> Ttl.of(life);
                case 1 -> Ttl.onCreate(life);
                case 2 -> Ttl.ensure(life);
                default -> Ttl.none();
            };
        }
    }
}
