package io.github.stanchion.testkit;

import io.github.bucket4j.BucketConfiguration;
import io.github.bucket4j.BucketState;
import io.github.bucket4j.ConfigurationBuilder;
import io.github.bucket4j.MathType;
import io.github.stanchion.limit.Bandwidth;
import io.github.stanchion.limit.BucketShape;
import io.github.stanchion.limit.RateBucket;
import io.github.stanchion.limit.RateReply;
import io.github.stanchion.store.Exact;
import io.github.stanchion.store.Operation;
import io.github.stanchion.store.Transition;
import io.github.stanchion.store.Value;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * A third party's arithmetic: token buckets admit and leave what bucket4j's own state does, as long as time goes on.
 *
 * <p>Waits are not compared, since bucket4j rounds them down: whoever waits so long is refused again.
 */
class Bucket4jTest {

    private static final int STEPS = 200;

    @Test
    void tokenBucketsAgreeWithBucket4jInDecisionAndRemaining() {
        Walks.run(3_000, Bucket4jTest::walk);
    }

    private static void walk(Random random) {
        OperationFamily family = RateFamilies.bucket(random);
        RateBucket policy = bucketOf(family);
        BucketShape shape = policy.shape();
        if (!exactThere(shape)) {
            return;
        }
        Timeline timeline = new Timeline(random);
        BucketState theirs =
                BucketState.createInitialState(configuration(shape), MathType.INTEGER_64_BITS, timeline.now() * 1_000);
        Value ours = null;
        List<Long> spans = List.of();
        for (int i = 0; i < STEPS; i++) {
            long now = timeline.forward(spans);
            long cost = random.nextInt(8) == 0 ? 0 : RateFamilies.logUniform(random, shape.leastCapacity());
            RateBucket charge = new RateBucket(cost, cost, 0, 0, shape);
            Transition<RateReply> transition = charge.apply(ours, now);
            RateReply reply = transition.result();
            theirs.refillAllBandwidth(now * 1_000);
            boolean admitted = theirs.getAvailableTokens() >= cost;
            if (admitted) {
                theirs.consume(cost);
            }
            if (admitted != reply.admitted() || theirs.getAvailableTokens() != reply.remaining()) {
                throw new AssertionError(charge + " on " + ours + " at " + now + " gives " + reply + ", bucket4j "
                        + admitted + " and leaves " + theirs.getAvailableTokens());
            }
            ours = OperationContract.after(transition, ours);
            spans = Timeline.spansIn(reply);
        }
    }

    private static RateBucket bucketOf(OperationFamily family) {
        Operation<?> operation = family.next();
        return operation instanceof RateBucket bucket ? bucket : bucketOf(family);
    }

    /** Whether bucket4j stays with integers: elsewhere it goes on in floating point. */
    private static boolean exactThere(BucketShape shape) {
        for (int i = 0; i < shape.size(); i++) {
            if (shape.get(i).rate() >= Exact.MAX / shape.get(i).parts()) {
                return false;
            }
        }
        return true;
    }

    private static BucketConfiguration configuration(BucketShape shape) {
        ConfigurationBuilder limits = BucketConfiguration.builder();
        for (int i = 0; i < shape.size(); i++) {
            Bandwidth bandwidth = shape.get(i);
            Duration period = Duration.ofNanos(bandwidth.parts() * 1_000);
            limits.addLimit(limit -> limit.capacity(bandwidth.capacity()).refillGreedy(bandwidth.rate(), period));
        }
        return limits.build();
    }
}
