package io.github.stanchion.spring.redis;

import io.github.stanchion.redis.RedisStore;
import io.github.stanchion.redis.RedisStoreBuilder;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisURI;
import io.lettuce.core.resource.ClientResources;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Which servers a store is kept on, and what of another client is shared with it: threads, TLS, credentials; never the client.
 *
 * @param uris one server or set of Sentinels; or seeds of a Cluster
 * @param resources the threads to share; null = own ones
 * @param options what to take over of them; null = Lettuce's own
 */
record RedisServers(
        List<RedisURI> uris, boolean cluster, @Nullable ClientResources resources, @Nullable ClientOptions options) {

    RedisServers {
        uris = List.copyOf(uris);
    }

    static RedisServers of(RedisURI uri) {
        return new RedisServers(List.of(uri), false, null, null);
    }

    static RedisServers cluster(List<RedisURI> seeds) {
        return new RedisServers(seeds, true, null, null);
    }

    RedisServers sharing(@Nullable ClientResources resources, @Nullable ClientOptions options) {
        return new RedisServers(uris, cluster, resources, options);
    }

    RedisStoreBuilder builder() {
        RedisStoreBuilder builder = cluster ? RedisStore.clusterBuilder(uris) : RedisStore.builder(uris.get(0));
        if (resources != null) {
            builder.clientResources(resources);
        }
        if (options != null) {
            builder.clientOptions(options);
        }
        return builder;
    }

    /** The addresses, without credentials. */
    @Override
    public String toString() {
        return uris.stream().map(RedisServers::address).collect(Collectors.joining(", "));
    }

    private static String address(RedisURI uri) {
        if (uri.getSentinelMasterId() != null) {
            return uri.getSentinelMasterId() + " of Sentinels "
                    + uri.getSentinels().stream().map(RedisServers::address).collect(Collectors.joining(", "));
        }
        return uri.getSocket() != null ? uri.getSocket() : uri.getHost() + ":" + uri.getPort();
    }
}
