package io.github.stanchion.benchmarks.locks;

import io.github.stanchion.redis.DrivenLock;
import java.net.URI;
import java.time.Duration;
import java.util.ConcurrentModificationException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceClientConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.integration.redis.util.RedisLockRegistry;
import org.springframework.integration.support.locks.DistributedLock;
import org.springframework.scheduling.concurrent.SimpleAsyncTaskScheduler;

/** Spring Integration's registry of locks, which it renews; it has no tokens. */
public final class SpringRegistry implements DrivenLock {

    private static final Duration TIMEOUT = Duration.ofSeconds(2);

    private final LettuceConnectionFactory connections;
    private final SimpleAsyncTaskScheduler scheduler = new SimpleAsyncTaskScheduler();
    private final RedisLockRegistry registry;
    private final Duration lease;

    public SpringRegistry(String uri, String prefix, Duration lease) {
        URI server = URI.create(uri);
        connections = new LettuceConnectionFactory(
                new RedisStandaloneConfiguration(server.getHost(), server.getPort()),
                LettuceClientConfiguration.builder().commandTimeout(TIMEOUT).build());
        connections.start();
        registry = new RedisLockRegistry(connections, prefix, lease);
        registry.setRenewalTaskScheduler(scheduler);
        this.lease = lease;
    }

    @Override
    public @Nullable Grip acquire(String key, Duration wait) {
        DistributedLock lock = registry.obtain(key);
        try {
            return lock.tryLock(wait.toMillis(), TimeUnit.MILLISECONDS)
                    ? new Held(lock, System.nanoTime() + lease.toNanos())
                    : null;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return null;
        }
    }

    @Override
    public void close() {
        registry.destroy();
        scheduler.close();
        connections.destroy();
    }

    private record Held(DistributedLock lock, long leaseEnd) implements Grip {

        @Override
        public long token(String any) {
            return 0;
        }

        @Override
        public boolean isHeld() {
            return System.nanoTime() < leaseEnd;
        }

        @Override
        public boolean release() {
            try {
                lock.unlock();
                return true;
            } catch (ConcurrentModificationException notHeld) {
                return false;
            }
        }
    }
}
