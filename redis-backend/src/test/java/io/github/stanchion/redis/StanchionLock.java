package io.github.stanchion.redis;

import io.github.stanchion.lock.Lease;
import io.github.stanchion.lock.LockMode;
import io.github.stanchion.lock.LockNotAcquiredException;
import io.github.stanchion.lock.LockPolicies;
import io.github.stanchion.lock.LockPolicy;
import io.github.stanchion.lock.LockRefusal;
import io.github.stanchion.lock.LockReport;
import io.github.stanchion.lock.LockSettings;
import io.github.stanchion.lock.Locks;
import io.lettuce.core.RedisURI;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Our lock, renewed by itself. */
public final class StanchionLock implements DrivenLock {

    static final String NAME = "proof";

    /** More than a server that answers takes, even on a busy machine. */
    private static final Duration TIMEOUT = Duration.ofMillis(500);

    private final Duration lease;
    private final RedisStore store;
    private final Locks locks;

    public StanchionLock(String uri, String prefix, Duration lease) {
        this.lease = lease;
        store = RedisStore.builder(RedisURI.create(uri))
                .keyPrefix(prefix)
                .commandTimeout(TIMEOUT)
                .connectTimeout(TestStores.PATIENT)
                .build();
        store.connect();
        locks = Locks.builder(LockPolicies.builder().keyPrefix(prefix).build(), store)
                .build();
    }

    @Override
    public @Nullable Grip acquire(String key, Duration wait) {
        return acquire(List.of(key), wait, false);
    }

    @Override
    public @Nullable Grip acquireAll(List<String> keys, Duration wait) {
        return acquire(keys, wait, true);
    }

    private @Nullable Grip acquire(List<String> keys, Duration wait, boolean each) {
        LockPolicy policy = locks.policies()
                .policy(
                        NAME,
                        LockSettings.builder()
                                .wait(wait)
                                .lease(lease)
                                .each(each)
                                .build());
        try {
            return new Held(locks.acquire(policy, keys.toArray()), keys);
        } catch (LockNotAcquiredException refused) {
            if (refused.reason() == LockRefusal.HELD || refused.reason() == LockRefusal.TOO_MANY_WAITERS) {
                return null;
            }
            throw refused;
        }
    }

    @Override
    public void close() {
        locks.close();
        store.close();
    }

    private final class Held implements Grip {

        private final Lease held;
        private final List<String> sorted;

        private Held(Lease held, List<String> keys) {
            this.held = held;
            this.sorted = keys.stream().sorted().toList();
        }

        /** Keys have one length here, so the order of their texts is that of their bytes. */
        @Override
        public long token(String key) {
            return held.fencingTokens().get(sorted.indexOf(key));
        }

        @Override
        public long leaseEnd() {
            return System.nanoTime() + held.remaining().toNanos();
        }

        @Override
        public boolean isHeld() {
            return held.isHeld();
        }

        /** Closing a lease tells nothing of what came of it, so the store is asked. */
        @Override
        public boolean release() {
            boolean before = isHeld();
            long end = leaseEnd();
            held.close();
            for (String key : sorted) {
                LockReport report = locks.inspect(NAME, key);
                if (report.mode() != LockMode.FREE && report.token() == token(key)) {
                    throw new IllegalStateException("Lock is not given back yet");
                }
            }
            if (before && System.nanoTime() > end) {
                throw new IllegalStateException("Lock was given back, or had been lost");
            }
            return before;
        }
    }
}
