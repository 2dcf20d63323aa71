package io.github.stanchion.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.stanchion.store.Effect;
import io.github.stanchion.store.Item;
import io.github.stanchion.store.Operation;
import io.github.stanchion.store.Transition;
import io.github.stanchion.store.primitive.Mark;
import io.github.stanchion.store.primitive.Payload;
import io.github.stanchion.store.primitive.Ttl;
import io.github.stanchion.store.primitive.ValuePut;
import io.github.stanchion.store.primitive.ValueRenew;
import io.github.stanchion.store.primitive.ValueReply;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** The operations of versioned values. */
class ValueOperationsTest {

    abstract static class OfValues extends OperationContract {

        @Override
        protected long[] reply(Operation<?> operation, Object result) {
            return PrimitiveFamilies.reply(result);
        }

        @Override
        protected byte @Nullable [] replyBytes(Operation<?> operation, Object result) {
            return PrimitiveFamilies.replyBytes(result);
        }
    }

    @Nested
    class WithVersionsAlone extends OfValues {
        @Override
        protected OperationFamily family(Random random) {
            return PrimitiveFamilies.values(random);
        }
    }

    @Nested
    class WithFences extends OfValues {
        @Override
        protected OperationFamily family(Random random) {
            return PrimitiveFamilies.fencedValues(random);
        }

        /** Of what has ended the fencing token stays, for a day. */
        @Test
        @Override
        void anEndedValueDecidesAsAbsenceDoes() {
            Walks.run(
                    walks(),
                    random -> new Walk(family(random), random, false) {
                        @Override
                        void step(Operation<?> operation, long now) {
                            if (state() instanceof Item item && item.fence() > 1 && !item.presentAt(now)) {
                                Mark mark = new Mark(8, 1, 600_000_000);
                                ValuePut older =
                                        new ValuePut(item.fence() - 1, Ttl.none(), mark, false, Payload.of("x"));
                                assertThat(older.apply(item, now).admitted()).isEqualTo(now >= item.fenceEndsAt());
                            }
                        }
                    }.run());
        }
    }

    @Test
    void aWriteSentAgainChangesNothingAndAnswersAsAtFirst() {
        Walks.run(
                500,
                random -> new OperationContract.Walk(PrimitiveFamilies.fencedValues(random), random) {
                    @Override
                    void step(Operation<?> operation, long now) {
                        Transition<?> first = operation.apply(state(), now);
                        // A renewal names no writer: sent again, it renews again.
                        if (first.effect() instanceof Effect.Put put && !(operation instanceof ValueRenew)) {
                            Transition<?> again = operation.apply(put.next(), now + random.nextInt(500_000_000));
                            assertThat(again.effect()).isEqualTo(Effect.keep());
                            assertThat(again.admitted()).isTrue();
                            assertThat(((ValueReply) again.result()).version())
                                    .isEqualTo(((ValueReply) first.result()).version());
                            assertThat(((ValueReply) again.result()).applied()).isTrue();
                        }
                    }
                }.run());
    }
}
