package io.github.stanchion.spring.test;

import io.github.stanchion.lock.Lease;
import io.github.stanchion.lock.LockPolicies;
import io.github.stanchion.lock.Locks;
import io.github.stanchion.store.AtomicStore;
import io.github.stanchion.testkit.VirtualClock;
import io.github.stanchion.testkit.VirtualSleeper;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Another process of the application, as far as its locks can tell. Thread-safe. */
final class OtherNode implements AutoCloseable {

    private final Locks locks;

    OtherNode(LockPolicies policies, AtomicStore store, @Nullable VirtualClock clock) {
        Locks.Builder builder = Locks.builder(policies, store);
        if (clock != null) {
            builder.drivenBy(() -> TimeUnit.MICROSECONDS.toNanos(clock.micros()))
                    .sleeper(VirtualSleeper.uncounted(clock));
        }
        this.locks = builder.build();
    }

    /** Takes the lock at once. */
    Lease hold(String name, Object... key) {
        Lease lease = locks.tryAcquireAsync(name, key)
                .join()
                .orElseThrow(() -> new IllegalStateException(
                        "Lock '" + name + "' is held by somebody else already; end that first"));
        if (lease.fencingTokens().isEmpty()) {
            throw new IllegalStateException("Lock '" + name + "' is switched off, so nobody can hold it");
        }
        return lease;
    }

    void end() {
        locks.held().forEach(lease -> lease.releaseAsync().join());
        locks.forgetOutages();
    }

    @Override
    public void close() {
        locks.close();
    }
}
