package io.github.stanchion.benchmarks.redis;

import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.codec.RedisCodec;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;

/** A client with one pipelined connection, which is what Lettuce advises for any number of threads. */
public final class Lettuce implements AutoCloseable {

    private final RedisClient client;

    public Lettuce(String uri) {
        client = RedisClient.create(uri);
    }

    public StatefulRedisConnection<byte[], byte[]> connect() {
        return connect(ByteArrayCodec.INSTANCE);
    }

    <K, V> StatefulRedisConnection<K, V> connect(RedisCodec<K, V> codec) {
        return client.connect(codec);
    }

    static byte[][] keys(Subjects subjects) {
        byte[][] keys = new byte[subjects.count()][];
        for (int i = 0; i < keys.length; i++) {
            keys[i] = subjects.key(i).text().getBytes(StandardCharsets.US_ASCII);
        }
        return keys;
    }

    /** Waits on the future itself: the synchronous API puts a proxy and a timer between. */
    public static <T> T await(Future<T> reply) {
        try {
            return reply.get();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Caller was interrupted before the reply", interrupted);
        } catch (ExecutionException failed) {
            throw new IllegalStateException("Command failed", failed.getCause());
        }
    }

    @Override
    public void close() {
        client.shutdown();
    }
}
