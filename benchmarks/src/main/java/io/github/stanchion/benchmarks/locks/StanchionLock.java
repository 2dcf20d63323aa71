package io.github.stanchion.benchmarks.locks;

import io.github.stanchion.lock.LockPolicies;
import io.github.stanchion.lock.LockSettings;
import io.github.stanchion.lock.Locks;
import io.github.stanchion.redis.RedisStore;
import io.lettuce.core.RedisURI;
import java.time.Duration;
import java.util.Map;

/** The facade, on a store of its own. */
final class StanchionLock implements LockSide {

    private final RedisStore store;
    private final Locks locks;

    StanchionLock(String uri, String prefix) {
        store = RedisStore.builder(RedisURI.create(uri))
                .commandTimeout(Duration.ofSeconds(2))
                .build();
        LockSettings settings = LockSettings.builder()
                .wait(LockContender.LEASE)
                .lease(LockContender.LEASE)
                .build();
        locks = Locks.builder(
                        LockPolicies.builder()
                                .keyPrefix(prefix)
                                .configured(Map.of("load", settings))
                                .build(),
                        store)
                .build();
    }

    @Override
    public Held take(String lock) {
        return locks.acquire("load", lock)::close;
    }

    @Override
    public void close() {
        locks.close();
        store.close();
    }
}
