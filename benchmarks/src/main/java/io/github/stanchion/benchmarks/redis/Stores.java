package io.github.stanchion.benchmarks.redis;

import io.github.stanchion.redis.RedisStore;
import io.github.stanchion.redis.RedisStoreBuilder;
import io.lettuce.core.RedisURI;
import java.time.Duration;

/** Stores that wait long for a reply: a busy machine must show in the times, not as an outage. */
final class Stores {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private Stores() {}

    static RedisStoreBuilder builder(String uri, String prefix) {
        return RedisStore.builder(RedisURI.create(uri))
                .keyPrefix(prefix)
                .commandTimeout(PATIENCE)
                .connectTimeout(PATIENCE);
    }

    static RedisStore open(String uri, String prefix) {
        return builder(uri, prefix).build();
    }

    static RedisStore coalescing(String uri, String prefix) {
        return builder(uri, prefix).coalesce(true).build();
    }
}
