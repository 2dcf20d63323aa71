package io.github.stanchion.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class CompareAndSetStoreTest {

    private static final KeySpace SPACE = KeySpace.of("p", "k", "n");
    private static final StoreKey A = SPACE.key("a");
    private static final StoreKey B = SPACE.key("b");

    private final List<Long> pauses = new ArrayList<>();
    private final RaceBackoff recorded = new RaceBackoff(bound -> bound, pauses::add);
    private final MapCompareAndSetStore store = new MapCompareAndSetStore(new SettableClock(), Runnable::run, recorded);

    private record Reset() implements Operation<Long> {
        @Override
        public String name() {
            return "test.reset";
        }

        @Override
        public long[] arguments() {
            return new long[0];
        }

        @Override
        public Transition<Long> apply(@Nullable Value current, long nowMicros) {
            return new Transition<>(Effect.delete(), true, 0L);
        }

        @Override
        public Long decode(long[] reply) {
            return 0L;
        }
    }

    @Test
    void lostRacesAreTriedAgainOnTheNewState() {
        AtomicInteger races = new AtomicInteger();
        store.beforeWrite(key -> {
            if (races.incrementAndGet() <= 3) {
                store.plant(A, races.get() * 10 + " 0");
            }
            return true;
        });
        assertThat(store.execute(A, new Bump(100))).isEqualTo(31);
        assertThat(pauses).containsExactly(50L, 100L, 200L);
    }

    @Test
    void givesUpAfterSixtyFourLostRaces() {
        store.beforeWrite(key -> false);
        assertThatThrownBy(() -> store.execute(A, new Bump(1)))
                .isInstanceOf(StoreContentionException.class)
                .hasMessageContaining("[k 'n']");
        assertThat(store.writes()).isEqualTo(CompareAndSetStore.MOST_ATTEMPTS);
        assertThat(pauses).hasSize(CompareAndSetStore.MOST_ATTEMPTS - 1).allMatch(pause -> pause <= 20_000);
    }

    @Test
    void interruptEndsTheAttemptsAndIsKept() {
        MapCompareAndSetStore real = new MapCompareAndSetStore(new SettableClock(), Runnable::run);
        real.beforeWrite(key -> false);
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> real.execute(A, new Bump(1))).isInstanceOf(StoreContentionException.class);
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void whatChangesNothingIsNotWritten() {
        store.execute(A, new Reset());
        store.execute(A, new Bump.GiveBack());
        assertThat(store.writes()).isZero();
        store.execute(A, new Bump(1));
        store.execute(A, new Reset());
        assertThat(store.writes()).isEqualTo(2);
        assertThat(store.text(A)).isNull();
    }

    @Test
    void troubleWhileWritingLeavesTheOutcomeUnknownAndIsNotRepeated() {
        store.beforeWrite(key -> {
            throw new IOException("cut");
        });
        assertThatThrownBy(() -> store.execute(A, new Bump(1)))
                .isInstanceOfSatisfying(StoreException.class, e -> assertThat(e.outcomeUnknown())
                        .isTrue());
        assertThat(store.writes()).isEqualTo(1);
    }

    @Test
    void foreignTextIsLeftUntouched() {
        store.plant(A, "hello");
        assertThatThrownBy(() -> store.execute(A, new Bump(1))).isInstanceOf(UnreadableStateException.class);
        assertThatThrownBy(() -> store.executeAll(List.of(bump(B, 1), bump(A, 1))))
                .isInstanceOf(UnreadableStateException.class);
        assertThat(store.text(A)).isEqualTo("hello");
        assertThat(store.text(B)).isNull();
    }

    @Test
    void jointStepsAreChargedTogether() {
        JointResult result = store.executeAll(List.of(bump(A, 1), bump(B, 1)));
        assertThat(result).isEqualTo(new JointResult(true, List.of(1L, 1L)));
        assertThat(store.text(A)).isEqualTo("1 0");
        assertThat(store.text(B)).isEqualTo("1 0");
    }

    @Test
    void refusedJointStepsWriteNothingNotEvenBookkeeping() {
        store.execute(B, new Bump(1));
        JointResult result = store.executeAll(List.of(bump(A, 1), bump(B, 1)));
        assertThat(result).isEqualTo(new JointResult(false, List.of(1L, 1L)));
        assertThat(store.writes()).isEqualTo(1);
        assertThat(store.text(A)).isNull();
        assertThat(store.text(B)).isEqualTo("1 0");
    }

    @Test
    void stepThatLosesItsRaceTakesTheEarlierOnesBack() {
        store.beforeWrite(key -> {
            if (key.equals(B.text())) {
                store.beforeWrite(any -> true);
                store.plant(B, "1 0");
            }
            return true;
        });
        JointResult result = store.executeAll(List.of(bump(A, 1), bump(B, 1)));
        assertThat(result).isEqualTo(new JointResult(false, List.of(1L, 1L)));
        assertThat(store.text(A)).isEqualTo("0 0");
        assertThat(store.text(B)).isEqualTo("1 0");
    }

    @Test
    void errorOfALaterStepTakesTheEarlierOnesBack() {
        store.beforeWrite(key -> {
            if (key.equals(B.text())) {
                throw new IOException("cut");
            }
            return true;
        });
        assertThatThrownBy(() -> store.executeAll(List.of(bump(A, 1), bump(B, 1))))
                .isInstanceOf(StoreTimeoutException.class);
        assertThat(store.text(A)).isEqualTo("0 0");
    }

    @Test
    void advisoryStepRefusesNobody() {
        store.execute(A, new Bump(1));
        JointResult result = store.executeAll(List.of(advisory(A, 1), bump(B, 1)));
        assertThat(result).isEqualTo(new JointResult(true, List.of(1L, 1L)));
        assertThat(store.text(A)).isEqualTo("1 0");
        assertThat(store.text(B)).isEqualTo("1 0");
    }

    @Test
    void advisoryStepIsChargedOnlyIfTheOthersAdmit() {
        store.execute(B, new Bump(1));
        assertThat(store.executeAll(List.of(advisory(A, 1), bump(B, 1))).admitted())
                .isFalse();
        assertThat(store.text(A)).isNull();
    }

    @Test
    void stepThatCannotBeTakenBackIsRefusedUnlessItStandsAlone() {
        store.execute(A, new Bump(1));
        List<KeyedOperation<?>> steps = List.of(bump(B, 1), new KeyedOperation<>(A, new Reset()));
        assertThatThrownBy(() -> store.executeAll(steps))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("test.reset");
        assertThat(store.text(B)).isNull();
        assertThat(store.executeAll(List.of(advisory(B, 1), new KeyedOperation<>(A, new Reset())))
                        .admitted())
                .isTrue();
        assertThat(store.text(A)).isNull();
    }

    @Test
    void wrongJointStepsReachNoKey() {
        assertThatThrownBy(() -> store.executeAll(List.of())).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> store.executeAllAsync(List.of(bump(A, 1), bump(A, 1))))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void contendedJointStepsAdmitNeverTooMuchAndDeadlockNobody() throws Exception {
        MapCompareAndSetStore real = new MapCompareAndSetStore(new SettableClock(), Runnable::run);
        ExecutorService pool = Executors.newFixedThreadPool(8);
        try {
            AtomicInteger admitted = new AtomicInteger();
            List<Future<?>> running = new ArrayList<>();
            for (int t = 0; t < 8; t++) {
                List<KeyedOperation<?>> steps =
                        t % 2 == 0 ? List.of(bump(A, 100), bump(B, 100)) : List.of(bump(B, 100), bump(A, 100));
                running.add(pool.submit(() -> {
                    for (int i = 0; i < 63; i++) {
                        if (real.executeAll(steps).admitted()) {
                            admitted.incrementAndGet();
                        }
                    }
                }));
            }
            for (Future<?> each : running) {
                each.get(60, TimeUnit.SECONDS);
            }
            while (real.executeAll(List.of(bump(A, 100), bump(B, 100))).admitted()) {
                admitted.incrementAndGet();
            }
            assertThat(admitted).hasValue(100);
            assertThat(real.text(A)).startsWith("100 ");
            assertThat(real.text(B)).startsWith("100 ");
        } finally {
            pool.shutdownNow();
        }
    }

    @Test
    void batchGoesOnAfterAnError() {
        store.plant(B, "hello");
        List<StepResult<?>> results = store.executeEach(List.of(bump(A, 9), bump(B, 9), bump(A, 9)));
        assertThat(results.get(0).get()).isEqualTo(1L);
        assertThat(results.get(1)).isInstanceOf(StepResult.Failed.class);
        assertThat(results.get(2).get()).isEqualTo(2L);
        assertThat(store.executeEachAsync(List.of(bump(A, 9)))
                        .toCompletableFuture()
                        .join()
                        .get(0)
                        .get())
                .isEqualTo(3L);
    }

    @Test
    void closedStoreAppliesNothing() {
        store.close();
        store.close();
        assertThat(store.releases()).isEqualTo(1);
        assertThatThrownBy(() -> store.execute(A, new Bump(1))).isInstanceOf(StoreClosedException.class);
        assertThatThrownBy(() -> store.executeAll(List.of(bump(A, 1)))).isInstanceOf(StoreClosedException.class);
        assertThatThrownBy(() -> store.executeEach(List.of(bump(A, 1)))).isInstanceOf(StoreClosedException.class);
        assertThatThrownBy(() ->
                        store.executeAsync(A, new Bump(1)).toCompletableFuture().join())
                .hasCauseInstanceOf(StoreClosedException.class);
        assertThat(store.text(A)).isNull();
    }

    @Test
    void fullExecutorIsReportedByTheStage() {
        MapCompareAndSetStore full = new MapCompareAndSetStore(new SettableClock(), call -> {
            throw new RejectedExecutionException();
        });
        assertThatThrownBy(() ->
                        full.executeAsync(A, new Bump(1)).toCompletableFuture().join())
                .hasCauseInstanceOf(StoreUnreachableException.class);
    }

    @Test
    void declaresWhatItCannotDo() {
        assertThat(store.capabilities()).containsExactly(Capability.STORE_CLOCK);
        assertThatThrownBy(store::signals).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(store::keys).isInstanceOf(UnsupportedOperationException.class);
        for (Capability never : EnumSet.of(Capability.JOINT, Capability.SIGNALS)) {
            assertThatThrownBy(() -> new CompareAndSetStore(EnumSet.of(never), Runnable::run) {
                        @Override
                        protected Snapshot read(String key) {
                            return new Snapshot(null, 0);
                        }

                        @Override
                        protected boolean compareAndSet(String key, byte[] expected, byte[] next, long collectAfter) {
                            return false;
                        }
                    })
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    private static KeyedOperation<Long> bump(StoreKey key, long limit) {
        return new KeyedOperation<>(key, new Bump(limit));
    }

    private static KeyedOperation<Long> advisory(StoreKey key, long limit) {
        return new KeyedOperation<>(key, new Bump(limit), true);
    }
}
