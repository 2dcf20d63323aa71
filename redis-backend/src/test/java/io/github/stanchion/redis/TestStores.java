package io.github.stanchion.redis;

import io.lettuce.core.RedisURI;
import java.time.Duration;

/** Stores on servers that all tests of this JVM share, with so much time that no busy machine makes a call fail. */
final class TestStores {

    static final Duration PATIENT = Duration.ofSeconds(20);

    private TestStores() {}

    private static final class Clusters {
        static final RedisCluster SHARED = RedisCluster.start(3);
    }

    private static final class Sentinels {
        static final RedisSentinel SHARED = RedisSentinel.start();
    }

    static RedisStoreBuilder standalone() {
        return patient(RedisStore.builder(RedisURI.create(RedisUnderTest.uri())));
    }

    static RedisStoreBuilder on(OwnRedis server) {
        return patient(RedisStore.builder(RedisURI.create(server.uri())));
    }

    static RedisStoreBuilder cluster() {
        return on(Clusters.SHARED);
    }

    static RedisStoreBuilder on(RedisCluster cluster) {
        return patient(RedisStore.clusterBuilder(
                cluster.uris().stream().map(RedisURI::create).toList()));
    }

    static RedisStoreBuilder sentinel() {
        return on(Sentinels.SHARED);
    }

    static RedisStoreBuilder on(RedisSentinel sentinel) {
        return patient(RedisStore.builder(RedisURI.create(sentinel.uri())));
    }

    static RedisStoreBuilder patient(RedisStoreBuilder builder) {
        return builder.commandTimeout(PATIENT).connectTimeout(PATIENT);
    }
}
