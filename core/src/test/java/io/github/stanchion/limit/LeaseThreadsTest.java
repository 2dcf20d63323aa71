package io.github.stanchion.limit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.stanchion.guard.FailurePolicy;
import io.github.stanchion.guard.StoreUnavailableException;
import io.github.stanchion.store.Capability;
import io.github.stanchion.store.StoreTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Several threads that want permits of one subject while the store has not answered yet. */
class LeaseThreadsTest {

    private static final int FOLLOWERS = 8;

    private final RigTimers timers = new RigTimers();
    private final RigStore store =
            new RigStore(timers.clock, Set.of(Capability.SHARED, Capability.JOINT, Capability.SCAN));
    private final CountDownLatch asked = new CountDownLatch(1);
    private final CountDownLatch answering = new CountDownLatch(1);
    private final List<Thread> threads = new ArrayList<>();

    private RateLimiters process(String limit, long permits) {
        RateLimitSettings settings = RateLimitSettings.builder()
                .limit(limit)
                .lease(new LeaseSettings(permits, Duration.ofMillis(200)))
                .denialCache(DenialCaching.OFF)
                .onStoreFailure(FailurePolicy.CLOSED)
                .build();
        return RateLimiters.builder(RateLimitPolicies.of(Map.of("a", settings)), store)
                .sleeper(timers)
                .ticker(timers)
                .build();
    }

    private void holdNextAnswer(Runnable before) {
        store.beforeAnswer = () -> {
            asked.countDown();
            await(answering);
            before.run();
        };
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }

    private <T> FutureTask<T> start(Callable<T> call) {
        FutureTask<T> task = new FutureTask<>(call);
        Thread thread = new Thread(task);
        threads.add(thread);
        thread.start();
        return task;
    }

    /** One call that is at the store, and others of the same subject that have come to wait for it. */
    private List<FutureTask<RateLimitVerdict>> leaderAndFollowers(RateLimiters limiters, long cost) {
        List<FutureTask<RateLimitVerdict>> calls = new ArrayList<>();
        calls.add(start(() -> limiters.tryAcquire("a", "x", cost)));
        await(asked);
        for (int i = 0; i < FOLLOWERS; i++) {
            calls.add(start(() -> limiters.tryAcquire("a", "x", cost)));
        }
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (threads.stream()
                .anyMatch(thread ->
                        thread.getState() != Thread.State.WAITING && thread.getState() != Thread.State.TIMED_WAITING)) {
            assertThat(System.nanoTime()).isLessThan(deadline);
            Thread.onSpinWait();
        }
        return calls;
    }

    private static void use(RateLimiters limiters, int calls) {
        for (int i = 0; i < calls; i++) {
            assertThat(limiters.tryAcquire("a", "x").admitted()).isTrue();
        }
    }

    @Test
    void callsThatComeMeanwhileSpendWhatTheFirstHasFetched() throws Exception {
        RateLimiters limiters = process("1000/1h", 100);
        use(limiters, 64);
        holdNextAnswer(() -> {});
        int before = store.calls;
        List<FutureTask<RateLimitVerdict>> calls = leaderAndFollowers(limiters, 1);
        answering.countDown();
        List<RateSource> sources = new ArrayList<>();
        for (FutureTask<RateLimitVerdict> call : calls) {
            RateLimitVerdict verdict = call.get(10, TimeUnit.SECONDS);
            assertThat(verdict.admitted()).isTrue();
            sources.add(verdict.source());
        }
        assertThat(store.calls).isEqualTo(before + 1);
        assertThat(sources.get(0)).isEqualTo(RateSource.STORE);
        assertThat(sources.subList(1, sources.size())).containsOnly(RateSource.LEASE);
        assertThat(limiters.leased("a")).isEqualTo(64 - 1 - FOLLOWERS);
    }

    @Test
    void asynchronousCallsWaitWithoutAThread() throws Exception {
        RateLimiters limiters = process("1000/1h", 100);
        use(limiters, 64);
        holdNextAnswer(() -> {});
        FutureTask<RateLimitVerdict> first = start(() -> limiters.tryAcquire("a", "x"));
        await(asked);
        CompletableFuture<RateLimitVerdict> second =
                limiters.tryAcquireAsync("a", "x", 1).toCompletableFuture();
        assertThat(second).isNotDone();
        answering.countDown();
        assertThat(first.get(10, TimeUnit.SECONDS).admitted()).isTrue();
        assertThat(second.get(10, TimeUnit.SECONDS).source()).isEqualTo(RateSource.LEASE);
    }

    @Test
    void theRefusalOfTheFirstIsSharedAsLongAsItHolds() throws Exception {
        RateLimiters limiters = process("10/1h", 5);
        use(limiters, 10);
        holdNextAnswer(() -> {});
        int before = store.calls;
        List<FutureTask<RateLimitVerdict>> calls = leaderAndFollowers(limiters, 1);
        answering.countDown();
        for (FutureTask<RateLimitVerdict> call : calls) {
            RateLimitVerdict verdict = call.get(10, TimeUnit.SECONDS);
            assertThat(verdict.admitted()).isFalse();
            assertThat(verdict.retryAfter()).contains(Duration.ofMinutes(6));
        }
        assertThat(store.calls).isEqualTo(before + 1);
    }

    @Test
    void whomTheFirstBringsNothingAsksForItself() throws Exception {
        RateLimiters limiters = process("1000/1h", 5);
        holdNextAnswer(() -> {});
        int before = store.calls;
        List<FutureTask<RateLimitVerdict>> calls = leaderAndFollowers(limiters, 7);
        answering.countDown();
        for (FutureTask<RateLimitVerdict> call : calls) {
            assertThat(call.get(10, TimeUnit.SECONDS).admitted()).isTrue();
        }
        assertThat(store.calls).isEqualTo(before + 1 + FOLLOWERS);
        assertThat(limiters.peek("a", "x").remaining()).isEqualTo(1_000 - 7 * (1 + FOLLOWERS));
    }

    @Test
    void anOutageCostsAllOfThemOneCall() throws Exception {
        RateLimiters limiters = process("1000/1h", 100);
        use(limiters, 64);
        holdNextAnswer(() -> {
            throw new StoreTimeoutException("No reply");
        });
        int before = store.calls;
        List<FutureTask<RateLimitVerdict>> calls = leaderAndFollowers(limiters, 1);
        answering.countDown();
        for (FutureTask<RateLimitVerdict> call : calls) {
            assertThatThrownBy(() -> call.get(10, TimeUnit.SECONDS))
                    .hasCauseInstanceOf(StoreUnavailableException.class);
        }
        assertThat(store.calls).isEqualTo(before + 1);
        assertThat(limiters.tryAcquire("a", "x").admitted()).isTrue();
    }

    @Test
    void anOutageIsSharedWithoutAThreadToo() throws Exception {
        RateLimiters limiters = process("1000/1h", 100);
        use(limiters, 64);
        holdNextAnswer(() -> {
            throw new StoreTimeoutException("No reply");
        });
        FutureTask<RateLimitVerdict> first = start(() -> limiters.tryAcquire("a", "x"));
        await(asked);
        int before = store.calls;
        CompletableFuture<RateLimitVerdict> second =
                limiters.tryAcquireAsync("a", "x", 1).toCompletableFuture();
        answering.countDown();
        assertThatThrownBy(() -> first.get(10, TimeUnit.SECONDS)).hasCauseInstanceOf(StoreUnavailableException.class);
        assertThatThrownBy(() -> second.get(10, TimeUnit.SECONDS)).hasCauseInstanceOf(StoreUnavailableException.class);
        assertThat(store.calls).isEqualTo(before);
    }

    @Test
    void aBugInTheStoreLeavesNobodyWaiting() throws Exception {
        RateLimiters limiters = process("1000/1h", 100);
        use(limiters, 64);
        holdNextAnswer(() -> {
            throw new IllegalStateException("bug");
        });
        List<FutureTask<RateLimitVerdict>> calls = leaderAndFollowers(limiters, 1);
        answering.countDown();
        for (FutureTask<RateLimitVerdict> call : calls) {
            assertThatThrownBy(() -> call.get(10, TimeUnit.SECONDS)).hasCauseInstanceOf(IllegalStateException.class);
        }
        assertThat(limiters.tryAcquire("a", "x").admitted()).isTrue();
    }
}
