package io.github.stanchion.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.stanchion.annotation.OnContention;
import io.github.stanchion.guard.GuardMode;
import io.github.stanchion.lock.Lease;
import io.github.stanchion.lock.LockNotAcquiredException;
import io.github.stanchion.lock.LockOutcome;
import io.github.stanchion.lock.LockPolicy;
import io.github.stanchion.lock.LockSettings;
import io.github.stanchion.lock.Locks;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/**
 * What locks must come to on every store, as tests of the facade: extend it, open your store, run it.
 *
 * <p>Each {@link Locks} stands for a process of its own. Time is virtual: leases, waits and the store's clock go by one.
 */
public abstract class LockContract extends FlightContract {

    // Several locks

    @Test
    final void eachElementIsLockedOrNoneIs() {
        Locks locks = process(lock().each(true).build());
        Locks single = process();
        Lease held = single.acquire("a", "2");
        LockPolicy once = locks.policies()
                .policy("a", lock().each(true).wait(Duration.ZERO).build());
        assertThatThrownBy(() -> locks.acquire(once, "1", "2", "3")).isInstanceOf(LockNotAcquiredException.class);
        for (String free : List.of("1", "3")) {
            free(single, free).close();
        }
        CompletableFuture<Lease> waiting = start(() -> locks.acquire("a", "3", "1", "2", "1"));
        held.close();
        Lease all = drive(waiting, Duration.ofMillis(20), Duration.ofSeconds(2));
        assertThat(all.fencingTokens()).hasSize(3);
        assertThat(single.tryAcquire("a", "3")).isNull();
        all.close();
        single.acquire("a", "3").close();
    }

    // Contention

    @Test
    final void skippedBodyDoesNotRun() throws Exception {
        Locks one =
                process(LockSettings.builder().onContention(OnContention.SKIP).build());
        Locks two =
                process(LockSettings.builder().onContention(OnContention.SKIP).build());
        try (Lease lease = one.acquire("a", "x")) {
            assertThat(two.callIfFree("a", "x", () -> "ran")).isEmpty();
            assertThat(lease.isHeld()).isTrue();
        }
        assertThat(two.callIfFree("a", "x", () -> "ran")).contains("ran");
        assertThat(count(LockOutcome.SKIPPED)).isEqualTo(1);
    }

    @Test
    final void jobRunsOnOneOfFourNodesAtEachTickThoughTheirClocksDiffer() throws Exception {
        Duration tick = Duration.ofSeconds(60);
        Duration skew = Duration.ofMillis(700);
        List<Locks> nodes = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            nodes.add(process(LockSettings.builder()
                    .onContention(OnContention.SKIP)
                    .atLeast(skew.multipliedBy(4))
                    .build()));
        }
        List<Integer> runs = new ArrayList<>();
        for (int round = 0; round < 20; round++) {
            int number = round;
            for (int i = 0; i < 4; i++) {
                nodes.get((i + round) % 4).callIfFree("a", "job", () -> runs.add(number));
                clock.advance(skew);
            }
            clock.advance(tick.minus(skew.multipliedBy(4)));
        }
        assertThat(runs).hasSize(20).doesNotHaveDuplicates();
        assertThat(count(LockOutcome.SKIPPED)).isEqualTo(60);
    }

    @Test
    final void shadowLockLetsEverybodyIn() throws Exception {
        Locks one = process(lock().mode(GuardMode.SHADOW).build());
        Locks two = process(lock().mode(GuardMode.SHADOW).build());
        one.call("a", "x", () -> two.call("a", "x", () -> "both"));
        assertThat(count(LockOutcome.SHADOW)).isEqualTo(2);
        Locks off = process(lock().mode(GuardMode.OFF).build());
        assertThat(off.call("a", "x", () -> off.holding())).isZero();
    }

    // Results that come later

    @Test
    final void stageIsHeldUntilItCompletes() {
        Locks one = process();
        Locks two = process();
        CompletableFuture<String> work = new CompletableFuture<>();
        CompletableFuture<Boolean> begun = new CompletableFuture<>();
        CompletableFuture<String> result = one.callAsync("a", "x", () -> {
            begun.complete(true);
            return work;
        });
        assertThat(await(begun)).isTrue();
        assertThat(two.tryAcquire("a", "x")).isNull();
        work.complete("done");
        assertThat(await(result)).isEqualTo("done");
        Lease next = free(two, "x");
        next.close();
    }

    @Test
    final void stageThatFailsGivesTheLockBack() {
        Locks one = process();
        CompletableFuture<String> result =
                one.callAsync("a", "x", () -> CompletableFuture.failedFuture(new IllegalStateException("business")));
        assertThatThrownBy(() -> await(result))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("business");
        one.acquire("a", "x").close();
    }

    // Many cycles

    @Test
    final void manyMixedCyclesLeaveNothingBehind() {
        Locks one = process(lock().wait(LockSettings.FOREVER).build());
        Locks two = process(lock().wait(LockSettings.FOREVER).build());
        int cycles = cycles() / THREADS;
        CompletableFuture<?> all = start(() -> Together.run(THREADS, number -> {
            Locks locks = number % 2 == 0 ? one : two;
            for (int i = 0; i < cycles; i++) {
                cycle(locks, number, i);
            }
            return number;
        }));
        long end = System.nanoTime() + Duration.ofMinutes(3).toNanos();
        while (!all.isDone() && System.nanoTime() < end) {
            clock.advance(Duration.ofMillis(5));
            settle(all);
        }
        await(all);
        assertThat(one.holding() + two.holding()).isZero();
        clock.advance(Duration.ofSeconds(2));
        assertThat(sleeper.waiting()).isZero();
    }

    /** How many cycles {@link #manyMixedCyclesLeaveNothingBehind} takes; fewer suit a store that is slow. */
    protected int cycles() {
        return 20_000;
    }

    private static void cycle(Locks locks, int number, int i) {
        String key = "k" + (number * 7 + i) % 5;
        try {
            switch (i % 4) {
                case 0 -> locks.call("a", key, () -> locks.call("a", key, () -> "nested"));
                case 1 -> locks.callIfFree("a", key, () -> "free");
                case 2 -> locks.acquire("a", key).close();
                default ->
                    locks.call("a", key, () -> {
                        throw new IllegalStateException("failing");
                    });
            }
        } catch (IllegalStateException failing) {
            assertThat(failing).hasMessage("failing");
        } catch (Exception trouble) {
            throw new AssertionError(trouble);
        }
    }
}
