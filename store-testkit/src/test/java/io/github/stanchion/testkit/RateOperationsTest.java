package io.github.stanchion.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.stanchion.limit.Bandwidth;
import io.github.stanchion.limit.BucketShape;
import io.github.stanchion.limit.RateBucketSettle;
import io.github.stanchion.limit.RateInterval;
import io.github.stanchion.limit.RateIntervalSettle;
import io.github.stanchion.limit.RateLogSettle;
import io.github.stanchion.limit.RateReply;
import io.github.stanchion.limit.RateReset;
import io.github.stanchion.limit.RateSettlement;
import io.github.stanchion.limit.RateWindowSettle;
import io.github.stanchion.store.Operation;
import io.github.stanchion.store.Signal;
import io.github.stanchion.store.Transition;
import io.github.stanchion.store.Value;
import java.util.List;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** The operations of rate limits and their settlements, each algorithm with random policies. */
class RateOperationsTest {

    private static final long PERIOD = 1_000_000;

    abstract static class OfRates extends ChargeContract {

        @Override
        protected long[] reply(Operation<?> operation, Object result) {
            return RateFamilies.reply(result);
        }

        @Override
        protected @Nullable Grant grant(Operation<?> operation, Object result) {
            return RateFamilies.grant(operation, result);
        }

        @Test
        void aRefundRaisesWhatRemainsByNoMoreThanWasTaken() {
            Walks.run(
                    walks(),
                    random -> new Walk(family(random), random) {
                        @Override
                        void step(Operation<?> operation, long now) {
                            if (operation.apply(state(), now).result() instanceof RateSettlement settled
                                    && settled.returned() > 0) {
                                assertThat(settled.charged()).isZero();
                                assertThat(settled.returned()).isLessThanOrEqualTo(asked(operation));
                            }
                        }
                    }.run());
        }

        private static long asked(Operation<?> settle) {
            return settle instanceof RateBucketSettle bucket
                    ? -bucket.delta()
                    : settle instanceof RateIntervalSettle interval
                            ? -interval.delta()
                            : settle instanceof RateWindowSettle window
                                    ? -window.delta()
                                    : -((RateLogSettle) settle).delta();
        }
    }

    @Nested
    class OfBuckets extends OfRates {
        @Override
        protected OperationFamily family(Random random) {
            return RateFamilies.bucket(random);
        }
    }

    @Nested
    class OfAlignedIntervals extends OfRates {
        @Override
        protected OperationFamily family(Random random) {
            return RateFamilies.interval(random, true);
        }
    }

    @Nested
    class OfIntervalsFromFirstUse extends OfRates {
        @Override
        protected OperationFamily family(Random random) {
            return RateFamilies.interval(random, false);
        }

        /**
         * The period of a shared state begins with either subject's first use, so that it may end before a subject's own
         * would have; what then still holds for each is the algorithm's worst case, two periods' permits in one.
         */
        @Test
        @Override
        void twoSubjectsInOneStateAreNeverTreatedLaxer() {
            Walks.run(walks(), random -> {
                long limit = RateFamilies.logUniform(random, 1_000);
                BucketShape shape = BucketShape.of(new Bandwidth(limit, limit, PERIOD));
                NavigableMap<Long, Long> taken = new TreeMap<>();
                Value shared = null;
                long now = new VirtualClock().micros();
                for (int i = 0; i < STEPS; i++) {
                    now += random.nextInt(3) * (long) random.nextInt((int) PERIOD / 2);
                    RateInterval charge = new RateInterval(false, RateFamilies.logUniform(random, limit), 0, shape);
                    Transition<RateReply> transition = charge.apply(shared, now);
                    shared = after(transition, shared);
                    if (random.nextBoolean()) {
                        taken.merge(now, transition.result().taken(), Long::sum);
                    }
                    assertThat(taken.tailMap(now - PERIOD, false).values().stream()
                                    .mapToLong(n -> n)
                                    .sum())
                            .isLessThanOrEqualTo(2 * limit);
                }
            });
        }
    }

    @Nested
    class OfWindows extends OfRates {
        @Override
        protected OperationFamily family(Random random) {
            return RateFamilies.window(random);
        }
    }

    @Nested
    class OfLogs extends OfRates {
        @Override
        protected OperationFamily family(Random random) {
            return RateFamilies.log(random);
        }
    }

    @Nested
    class OfResets extends OperationContract {
        @Override
        protected OperationFamily family(Random random) {
            return RateFamilies.resets(random);
        }

        @Override
        protected long[] reply(Operation<?> operation, Object result) {
            return RateFamilies.reply(result);
        }

        /** Whether there was anything to forget depends on what had been collected. */
        @Override
        protected Object decision(Object result) {
            return result instanceof Boolean ? "reset" : result;
        }

        @Test
        void aResetLeavesNothingAndTellsWhoseItWas() {
            Walks.run(
                    walks(),
                    random -> new Walk(family(random), random) {
                        @Override
                        void step(Operation<?> operation, long now) {
                            if (operation instanceof RateReset reset) {
                                Transition<?> transition = reset.apply(state(), now);
                                assertThat(after(transition, state())).isNull();
                                assertThat(transition.signals())
                                        .containsExactly(new Signal("rate-limit", "reset", List.of(reset.subject())));
                            }
                        }
                    }.run());
        }
    }
}
