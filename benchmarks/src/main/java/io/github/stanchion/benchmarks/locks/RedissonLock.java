package io.github.stanchion.benchmarks.locks;

import java.util.concurrent.TimeUnit;
import org.redisson.Redisson;
import org.redisson.api.RLock;
import org.redisson.api.RedissonClient;
import org.redisson.config.Config;

/** Redisson's lock that is renewed, its scripts cached on the server. */
final class RedissonLock implements LockSide {

    private final RedissonClient client;
    private final String prefix;

    RedissonLock(String uri, String prefix) {
        Config config = new Config();
        config.setUseScriptCache(true);
        config.useSingleServer()
                .setAddress(uri)
                .setConnectionMinimumIdleSize(1)
                .setSubscriptionConnectionMinimumIdleSize(1);
        this.client = Redisson.create(config);
        this.prefix = prefix;
    }

    @Override
    public Held take(String lock) throws InterruptedException {
        RLock taken = client.getLock(prefix + lock);
        if (!taken.tryLock(LockContender.LEASE.toMillis(), -1, TimeUnit.MILLISECONDS)) {
            throw new IllegalStateException("Lock '" + lock + "' was not free in time");
        }
        return taken::unlock;
    }

    @Override
    public void close() {
        client.shutdown();
    }
}
