package io.github.stanchion.benchmarks.locks;

import io.github.stanchion.redis.DrivenLock;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.redisson.Redisson;
import org.redisson.api.RFencedLock;
import org.redisson.api.RedissonClient;
import org.redisson.config.Config;

/** Redisson's lock with tokens, for a lease that its holder counts from before it asked. */
public final class RedissonFenced implements DrivenLock {

    private final RedissonClient client;
    private final String prefix;
    private final Duration lease;

    public RedissonFenced(String uri, String prefix, Duration lease) {
        Config config = new Config();
        config.useSingleServer().setAddress(uri);
        client = Redisson.create(config);
        this.prefix = prefix;
        this.lease = lease;
    }

    @Override
    public @Nullable Grip acquire(String key, Duration wait) {
        RFencedLock lock = client.getFencedLock(prefix + key);
        long end = System.nanoTime() + lease.toNanos();
        Long token = lock.tryLockAndGetToken(wait.toMillis(), lease.toMillis(), TimeUnit.MILLISECONDS);
        return token == null ? null : new Held(lock, token, end);
    }

    @Override
    public void close() {
        client.shutdown();
    }

    private record Held(RFencedLock lock, long token, long leaseEnd) implements Grip {

        @Override
        public long token(String any) {
            return token;
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
            } catch (IllegalMonitorStateException notHeld) {
                return false;
            }
        }
    }
}
