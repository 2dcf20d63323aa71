package io.github.stanchion.memory;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.stanchion.limit.Bandwidth;
import io.github.stanchion.limit.BucketShape;
import io.github.stanchion.limit.RateBucket;
import io.github.stanchion.limit.RateInterval;
import io.github.stanchion.limit.RateReply;
import io.github.stanchion.limit.RateSettlement;
import io.github.stanchion.store.KeySpace;
import io.github.stanchion.store.Operation;
import io.github.stanchion.store.StoreKey;
import io.github.stanchion.testkit.Together;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** On a full store, limits in their native forms are as bounded and as strict as any other state. */
class FullStoreLimitsTest {

    private static final KeySpace SPACE = KeySpace.of("test", "limit", "bound");
    private static final long HOUR = 3_600_000_000L;
    private static final long BRIEF = 1_000;
    private static final int MOST_DEBT = 5;

    private final TestClock clock = new TestClock();

    private MemoryStore store(long maxKeys) {
        return MemoryStore.builder()
                .clock(clock)
                .maxKeys(maxKeys)
                .sweepInterval(Duration.ofDays(1))
                .build();
    }

    enum Form {
        ONE_WORD {
            @Override
            Operation<RateReply> take(long permits, long periodMicros) {
                return bucket(BucketShape.of(new Bandwidth(permits, permits, periodMicros)));
            }

            @Override
            boolean holds(Slot slot) {
                return slot.state() > Slot.DEAD;
            }
        },
        SEVERAL_BANDWIDTHS {
            @Override
            Operation<RateReply> take(long permits, long periodMicros) {
                return bucket(BucketShape.of(
                        new Bandwidth(permits, permits, periodMicros),
                        new Bandwidth(permits + 2, permits + 2, periodMicros)));
            }

            @Override
            boolean holds(Slot slot) {
                return slot.live() instanceof LiveBuckets;
            }
        },
        INTERVAL {
            @Override
            Operation<RateReply> take(long permits, long periodMicros) {
                return new RateInterval(false, 1, 0, BucketShape.of(new Bandwidth(permits, permits, periodMicros)));
            }

            @Override
            boolean holds(Slot slot) {
                return slot.live() instanceof LiveInterval;
            }
        };

        /** One permit of so many a period. */
        abstract Operation<RateReply> take(long permits, long periodMicros);

        /** Whether the slot's state is in this form. */
        abstract boolean holds(Slot slot);

        static RateBucket bucket(BucketShape shape) {
            return new RateBucket(1, 1, 0, MOST_DEBT, shape);
        }

        static Operation<RateSettlement> charge(long permits, Operation<RateReply> take, RateReply reply) {
            return take instanceof RateInterval interval
                    ? interval.settle(reply, permits, MOST_DEBT)
                    : ((RateBucket) take).settle(permits);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aFloodOfRandomKeysWashesOutNoExhaustedVictim(Form form) {
        try (MemoryStore store = store(10_000)) {
            StoreKey victim = SPACE.key("victim");
            Operation<RateReply> take = form.take(5, HOUR);
            for (int i = 0; i < 5; i++) {
                assertThat(store.execute(victim, take).admitted()).isTrue();
            }
            RateReply denied = store.execute(victim, take);
            AtomicLong most = new AtomicLong();
            AtomicLong admitted = new AtomicLong();
            Together.run(4, thread -> {
                for (int i = 0; i < 250_000; i++) {
                    if (store.execute(SPACE.key(thread + "-" + i), take).admitted()) {
                        admitted.incrementAndGet();
                    }
                    if (i % 16 == 0) {
                        most.accumulateAndGet(store.stats().keys(), Math::max);
                    }
                }
                return thread;
            });
            assertThat(most.get()).isLessThanOrEqualTo(10_000);
            // Who finds room just as others begin to share it may be refused as they are, and leaves the room free.
            assertThat(store.stats().keys()).isBetween(9_990L, 10_000L);
            assertThat(store.stats().overflowSubjects()).isEqualTo(1);
            // A first permit for each key that has a slot but the victim, and those of the one subject that all others
            // share.
            assertThat(admitted.get()).isEqualTo(store.stats().keys() - 1 + 5);
            assertThat(denied.admitted()).isFalse();
            assertThat(store.execute(victim, take)).isEqualTo(denied);
            assertThat(form.holds(slotOf(store, victim))).isTrue();
        }
    }

    private static Slot slotOf(MemoryStore store, StoreKey key) {
        return Objects.requireNonNull(store.slot(key));
    }

    @ParameterizedTest
    @EnumSource
    void aKeyThatGetsRoomOwesWhatItOwedInTheOverflow(Form form) {
        try (MemoryStore store = store(1);
                MemoryStore roomy = store(1_000)) {
            StoreKey late = SPACE.key("late");
            StoreKey shared = SPACE.key("shared");
            Operation<RateReply> take = form.take(3, HOUR);
            assertThat(store.execute(SPACE.key("first"), form.take(1, BRIEF)).admitted())
                    .isTrue();
            for (StoreKey key : List.of(SPACE.key("k1"), SPACE.key("k2"), late)) {
                assertThat(store.execute(key, take))
                        .isEqualTo(roomy.execute(shared, take))
                        .matches(RateReply::admitted);
            }
            RateReply denied = store.execute(late, take);
            assertThat(denied).isEqualTo(roomy.execute(shared, take));
            assertThat(store.execute(late, Form.charge(2, take, denied)).remaining())
                    .isEqualTo(-2);
            roomy.execute(shared, Form.charge(2, take, denied));

            // The first key's slot may go from here on, and the next that writes takes it.
            clock.advance(BRIEF);
            RateReply indebted = store.execute(late, take);
            assertThat(indebted).isEqualTo(roomy.execute(shared, take)).matches(reply -> !reply.admitted());
            clock.advance(indebted.waitMicros() - 1);
            assertThat(store.execute(late, take))
                    .isEqualTo(roomy.execute(shared, take))
                    .matches(reply -> !reply.admitted());
            assertThat(store.slot(late)).isNull();
            clock.advance(1);
            assertThat(store.execute(late, take))
                    .isEqualTo(roomy.execute(shared, take))
                    .matches(RateReply::admitted);
            assertThat(store.execute(late, take))
                    .isEqualTo(roomy.execute(shared, take))
                    .matches(reply -> !reply.admitted());
            assertThat(store.stats().keys()).isEqualTo(1);
            assertThat(store.stats().collected()).isEqualTo(1);
            // A copy is made in cells, of which a word is made again.
            assertThat(form.holds(slotOf(store, late))).isEqualTo(form == Form.ONE_WORD);
        }
    }

    @ParameterizedTest
    @EnumSource
    void racingForTheLastPlacesNeitherBreaksTheBoundNorAdmitsTooMuch(Form form) {
        Operation<RateReply> take = form.take(8, HOUR);
        for (int round = 0; round < 100; round++) {
            int number = round;
            try (MemoryStore store = store(2)) {
                store.execute(SPACE.key("brief"), form.take(1, BRIEF));
                store.execute(SPACE.key("lasting"), take);
                List<Long> admitted = Together.run(4, thread -> {
                    long count = 0;
                    for (int i = 0; i < 8; i++) {
                        if (thread == number % 4 && i == 2) {
                            clock.advance(BRIEF);
                        }
                        count += store.execute(SPACE.key("wanted"), take).admitted() ? 1 : 0;
                    }
                    return count;
                });
                assertThat(admitted.stream().mapToLong(n -> n).sum()).isEqualTo(8);
                assertThat(store.stats().keys()).isLessThanOrEqualTo(2);
            }
        }
    }
}
