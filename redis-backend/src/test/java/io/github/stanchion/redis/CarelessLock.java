package io.github.stanchion.redis;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SetArgs;
import io.lettuce.core.api.sync.RedisCommands;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A lock as found in many a blog, for the proof to find fault with: whoever releases it deletes it, whosever it is by then, and
 * its tokens are counted beside it.
 */
public final class CarelessLock implements DrivenLock {

    private final RedisClient client;
    private final RedisCommands<String, String> commands;
    private final String prefix;
    private final Duration lease;

    public CarelessLock(String uri, String prefix, Duration lease) {
        client = RedisClient.create(RedisURI.create(uri));
        commands = client.connect().sync();
        this.prefix = prefix;
        this.lease = lease;
    }

    @Override
    public @Nullable Grip acquire(String key, Duration wait) {
        long deadline = System.nanoTime() + wait.toNanos();
        do {
            long sent = System.nanoTime();
            if (commands.set(prefix + key, "taken", SetArgs.Builder.nx().px(lease.toMillis())) != null) {
                return new Taken(prefix + key, commands.incr(prefix + key + ":token"), sent + lease.toNanos());
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
        } while (System.nanoTime() < deadline);
        return null;
    }

    @Override
    public void close() {
        client.shutdown();
    }

    private final class Taken implements Grip {

        private final String key;
        private final long token;
        private final long leaseEnd;

        private Taken(String key, long token, long leaseEnd) {
            this.key = key;
            this.token = token;
            this.leaseEnd = leaseEnd;
        }

        @Override
        public long token(String any) {
            return token;
        }

        @Override
        public long leaseEnd() {
            return leaseEnd;
        }

        @Override
        public boolean isHeld() {
            return System.nanoTime() < leaseEnd;
        }

        @Override
        public boolean release() {
            return commands.del(key) == 1;
        }
    }
}
