package io.github.stanchion.spring.redis;

import io.github.stanchion.guard.GuardConfigurationException;
import io.lettuce.core.RedisURI;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.util.StringUtils;

/** Makes Lettuce's addresses of what stands in settings; messages show no text that may hold a password. */
final class RedisUris {

    private static final String FORMS = "Use redis://[[user:]password@]host[:port][/database], rediss:// for TLS,"
            + " redis-sentinel://host[:port][,...]#master, redis-socket://path, or redis://host:port,host:port for a Cluster.";

    private RedisUris() {}

    /** The servers of {@code stanchion.redis.uri}; several hosts are seeds of a Cluster. */
    static RedisServers servers(String property, String text) {
        RedisURI uri = parse(property, text);
        String hosts = uri.getHost();
        if (hosts == null || hosts.indexOf(',') < 0) {
            return RedisServers.of(uri);
        }
        List<RedisURI> seeds = Arrays.stream(hosts.split(","))
                .map(host -> at(property, host.indexOf(':') < 0 ? host + ":" + uri.getPort() : host, uri))
                .toList();
        return RedisServers.cluster(seeds);
    }

    static RedisURI parse(String property, String text) {
        try {
            return RedisURI.create(text.strip());
        } catch (RuntimeException unreadable) {
            // Its message has the text; so has its cause's.
            throw new GuardConfigurationException("Property " + property + " is no address of a Redis server", FORMS);
        }
    }

    /** Another server that is talked to as {@code like} is. */
    static RedisURI at(String property, String node, RedisURI like) {
        int colon = node.lastIndexOf(':');
        String port = node.substring(colon + 1);
        if (colon < 1 || !port.matches("\\d{1,5}")) {
            throw new GuardConfigurationException(
                    "Server '" + node + "' of property " + property + " has no host and port",
                    "Write host:port, as in redis1:6379.");
        }
        return RedisURI.builder(like)
                .withHost(node.substring(0, colon).replaceAll("[\\[\\]]", ""))
                .withPort(Integer.parseInt(port))
                .build();
    }

    static RedisURI behindSentinels(RedisURI common, String master, List<RedisURI> sentinels) {
        RedisURI uri = new RedisURI();
        uri.applySsl(common);
        uri.applyAuthentication(common);
        uri.setDatabase(common.getDatabase());
        uri.setClientName(common.getClientName());
        uri.setSentinelMasterId(master);
        uri.getSentinels().addAll(sentinels);
        return uri;
    }

    static void authenticate(RedisURI uri, @Nullable String username, @Nullable String password) {
        if (StringUtils.hasText(username)) {
            uri.setAuthentication(username, password == null ? "" : password);
        } else if (StringUtils.hasText(password)) {
            uri.setAuthentication(password);
        }
    }
}
