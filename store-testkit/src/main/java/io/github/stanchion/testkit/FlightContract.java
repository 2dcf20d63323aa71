package io.github.stanchion.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.stanchion.annotation.LeaseRenewal;
import io.github.stanchion.annotation.WaitOver;
import io.github.stanchion.lock.Lease;
import io.github.stanchion.lock.LeaseLostException;
import io.github.stanchion.lock.LockNotAcquiredException;
import io.github.stanchion.lock.LockOutcome;
import io.github.stanchion.lock.LockSettings;
import io.github.stanchion.lock.Locks;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What {@link LockContract} says of computations that one process makes for all. */
abstract class FlightContract extends LeaseContract {

    /** The dogpile of aiocache's tests, whose locks let the next ones in once the lease of the first was over. */
    @Test
    final void whoWaitsForAComputationFindsItsResultThoughItTookLongerThanTheLease() {
        List<Locks> fleet = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            fleet.add(process(lock().wait(LockSettings.FOREVER).build()));
        }
        Map<String, String> cache = new ConcurrentHashMap<>();
        AtomicInteger computed = new AtomicInteger();
        CompletableFuture<List<String>> all = start(() -> Together.run(4, number -> {
            try (Lease lease = fleet.get(number).acquire("a", "x")) {
                String known = cache.get("x");
                if (known == null) {
                    outlast(lease);
                    known = "result " + computed.incrementAndGet();
                    cache.put("x", known);
                }
                return known;
            }
        }));
        while (cache.isEmpty() && !all.isDone()) {
            Thread.onSpinWait();
        }
        assertThat(drive(all, Duration.ofMillis(10), Duration.ofSeconds(10)))
                .containsExactly("result 1", "result 1", "result 1", "result 1");
    }

    private void outlast(Lease lease) {
        for (int i = 0; i < 45; i++) {
            clock.advance(LEASE.dividedBy(30));
            awaitRenewal(lease);
        }
    }

    @Test
    final void oneOfAllComputesAndTheOthersGetItsResult() {
        List<Locks> fleet = List.of(process(), process(), process());
        AtomicInteger computed = new AtomicInteger();
        CompletableFuture<List<String>> all = start(() -> Together.run(THREADS, number -> {
            try {
                return fleet.get(number % 3).singleFlight("a", "x", String.class, () -> {
                    computed.incrementAndGet();
                    awaitOthers(fleet);
                    return "price";
                });
            } catch (Exception error) {
                throw new AssertionError(error);
            }
        }));
        assertThat(drive(all, Duration.ofMillis(1), Duration.ofSeconds(1)))
                .hasSize(THREADS)
                .containsOnly("price");
        assertThat(computed).hasValue(1);
        assertThat(count(LockOutcome.SHARED)).isEqualTo(THREADS - 1);
    }

    /** Until the others have come; those of other processes are in the store's line then. */
    private static void awaitOthers(List<Locks> fleet) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (fleet.stream().mapToInt(Locks::waiting).sum() < 2 && System.nanoTime() < end) {
            Thread.onSpinWait();
        }
    }

    @Test
    final void resultServesThoseWhoComeSoonAfterAndNobodyLater() throws Exception {
        Locks one = process(lock().share(Duration.ofSeconds(1)).build());
        Locks two = process(lock().share(Duration.ofSeconds(1)).build());
        AtomicInteger computed = new AtomicInteger();
        Callable<String> body = () -> "result " + computed.incrementAndGet();
        assertThat(one.singleFlight("a", "x", String.class, body)).isEqualTo("result 1");
        clock.advance(Duration.ofMillis(999));
        assertThat(two.singleFlight("a", "x", String.class, body)).isEqualTo("result 1");
        clock.advance(Duration.ofMillis(2));
        assertThat(two.singleFlight("a", "x", String.class, body)).isEqualTo("result 2");
    }

    @Test
    final void leaderThatFailsIsFollowedByAnother() {
        Locks one = process();
        AtomicInteger computed = new AtomicInteger();
        CompletableFuture<String> leader = new CompletableFuture<>();
        CompletableFuture<String> first = one.singleFlightAsync("a", "x", String.class, () -> {
            computed.incrementAndGet();
            return leader;
        });
        CompletableFuture<String> second = start(() -> one.singleFlight("a", "x", String.class, () -> {
            computed.incrementAndGet();
            return "second";
        }));
        sleeperWaits(second);
        leader.completeExceptionally(new IllegalStateException("leader"));
        assertThatThrownBy(() -> await(first))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("leader");
        assertThat(drive(second, Duration.ofMillis(10), Duration.ofSeconds(1))).isEqualTo("second");
        assertThat(computed).hasValue(2);
    }

    @Test
    final void leaderThatHangsAfterItsLockIsLostIsFollowedByAnother() {
        Locks locks = process(
                lock().renew(LeaseRenewal.NEVER).wait(LockSettings.FOREVER).build());
        CompletableFuture<String> hung = new CompletableFuture<>();
        CompletableFuture<String> first = locks.singleFlightAsync("a", "x", String.class, () -> hung);
        CompletableFuture<String> second = start(() -> locks.singleFlight("a", "x", String.class, () -> "second"));
        sleeperWaits(second);
        assertThat(drive(second, Duration.ofMillis(20), SPAN.plusMillis(200))).isEqualTo("second");
        hung.complete("first");
        assertThatThrownBy(() -> await(first)).isInstanceOf(LeaseLostException.class);
    }

    @Test
    final void waitThatIsOverComputesOnlyWhereThatIsAskedFor() {
        Locks one = process();
        Lease held = one.acquire("a", "x");
        Locks failing = process();
        Locks computing = process(lock().waitOver(WaitOver.COMPUTE).build());
        CompletableFuture<String> refused = start(() -> failing.singleFlight("a", "x", String.class, () -> "computed"));
        assertThatThrownBy(() -> drive(refused, Duration.ofMillis(20), Duration.ofSeconds(4)))
                .isInstanceOf(LockNotAcquiredException.class);
        CompletableFuture<String> computed =
                start(() -> computing.singleFlight("a", "x", String.class, () -> "computed"));
        assertThat(drive(computed, Duration.ofMillis(20), Duration.ofSeconds(4)))
                .isEqualTo("computed");
        held.close();
    }
}
