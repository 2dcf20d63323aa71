package io.github.stanchion.limit;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bucket4j.BucketConfiguration;
import io.github.bucket4j.BucketState64BitsInteger;
import io.github.bucket4j.ConfigurationBuilder;
import io.github.stanchion.store.Value;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RateBucketWalkTest {

    private static final int WALKS = 800;
    private static final int STEPS = 200;

    /** Its nanoseconds since 1970 leave the range of a long in 2262. */
    private static final long LAST = RateBucket.EPOCH_MICROS + CountableRates.CENTURY_MICROS;

    @Test
    void agreesWithUnboundedArithmeticOverChangedLimitsDebtsWaitsAndClockSteps() {
        long seed = System.nanoTime();
        System.out.println("bucket against unbounded arithmetic, seed " + seed);
        Random random = new Random(seed);
        long admitted = 0;
        long refused = 0;
        long repaired = 0;
        for (int walk = 0; walk < WALKS; walk++) {
            Subject subject = new Subject();
            Policies.Limits limits = Policies.bucket(random);
            long now = Subject.START + random.nextLong(Subject.DAY);
            for (int step = 0; step < STEPS; step++) {
                if (random.nextInt(40) == 0) {
                    limits = Policies.bucket(random);
                }
                BucketShape shape = limits.shape();
                Value before = subject.value();
                BucketReference reference = new BucketReference(shape, before, now, limits.maxWait(), limits.maxDebt());
                if (random.nextInt(6) == 0) {
                    long delta = Policies.cost(random, 2 * shape.leastCapacity()) * (random.nextBoolean() ? 1 : -1);
                    var settle = new RateBucketSettle(delta, limits.maxWait(), limits.maxDebt(), shape);
                    RateSettlement settled = subject.run(settle, now);
                    assertThat(settled.remaining())
                            .isEqualTo(reference.settle(delta).longValueExact());
                    assertThat(settled.fullMicros())
                            .isEqualTo(reference.untilFull().longValueExact());
                    assertThat(settled.repaired()).isEqualTo(reference.repaired);
                    assertThat(settled.charged() + settled.forgiven()).isEqualTo(Math.max(delta, 0));
                    assertThat(settled.returned()).isBetween(0L, Math.max(-delta, 0));
                } else {
                    long min = Policies.cost(random, shape.leastCapacity());
                    long want = random.nextInt(4) == 0 ? min + Policies.cost(random, 1_000) : min;
                    RateBucket decide = new RateBucket(min, want, limits.maxWait(), limits.maxDebt(), shape);
                    RateReply reply = subject.run(decide, now);
                    assertThat(reply).as("seed %s", seed).isEqualTo(reference.decide(decide));
                    admitted += reply.admitted() ? 1 : 0;
                    refused += reply.admitted() ? 0 : 1;
                    repaired += reply.repaired() ? 1 : 0;
                }
                if (subject.value() != before && subject.value() != null) {
                    reference.assertSameAs(subject.value());
                }
                long span = reference.untilFull().longValueExact();
                now = Policies.later(random, now, span);
            }
        }
        assertThat(Math.min(admitted, refused)).isGreaterThan(WALKS * STEPS / 20);
        assertThat(repaired).isGreaterThan(100);
    }

    @Test
    void agreesWithBucket4jInDecisionAndRemainingWhileTimeGoesOn() {
        long seed = System.nanoTime();
        System.out.println("bucket against bucket4j, seed " + seed);
        Random random = new Random(seed);
        int compared = 0;
        while (compared < 300_000) {
            BucketShape shape = Policies.bucket(random).shape();
            if (!withinItsLongs(shape)) {
                continue;
            }
            Subject subject = new Subject();
            long now = Subject.START + random.nextLong(Subject.DAY);
            BucketConfiguration configuration = configuration(shape);
            var peer = new BucketState64BitsInteger(configuration, now * 1_000);
            for (int step = 0; step < 100 && now < LAST; step++) {
                long cost = 1 + random.nextLong(random.nextBoolean() ? shape.leastCapacity() : 1);
                peer.refillAllBandwidth(now * 1_000);
                boolean admitted = peer.getAvailableTokens() >= cost;
                if (admitted) {
                    peer.consume(cost);
                }
                RateReply reply = subject.run(new RateBucket(cost, cost, 0, 0, shape), now);
                assertThat(reply.admitted()).as("seed %s, %s", seed, shape).isEqualTo(admitted);
                assertThat(reply.remaining()).as("seed %s, %s", seed, shape).isEqualTo(peer.getAvailableTokens());
                compared++;
                now += reply.admitted() || random.nextInt(3) > 0
                        ? random.nextLong(reply.fullMicros() / 8 + 2)
                        : reply.waitMicros() - random.nextInt(2);
            }
        }
    }

    /** It turns to doubles where a product of its own leaves the range of a long, and refuses a token a nanosecond. */
    private static boolean withinItsLongs(BucketShape shape) {
        for (int i = 0; i < shape.size(); i++) {
            Bandwidth bandwidth = shape.get(i);
            if (bandwidth.rate() > 1_000 * bandwidth.parts()
                    || bandwidth.parts() > (1L << 53) / (bandwidth.rate() + 1)
                    || bandwidth.capacity() > (1L << 53) / bandwidth.parts()) {
                return false;
            }
        }
        return true;
    }

    private static BucketConfiguration configuration(BucketShape shape) {
        ConfigurationBuilder builder = BucketConfiguration.builder();
        for (int i = 0; i < shape.size(); i++) {
            Bandwidth bandwidth = shape.get(i);
            builder.addLimit(limit -> limit.capacity(bandwidth.capacity())
                    .refillGreedy(bandwidth.rate(), Duration.ofNanos(bandwidth.parts() * 1_000)));
        }
        return builder.build();
    }
}
