package io.github.stanchion.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.stanchion.annotation.LeaseRenewal;
import io.github.stanchion.lock.Lease;
import io.github.stanchion.lock.LeaseLoss;
import io.github.stanchion.lock.LeaseLostException;
import io.github.stanchion.lock.LockEvent;
import io.github.stanchion.lock.LockNotAcquiredException;
import io.github.stanchion.lock.LockOutcome;
import io.github.stanchion.lock.LockSettings;
import io.github.stanchion.lock.Locks;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** What {@link LockContract} says of leases: renewed, lost, taken away, entered again. */
abstract class LeaseContract extends LockWaitContract {

    // Leases

    @Test
    final void leaseIsRenewedForAsLongAsItIsHeld() {
        Locks one = process();
        Locks two = process();
        Lease lease = one.acquire("a", "x");
        for (int i = 0; i < 200; i++) {
            clock.advance(Duration.ofMillis(100));
            if (i % 10 == 9) {
                awaitRenewal(lease);
                assertThat(two.tryAcquire("a", "x")).isNull();
            }
        }
        assertThat(lease.isHeld()).isTrue();
        lease.close();
        Lease next = free(two, "x");
        next.close();
    }

    /** Renewals answer in real time, and virtual time must not run away from them. */
    @Test
    final void refusedCallIsToldHowLongALockThatIsNeverRenewedIsStillHeld() {
        Locks one = process(
                lock().renew(LeaseRenewal.NEVER).wait(Duration.ofMillis(1)).build());
        Locks two = process(
                lock().renew(LeaseRenewal.NEVER).wait(Duration.ofMillis(1)).build());
        Lease lease = one.acquire("a", "x");
        clock.advance(Duration.ofSeconds(1));
        CompletableFuture<Lease> refused = start(() -> two.acquire("a", "x"));
        assertThatThrownBy(() -> drive(refused, Duration.ofMillis(1), Duration.ofSeconds(1)))
                .isInstanceOfSatisfying(LockNotAcquiredException.class, held -> assertThat(held.retryAfter())
                        .hasValueSatisfying(
                                after -> assertThat(after).isBetween(SPAN.minusSeconds(2), SPAN.minusSeconds(1))));
        lease.close();
    }

    @Test
    final void holderThatIsGoneBlocksNobodyBeyondItsLease() {
        Locks one = process(lock().renew(LeaseRenewal.NEVER).build());
        Locks two = process();
        Lease lost = one.acquire("a", "x");
        long begun = clock.micros();
        assertThat(two.tryAcquire("a", "x")).isNull();
        clock.advance(SPAN.minusNanos(1_000));
        assertThat(two.tryAcquire("a", "x")).isNull();
        clock.advanceMicros(1);
        Lease next = free(two, "x");
        assertThat(clock.micros() - begun).isEqualTo(SPAN.toNanos() / 1_000);
        assertThat(lost.isHeld()).isFalse();
        assertThatThrownBy(lost::checkpoint).isInstanceOf(LeaseLostException.class);
        lost.close();
        assertThat(next.verify()).isTrue();
        next.close();
    }

    @Test
    final void bodyThatHangsAfterItsLockIsLostHoldsUpNobodyOfItsOwnProcess() {
        Locks locks = process(
                lock().renew(LeaseRenewal.NEVER).wait(LockSettings.FOREVER).build());
        Lease hung = locks.acquire("a", "x");
        CompletableFuture<Lease> waiting = start(() -> locks.acquire("a", "x"));
        awaitWaiting(locks, 1);
        Lease next = drive(waiting, Duration.ofMillis(20), SPAN.plusMillis(200));
        assertThat(hung.isHeld()).isFalse();
        assertThat(next.isHeld()).isTrue();
        assertThat(await(start(() -> Optional.ofNullable(locks.tryAcquire("a", "x")))))
                .isEmpty();
        hung.close();
        assertThat(next.isHeld()).isTrue();
        assertThat(next.verify()).isTrue();
        next.close();
    }

    @Test
    final void lostLeaseIsNoticedAndTheResultDropped() {
        Locks one = process(lock().renew(LeaseRenewal.NEVER).build());
        List<String> reactions = new ArrayList<>();
        assertThatThrownBy(() -> one.call("a", "x", () -> {
                    Lease.current("a").onLost(() -> reactions.add("lost"));
                    clock.advance(LEASE.plusMillis(100));
                    return "result";
                }))
                .isInstanceOfSatisfying(LeaseLostException.class, lost -> {
                    assertThat(lost.reason()).isEqualTo(LeaseLoss.EXPIRED);
                    assertThat(lost.phase()).isEqualTo(LeaseLostException.Phase.NO_TRANSACTION);
                });
        assertThat(reactions).containsExactly("lost");
        assertThat(events.stream().filter(LockEvent.Lost.class::isInstance)).hasSize(1);
    }

    @Test
    final void errorOfTheBodyWinsOverTheLoss() {
        Locks one = process(lock().renew(LeaseRenewal.NEVER).build());
        IllegalStateException business = new IllegalStateException("business");
        assertThatThrownBy(() -> one.call("a", "x", () -> {
                    clock.advance(LEASE.plusMillis(100));
                    throw business;
                }))
                .isSameAs(business);
        assertThat(business.getSuppressed())
                .hasOnlyElementsOfType(LeaseLostException.class)
                .hasSize(1);
    }

    @Test
    final void longestHoldEndsTheLease() {
        Locks one = process(lock().maxHold(Duration.ofSeconds(5)).build());
        Lease lease = one.acquire("a", "x");
        for (int i = 0; i < 49; i++) {
            clock.advance(Duration.ofMillis(100));
            awaitRenewal(lease);
        }
        assertThat(lease.isHeld()).isTrue();
        clock.advance(Duration.ofMillis(400));
        assertThat(lease.isHeld()).isFalse();
        assertThat(events.stream()
                        .filter(event -> event instanceof LockEvent.Lost lost && lost.reason() == LeaseLoss.MAX_HOLD))
                .hasSize(1);
        lease.close();
    }

    @Test
    final void lockThatTheStoreHasLostIsLost() {
        Locks one = process();
        Lease lease = one.acquire("a", "x");
        assertThat(lease.verify()).isTrue();
        delete(keyOf("x"));
        assertThat(lease.verify()).isFalse();
        assertThat(events.stream()
                        .filter(event -> event instanceof LockEvent.Lost lost && lost.reason() == LeaseLoss.STORE_LOST))
                .hasSize(1);
        lease.close();
    }

    @Test
    final void lockThatIsTakenAwayIsTheNextOnesAndItsHolderLearnsOfIt() {
        Locks one = process();
        Locks two = process();
        Lease lease = one.acquire("a", "x");
        CompletableFuture<Lease> waiting = two.acquireAsync("a", "x");
        sleeperWaits(waiting);
        assertThat(two.forceRelease("a", "other")).isFalse();
        assertThat(two.forceRelease("a", "x")).isTrue();
        Lease next = drive(waiting, Duration.ofMillis(10), Duration.ofSeconds(2));
        assertThat(next.fencingToken()).isGreaterThan(lease.fencingToken());
        assertThat(lease.verify()).isFalse();
        lease.close();
        assertThat(next.verify()).isTrue();
        // The holder in this process knows at once.
        assertThat(two.forceRelease("a", "x")).isTrue();
        assertThat(next.isHeld()).isFalse();
        next.close();
        assertThat(events.stream()
                        .filter(event -> event instanceof LockEvent.Lost lost && lost.reason() == LeaseLoss.STOLEN))
                .hasSize(2);
        free(one, "x").close();
    }

    @Test
    final void leastHoldOutlastsTheBody() throws Exception {
        Locks one = process(lock().atLeast(Duration.ofSeconds(60))
                .maxHold(Duration.ofHours(1))
                .build());
        Locks two = process();
        assertThat(one.call("a", "x", () -> "done")).isEqualTo("done");
        clock.advance(Duration.ofSeconds(60).minusNanos(1_000));
        assertThat(two.tryAcquire("a", "x")).isNull();
        clock.advanceMicros(1);
        Lease next = free(two, "x");
        next.close();
    }

    // Re-entry

    @Test
    final void holderEntersAgainWithTheSameToken() throws Exception {
        Locks locks = process();
        locks.call("a", "x", () -> {
            long token = Lease.current("a").fencingToken();
            try (Lease again = locks.acquire("a", "x")) {
                assertThat(again.fencingToken()).isEqualTo(token);
            }
            locks.call("a", "x", () -> {
                Lease.assertHeld("a");
                return null;
            });
            assertThat(Lease.current("a").isHeld()).isTrue();
            assertThat(start(() -> locks.tryAcquire("a", "x") == null).join()).isTrue();
            return null;
        });
        assertThat(count(LockOutcome.REENTERED)).isEqualTo(2);
        assertThatThrownBy(() -> Lease.assertHeld("a")).isInstanceOf(IllegalStateException.class);
    }

    @Test
    final void lockThatIsNotReentrantSaysSo() throws Exception {
        Locks locks = process(lock().reentrant(false).build());
        locks.call("a", "x", () -> {
            assertThatThrownBy(() -> locks.acquire("a", "x"))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("'a'");
            return null;
        });
    }
}
