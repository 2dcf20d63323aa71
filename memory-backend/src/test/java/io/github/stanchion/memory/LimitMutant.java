package io.github.stanchion.memory;

import io.github.stanchion.limit.Bandwidth;
import io.github.stanchion.limit.BucketShape;
import io.github.stanchion.limit.RateBucket;
import io.github.stanchion.limit.RateBucketSettle;
import io.github.stanchion.limit.RateInterval;
import io.github.stanchion.limit.RateIntervalSettle;
import io.github.stanchion.limit.RateReply;
import io.github.stanchion.store.Cells;
import io.github.stanchion.store.Operation;
import io.github.stanchion.store.Value;
import io.github.stanchion.testkit.Twin;
import java.util.Collections;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Native limits made a little wrong, in ways in which those of memory might be. */
abstract class LimitMutant implements Twin {

    static final List<UnaryOperator<Twin>> ALL = List.of(
            LimitMutant::refillRoundedUp,
            LimitMutant::refusalCharged,
            LimitMutant::firstBandwidthAlone,
            LimitMutant::undoneTwice);

    private final Twin twin;

    private LimitMutant(Twin twin) {
        this.twin = twin;
    }

    /** Drops the fraction of the instant at which a bucket is empty; an interval gets one permit more each period. */
    private static Twin refillRoundedUp(Twin twin) {
        return new LimitMutant(twin) {
            @Override
            public Outcome run(Operation<?> operation, long nowMicros) {
                if (operation instanceof RateInterval interval) {
                    return super.run(
                            new RateInterval(
                                    interval.aligned(),
                                    interval.cost(),
                                    interval.maxWaitMicros(),
                                    moreRefill(interval.shape())),
                            nowMicros);
                }
                Outcome outcome = super.run(operation, nowMicros);
                if (operation instanceof RateBucket && state(nowMicros) instanceof Cells cells && cells.size() > 1) {
                    long[] whole = IntStream.range(0, cells.size())
                            .mapToLong(i -> i % 3 == 1 ? 0 : cells.get(i))
                            .toArray();
                    plant(whole.length == 3 ? Cells.of(whole[0]) : Cells.of(whole), nowMicros);
                }
                return outcome;
            }
        };
    }

    private static BucketShape moreRefill(BucketShape shape) {
        return BucketShape.of(IntStream.range(0, shape.size())
                .mapToObj(shape::get)
                .map(each -> new Bandwidth(each.capacity(), each.refill() + 1, each.periodMicros()))
                .toList());
    }

    /** Charges a permit for a refusal. */
    private static Twin refusalCharged(Twin twin) {
        return new LimitMutant(twin) {
            @Override
            public Outcome run(Operation<?> operation, long nowMicros) {
                Outcome outcome = super.run(operation, nowMicros);
                if (outcome.result() instanceof RateReply reply && !reply.admitted()) {
                    super.run(
                            operation instanceof RateBucket bucket
                                    ? bucket.settle(1)
                                    : ((RateInterval) operation).settle(reply, 1, 0),
                            nowMicros);
                }
                return outcome;
            }
        };
    }

    /** Takes all bandwidths for the slowest. */
    private static Twin firstBandwidthAlone(Twin twin) {
        return new LimitMutant(twin) {
            @Override
            public Outcome run(Operation<?> operation, long nowMicros) {
                Operation<?> wrong = operation;
                if (operation instanceof RateBucket bucket) {
                    wrong = new RateBucket(
                            bucket.min(),
                            bucket.want(),
                            bucket.maxWaitMicros(),
                            bucket.maxDebt(),
                            firstAlone(bucket.shape()));
                } else if (operation instanceof RateInterval interval) {
                    wrong = new RateInterval(
                            interval.aligned(),
                            interval.cost(),
                            interval.maxWaitMicros(),
                            firstAlone(interval.shape()));
                }
                return super.run(wrong, nowMicros);
            }
        };
    }

    private static BucketShape firstAlone(BucketShape shape) {
        return BucketShape.of(Collections.nCopies(shape.size(), shape.first()));
    }

    /** Gives back twice. */
    private static Twin undoneTwice(Twin twin) {
        return new LimitMutant(twin) {
            @Override
            public Outcome run(Operation<?> operation, long nowMicros) {
                Outcome outcome = super.run(operation, nowMicros);
                if (operation instanceof RateBucketSettle settle && settle.delta() < 0
                        || operation instanceof RateIntervalSettle interval && interval.delta() < 0) {
                    super.run(operation, nowMicros);
                }
                return outcome;
            }
        };
    }

    @Override
    public void plant(@Nullable Value value, long nowMicros) {
        twin.plant(value, nowMicros);
    }

    @Override
    public Outcome run(Operation<?> operation, long nowMicros) {
        return twin.run(operation, nowMicros);
    }

    @Override
    public @Nullable Value state(long nowMicros) {
        return twin.state(nowMicros);
    }

    @Override
    public void close() {
        twin.close();
    }
}
