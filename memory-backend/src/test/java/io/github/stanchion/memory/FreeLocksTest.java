package io.github.stanchion.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.stanchion.lock.Lease;
import io.github.stanchion.lock.LockPolicies;
import io.github.stanchion.lock.Locks;
import io.github.stanchion.store.Capability;
import io.github.stanchion.store.MicroClock;
import io.github.stanchion.store.StoreFullException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** How long locks that nobody holds any more take up room. */
class FreeLocksTest {

    private static final int MOST = 100;

    private final AtomicLong micros = new AtomicLong(1_800_000_000_000_000L);
    private int next;

    private void assertRoomAgainAfter(Duration time, MicroClock clock, LockPolicies policies) {
        try (MemoryStore store =
                        MemoryStore.builder().clock(clock).maxKeys(MOST).build();
                Locks locks = Locks.builder(policies, store).build()) {
            long token = 0;
            for (int i = 0; i < 3; i++) {
                token = assertTokenAbove(token, locks);
                for (int j = 1; j < MOST; j++) {
                    locks.acquire("order", next++).close();
                }
                micros.addAndGet(time.toMillis() * 1_000 - 1);
                assertThatThrownBy(() -> locks.acquire("order", next)).hasRootCauseInstanceOf(StoreFullException.class);
                micros.incrementAndGet();
            }
        }
    }

    private static long assertTokenAbove(long former, Locks locks) {
        try (Lease lease = locks.acquire("order", "same")) {
            assertThat(lease.fencingToken()).isGreaterThan(former);
            return lease.fencingToken();
        }
    }

    @Test
    void theyAreForgottenAfterSecondsAsTheClockOfThisProcessNeverGoesBack() {
        assertThat(MemoryStore.create().capabilities()).contains(Capability.STEADY_CLOCK);
        assertRoomAgainAfter(
                Duration.ofSeconds(3),
                new MicroClock() {
                    @Override
                    public long micros() {
                        return micros.get();
                    }

                    @Override
                    public boolean isSteady() {
                        return true;
                    }
                },
                LockPolicies.builder().tokenRetention(Duration.ofMinutes(1)).build());
    }

    @Test
    void theyAreRememberedForMinutesWhereItMay() {
        assertRoomAgainAfter(
                Duration.ofMinutes(10), micros::get, LockPolicies.builder().build());
    }

    @Test
    void theyAreRememberedAsLongAsIsSaid() {
        LockPolicies policies =
                LockPolicies.builder().tokenRetention(Duration.ofMinutes(1)).build();
        assertRoomAgainAfter(Duration.ofMinutes(1), micros::get, policies);
    }
}
