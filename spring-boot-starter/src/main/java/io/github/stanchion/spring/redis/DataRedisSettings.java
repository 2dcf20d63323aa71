package io.github.stanchion.spring.redis;

import io.github.stanchion.guard.GuardConfigurationException;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SslOptions;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.core.env.Environment;
import org.springframework.util.StringUtils;

/**
 * Where {@code spring.data.redis} says that Redis is, for applications without Spring Data Redis; other keys there are none of
 * ours. Names, defaults and precedence are Spring Boot's.
 */
record DataRedisSettings(
        @Nullable String url,
        @Nullable String host,
        @Nullable Integer port,
        @Nullable String username,
        @Nullable String password,
        @Nullable Integer database,
        @Nullable String clientName,
        @Nullable Ssl ssl,
        @Nullable Sentinel sentinel,
        @Nullable Nodes cluster,
        @Nullable Nodes masterreplica) {

    private static final String PREFIX = "spring.data.redis";

    record Ssl(@Nullable Boolean enabled, @Nullable String bundle) {

        boolean isEnabled() {
            return enabled != null ? enabled : StringUtils.hasText(bundle);
        }
    }

    record Sentinel(
            @Nullable String master,
            @Nullable List<String> nodes,
            @Nullable String username,
            @Nullable String password) {}

    record Nodes(@Nullable List<String> nodes) {

        /** Empty if there are none. */
        static List<String> in(@Nullable Nodes given) {
            return given == null || given.nodes == null ? List.of() : given.nodes;
        }
    }

    static DataRedisSettings of(Environment environment) {
        return Binder.get(environment).bindOrCreate(PREFIX, Bindable.of(DataRedisSettings.class));
    }

    /** A key by which the application says that it has a Redis; null if it does not. */
    @Nullable
    String firstKey() {
        Map<String, Boolean> given = new LinkedHashMap<>();
        given.put("url", StringUtils.hasText(url));
        given.put("host", StringUtils.hasText(host));
        given.put("port", port != null);
        given.put("sentinel.master", sentinel != null && StringUtils.hasText(sentinel.master));
        given.put("cluster.nodes", !Nodes.in(cluster).isEmpty());
        given.put("masterreplica.nodes", !Nodes.in(masterreplica).isEmpty());
        given.put("username", StringUtils.hasText(username));
        given.put("password", StringUtils.hasText(password));
        given.put("database", database != null);
        return given.entrySet().stream()
                .filter(Map.Entry::getValue)
                .map(key -> PREFIX + "." + key.getKey())
                .findFirst()
                .orElse(null);
    }

    /** @param bundle for connections over TLS; null = none, unless the URL's scheme is {@code rediss} */
    RedisServers servers(@Nullable SslBundle bundle) {
        RedisURI common = common();
        if (bundle != null) {
            common.setSsl(true);
        }
        return arranged(common).sharing(null, bundle == null ? null : options(bundle));
    }

    private RedisURI common() {
        RedisURI uri;
        if (StringUtils.hasText(url)) {
            uri = RedisUris.parse(PREFIX + ".url", url);
        } else {
            uri = RedisURI.create(
                    StringUtils.hasText(host) ? host : "localhost", port != null ? port : RedisURI.DEFAULT_REDIS_PORT);
            uri.setDatabase(database != null ? database : 0);
            RedisUris.authenticate(uri, username, password);
        }
        if (StringUtils.hasText(clientName)) {
            uri.setClientName(clientName);
        }
        return uri;
    }

    private RedisServers arranged(RedisURI common) {
        if (sentinel != null && StringUtils.hasText(sentinel.master)) {
            RedisURI like = RedisURI.create(common.getHost(), common.getPort());
            like.applySsl(common);
            RedisUris.authenticate(like, sentinel.username, sentinel.password);
            List<RedisURI> sentinels = nodes("sentinel", sentinel.nodes, like);
            return RedisServers.of(RedisUris.behindSentinels(common, sentinel.master, sentinels));
        }
        List<String> seeds = Nodes.in(cluster);
        if (!seeds.isEmpty()) {
            return RedisServers.cluster(nodes("cluster", seeds, common));
        }
        List<String> masterAndReplicas = Nodes.in(masterreplica);
        if (!masterAndReplicas.isEmpty()) {
            // The primary stands first: a store has no use for replicas.
            return RedisServers.of(
                    nodes("masterreplica", masterAndReplicas, common).get(0));
        }
        return RedisServers.of(common);
    }

    private static List<RedisURI> nodes(String key, @Nullable List<String> nodes, RedisURI like) {
        String property = PREFIX + "." + key + ".nodes";
        if (nodes == null || nodes.isEmpty()) {
            throw new GuardConfigurationException(
                    "Property " + property + " is missing", "List the servers, each as host:port.");
        }
        return nodes.stream().map(node -> RedisUris.at(property, node, like)).toList();
    }

    static ClientOptions options(SslBundle bundle) {
        SslOptions.Builder ssl = SslOptions.builder()
                .keyManager(bundle.getManagers().getKeyManagerFactory())
                .trustManager(bundle.getManagers().getTrustManagerFactory());
        if (bundle.getOptions().getCiphers() != null) {
            ssl.cipherSuites(bundle.getOptions().getCiphers());
        }
        if (bundle.getOptions().getEnabledProtocols() != null) {
            ssl.protocols(bundle.getOptions().getEnabledProtocols());
        }
        return ClientOptions.builder().sslOptions(ssl.build()).build();
    }
}
