package io.github.stanchion.benchmarks.locks;

import io.github.stanchion.benchmarks.redis.Lettuce;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.SetArgs;
import io.lettuce.core.api.async.RedisAsyncCommands;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicLong;

/** What a lock costs at least: set if absent, deleted if it is still the holder's; nobody waits for it, and it has no tokens. */
final class RawLock implements LockSide {

    private static final String SCRIPT =
            "if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end return 0";

    private final Lettuce lettuce;
    private final RedisAsyncCommands<byte[], byte[]> commands;
    private final String prefix;
    private final String digest;
    private final AtomicLong holders = new AtomicLong();

    RawLock(String uri, String prefix) {
        this.lettuce = new Lettuce(uri);
        this.commands = lettuce.connect().async();
        this.prefix = prefix;
        this.digest = Lettuce.await(commands.scriptLoad(SCRIPT));
    }

    @Override
    public Held take(String lock) {
        byte[] key = (prefix + lock).getBytes(StandardCharsets.UTF_8);
        byte[] holder = Long.toString(holders.incrementAndGet()).getBytes(StandardCharsets.US_ASCII);
        if (Lettuce.await(commands.set(key, holder, SetArgs.Builder.nx().px(LockContender.LEASE))) == null) {
            throw new IllegalStateException("Lock '" + lock + "' is held; this side does not wait");
        }
        return () -> {
            Long deleted =
                    Lettuce.await(commands.<Long>evalsha(digest, ScriptOutputType.INTEGER, new byte[][] {key}, holder));
            if (deleted != 1) {
                throw new IllegalStateException("Lock '" + lock + "' was lost");
            }
        };
    }

    @Override
    public void close() {
        lettuce.close();
    }
}
