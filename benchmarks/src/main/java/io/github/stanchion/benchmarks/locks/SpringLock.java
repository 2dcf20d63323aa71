package io.github.stanchion.benchmarks.locks;

import java.net.URI;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;
import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.integration.redis.util.RedisLockRegistry;

/** Spring Integration's registry, its waiters woken by pub/sub. */
final class SpringLock implements LockSide {

    private final LettuceConnectionFactory connections;
    private final RedisLockRegistry registry;

    SpringLock(String uri, String prefix) {
        URI server = URI.create(uri);
        connections =
                new LettuceConnectionFactory(new RedisStandaloneConfiguration(server.getHost(), server.getPort()));
        connections.start();
        registry = new RedisLockRegistry(connections, prefix, LockContender.LEASE);
        registry.setRedisLockType(RedisLockRegistry.RedisLockType.PUB_SUB_LOCK);
    }

    @Override
    public Held take(String lock) throws InterruptedException {
        Lock taken = registry.obtain(lock);
        if (!taken.tryLock(LockContender.LEASE.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new IllegalStateException("Lock '" + lock + "' was not free in time");
        }
        return taken::unlock;
    }

    @Override
    public void close() {
        registry.destroy();
        connections.destroy();
    }
}
