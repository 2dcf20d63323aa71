package io.github.stanchion.limit;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.stanchion.store.Effect;
import io.github.stanchion.store.Operation;
import io.github.stanchion.store.Transition;
import io.github.stanchion.store.Value;
import org.jspecify.annotations.Nullable;

/** One key of a store without a store: applies operations at times of the test's choosing and remembers the value. */
final class Subject {

    static final long START = RateBucket.EPOCH_MICROS + 60_000_000_123_456L;

    static final long MS = 1_000;
    static final long SECOND = 1_000_000;
    static final long MINUTE = 60 * SECOND;
    static final long HOUR = 60 * MINUTE;
    static final long DAY = 24 * HOUR;

    private @Nullable Value value;
    private long collectAt = Long.MAX_VALUE;

    @Nullable
    Value value() {
        return value;
    }

    void hold(@Nullable Value next) {
        value = next;
        collectAt = Long.MAX_VALUE;
    }

    /** The earliest time at which a store may drop the value. */
    long collectAt() {
        return collectAt;
    }

    <R> R run(Operation<R> operation, long now) {
        Transition<R> transition = operation.apply(value, now);
        assertThat(operation.apply(value, now)).isEqualTo(transition);
        write(transition.effect(), now);
        return transition.result();
    }

    /** Applies without writing. */
    <R> R peek(Operation<R> operation, long now) {
        return operation.apply(value, now).result();
    }

    private void write(Effect effect, long now) {
        if (effect instanceof Effect.Put put) {
            assertThat(put.collectAfterMicros()).isNotEqualTo(Effect.Put.NEVER);
            value = put.next();
            collectAt = now + put.collectAfterMicros();
        } else if (effect instanceof Effect.Delete) {
            value = null;
            collectAt = Long.MAX_VALUE;
        }
    }

    static BucketShape shape(long capacity, long refill, long period) {
        return BucketShape.of(new Bandwidth(capacity, refill, period));
    }

    static RateBucket bucket(long cost, long refill, long period) {
        return new RateBucket(cost, cost, 0, 0, shape(refill, refill, period));
    }
}
