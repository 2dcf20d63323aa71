package io.github.stanchion.limit;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.stanchion.store.Cells;
import io.github.stanchion.store.Effect;
import io.github.stanchion.store.Exact;
import io.github.stanchion.store.Operation;
import io.github.stanchion.store.Transition;
import io.github.stanchion.store.UnreadableStateException;
import java.util.Random;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What holds for every algorithm alike, on random walks. */
class RatePropertiesTest {

    private static final int WALKS = 600;
    private static final int STEPS = 120;

    enum Algorithm {
        BUCKET {
            @Override
            Policy draw(Random random) {
                Policies.Limits limits = Policies.bucket(random);
                BucketShape shape = limits.shape();
                return new Policy(
                        shape.leastCapacity(),
                        limits.maxWait(),
                        cost -> new RateBucket(cost, cost, limits.maxWait(), limits.maxDebt(), shape),
                        (reply, delta) -> new RateBucketSettle(delta, limits.maxWait(), limits.maxDebt(), shape));
            }
        },
        INTERVAL {
            @Override
            Policy draw(Random random) {
                Policies.Limits limits = Policies.interval(random);
                BucketShape shape = limits.shape();
                boolean aligned = random.nextBoolean();
                return new Policy(
                        shape.leastCapacity(),
                        limits.maxWait(),
                        cost -> new RateInterval(aligned, cost, limits.maxWait(), shape),
                        (reply, delta) ->
                                new RateIntervalSettle(aligned, delta, limits.maxDebt(), shape, reply.stamp()));
            }
        },
        WINDOW {
            @Override
            Policy draw(Random random) {
                long millis = random.nextInt(3) == 0 ? 1L + random.nextInt(50) : Policies.scaled(random, 10);
                long most = Math.min(Bandwidth.MOST_PERMITS, (1L << 52) / millis);
                long limit = random.nextInt(4) == 0 ? most : Math.min(most, Policies.scaled(random, 4));
                long maxDebt = random.nextBoolean() ? 0 : limit;
                return new Policy(
                        limit,
                        0,
                        cost -> new RateWindow(limit, millis, cost),
                        (reply, delta) -> new RateWindowSettle(
                                limit, millis, delta, maxDebt, reply.stamp().get(0)));
            }
        },
        LOG {
            @Override
            Policy draw(Random random) {
                long window = 1_000 + Policies.scaled(random, 13);
                long limit = 1L + random.nextInt(random.nextBoolean() ? 100 : 4);
                long maxDebt = random.nextBoolean() ? 0 : limit;
                return new Policy(
                        limit,
                        0,
                        cost -> new RateLog(limit, window, cost),
                        (reply, delta) -> new RateLogSettle(
                                limit, window, delta, maxDebt, reply.stamp().get(0)));
            }
        };

        abstract Policy draw(Random random);
    }

    interface Decide {
        Operation<RateReply> of(long cost);
    }

    record Policy(
            long capacity,
            long maxWait,
            Decide decide,
            BiFunction<RateReply, Long, Operation<RateSettlement>> settle) {}

    private long seed;

    private Random random(String what) {
        seed = System.nanoTime();
        System.out.println(what + ", seed " + seed);
        return new Random(seed);
    }

    @ParameterizedTest
    @EnumSource
    void rejectedUntilThePromisedInstantAndAdmittedAtIt(Algorithm algorithm) {
        Random random = random("waits of " + algorithm);
        int checked = 0;
        for (int walk = 0; walk < WALKS; walk++) {
            Policy policy = algorithm.draw(random);
            Subject subject = new Subject();
            long now = random.nextInt(4) == 0 ? random.nextLong(Subject.DAY) : Subject.START;
            for (int step = 0; step < STEPS; step++) {
                var ask = policy.decide.of(Policies.cost(random, policy.capacity));
                RateReply reply = subject.run(ask, now);
                if (!reply.admitted()) {
                    long at = now + reply.waitMicros() - policy.maxWait;
                    assertThat(at).isGreaterThan(now);
                    assertThat(subject.peek(ask, at - 1).admitted())
                            .as("seed %s", seed)
                            .isFalse();
                    assertThat(subject.peek(ask, at).admitted())
                            .as("seed %s", seed)
                            .isTrue();
                    checked++;
                }
                if (random.nextInt(8) == 0) {
                    subject.run(policy.settle.apply(reply, random.nextLong(-3, policy.capacity + 1)), now);
                }
                now = Policies.later(random, now, reply.fullMicros());
            }
        }
        assertThat(checked).isGreaterThan(WALKS);
    }

    @ParameterizedTest
    @EnumSource
    void droppingAValueAtOrAfterItsTimeChangesNothing(Algorithm algorithm) {
        Random random = random("collection of " + algorithm);
        int dropped = 0;
        for (int walk = 0; walk < 2 * WALKS; walk++) {
            Policy policy = algorithm.draw(random);
            Subject kept = new Subject();
            Subject collected = new Subject();
            long now = random.nextInt(4) == 0 ? random.nextLong(Subject.DAY) : Subject.START;
            for (int step = 0; step < STEPS; step++) {
                if (now >= collected.collectAt() && random.nextInt(4) > 0) {
                    collected.hold(null);
                    dropped++;
                }
                var ask = policy.decide.of(Policies.cost(random, policy.capacity));
                RateReply reply = kept.run(ask, now);
                assertThat(collected.run(ask, now)).as("seed %s", seed).isEqualTo(reply);
                if (random.nextInt(6) == 0) {
                    var settle = policy.settle.apply(reply, random.nextLong(-policy.capacity, policy.capacity + 1));
                    assertThat(collected.run(settle, now)).as("seed %s", seed).isEqualTo(kept.run(settle, now));
                }
                now += switch (random.nextInt(5)) {
                    case 0 -> 0;
                    case 1 -> reply.fullMicros();
                    case 2 -> Math.max(0, reply.fullMicros() - 1);
                    default -> random.nextLong(reply.fullMicros() + 2);
                };
                now = Math.min(now, RateBucket.EPOCH_MICROS + 2 * CountableRates.CENTURY_MICROS);
            }
        }
        assertThat(dropped).isGreaterThan(WALKS);
    }

    @ParameterizedTest
    @EnumSource
    void anyCellsGiveADecisionOrAreUnreadable(Algorithm algorithm) {
        Random random = random("totality of " + algorithm);
        int unreadable = 0;
        int decided = 0;
        for (int i = 0; i < 60_000; i++) {
            Policy policy = algorithm.draw(random);
            long now = Subject.START + random.nextLong(CountableRates.CENTURY_MICROS);
            Cells cells = cells(random, now - RateBucket.EPOCH_MICROS);
            Operation<RateReply> ask = policy.decide.of(Policies.cost(random, policy.capacity));
            try {
                Transition<RateReply> transition = ask.apply(cells, now);
                RateReply reply = transition.result();
                assertThat(reply.admitted()).isEqualTo(reply.waitMicros() <= policy.maxWait);
                assertThat(reply.taken()).isBetween(0L, policy.capacity);
                assertExact(reply.remaining());
                assertThat(reply.waitMicros()).isBetween(0L, 2 * Effect.Put.LONGEST);
                assertThat(reply.fullMicros()).isBetween(0L, Effect.Put.LONGEST);
                decided++;
                long delta = random.nextLong(-Exact.MAX, Exact.MAX);
                RateSettlement settled =
                        policy.settle.apply(reply, delta).apply(cells, now).result();
                assertThat(settled.fullMicros()).isBetween(0L, Effect.Put.LONGEST);
                assertThat(settled.charged() + settled.forgiven()).isEqualTo(Math.max(0, delta));
                assertThat(settled.returned()).isBetween(0L, Math.max(0, -delta));
                assertExact(settled.remaining());
            } catch (UnreadableStateException e) {
                unreadable++;
            }
        }
        assertThat(Math.min(unreadable, decided)).isGreaterThan(1_000);
    }

    private static void assertExact(long number) {
        assertThat(Exact.is(number)).isTrue();
    }

    private static Cells cells(Random random, long now) {
        int[] sizes = {1, 2, 3, 3, 4, 6, 24, 25, 200, 201};
        long[] cells = new long[sizes[random.nextInt(sizes.length)]];
        long sign = random.nextInt(3) == 0 ? -1 : 1;
        for (int i = 0; i < cells.length; i++) {
            cells[i] = switch (random.nextInt(8)) {
                case 0 -> sign * Exact.MAX;
                case 1 -> now + random.nextLong(4_000_000) - 2_000_000;
                case 2 -> now / Policies.scaled(random, 14);
                case 3 -> sign * random.nextLong(Exact.MAX);
                case 4 -> sign * Policies.scaled(random, 15);
                default -> random.nextInt(3);
            };
        }
        return Cells.of(cells);
    }

    @ParameterizedTest
    @EnumSource
    void undoRestoresWhatTheChargeTook(Algorithm algorithm) {
        Random random = random("undo of " + algorithm);
        for (int walk = 0; walk < WALKS; walk++) {
            Policy policy = algorithm.draw(random);
            Subject subject = new Subject();
            long now = random.nextInt(4) == 0 ? random.nextLong(Subject.DAY) : Subject.START;
            for (int step = 0; step < STEPS / 4; step++) {
                long before = subject.peek(policy.decide.of(0), now).remaining();
                var ask = policy.decide.of(Policies.cost(random, policy.capacity));
                RateReply reply = subject.run(ask, now);
                if (random.nextBoolean()) {
                    Operation<?> undo = ask.undo(reply);
                    assertThat(undo).isNotNull();
                    var settled = (RateSettlement) subject.run(undo, now);
                    assertThat(settled.remaining()).as("seed %s", seed).isEqualTo(before);
                    assertThat(settled.returned()).isEqualTo(reply.taken());
                }
                now += random.nextLong(reply.fullMicros() / 4 + 2);
                now = Math.min(now, RateBucket.EPOCH_MICROS + 2 * CountableRates.CENTURY_MICROS);
            }
        }
    }

    @Test
    void twoVersionsOfABucketSideBySideGrantNoMoreThanTheSlowerOneHolds() {
        Random random = random("two versions of a bucket");
        for (int walk = 0; walk < 2_000; walk++) {
            Policy[] policies = new Policy[2];
            long longest = 0;
            double[] microsPerPermit = new double[2];
            for (int i = 0; i < 2; i++) {
                long refill = Policies.scaled(random, 4);
                BucketShape shape = Subject.shape(refill, refill, Subject.MINUTE * (1 + random.nextInt(3)));
                policies[i] = new Policy(
                        refill,
                        0,
                        cost -> new RateBucket(cost, cost, 0, 0, shape),
                        (reply, delta) -> new RateBucketSettle(delta, 0, 0, shape));
                longest = Math.max(longest, shape.first().periodMicros());
                microsPerPermit[i] =
                        (double) shape.first().parts() / shape.first().rate();
            }
            Subject subject = new Subject();
            double granted = 0;
            for (int step = 0; step < 300; step++) {
                int version = random.nextInt(2);
                long cost = 1 + random.nextLong(policies[version].capacity / 4 + 1);
                cost = Math.min(cost, policies[version].capacity);
                granted += subject.run(policies[version].decide.of(cost), Subject.START)
                                .taken()
                        * microsPerPermit[version];
            }
            assertThat(granted).as("seed %s", seed).isLessThanOrEqualTo((double) longest + 1e-3);
        }
    }
}
