package io.github.stanchion.spring.redis;

import io.github.stanchion.guard.GuardConfigurationException;
import io.lettuce.core.RedisCredentialsProvider;
import io.lettuce.core.RedisURI;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.data.redis.connection.RedisClusterConfiguration;
import org.springframework.data.redis.connection.RedisConfiguration;
import org.springframework.data.redis.connection.RedisSentinelConfiguration;
import org.springframework.data.redis.connection.RedisSocketConfiguration;
import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.RedisStaticMasterReplicaConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceClientConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.data.redis.connection.lettuce.LettuceConverters;

/**
 * Reads the servers off a connection factory of Spring Data Redis, with its credentials, TLS, threads and options.
 *
 * <p>Only its settings: its client is closed when the factory stops, and another one made when it starts.
 */
final class DataRedisFactory {

    private final LettuceConnectionFactory factory;
    private final LettuceClientConfiguration client;
    private final @Nullable RedisStaticMasterReplicaConfiguration masterReplica;

    /** @param masterReplica what the factory was made of, if that was a primary and its replicas, as it does not tell */
    DataRedisFactory(LettuceConnectionFactory factory, @Nullable RedisStaticMasterReplicaConfiguration masterReplica) {
        this.factory = factory;
        this.client = factory.getClientConfiguration();
        this.masterReplica = masterReplica;
    }

    RedisServers servers() {
        return arranged()
                .sharing(
                        client.getClientResources().orElse(null),
                        client.getClientOptions().orElse(null));
    }

    private RedisServers arranged() {
        RedisSentinelConfiguration sentinel = factory.getSentinelConfiguration();
        if (sentinel != null) {
            return RedisServers.of(behindSentinels(sentinel));
        }
        RedisClusterConfiguration cluster = factory.getClusterConfiguration();
        if (cluster != null) {
            return RedisServers.cluster(cluster.getClusterNodes().stream()
                    .map(node -> uri(node.getRequiredHost(), node.getRequiredPort(), cluster))
                    .toList());
        }
        RedisSocketConfiguration socket = factory.getSocketConfiguration();
        if (socket != null) {
            RedisURI uri = RedisURI.Builder.socket(socket.getSocket()).build();
            dress(uri, socket);
            uri.setDatabase(socket.getDatabase());
            return RedisServers.of(uri);
        }
        RedisURI uri = masterReplica != null ? primary(masterReplica) : standalone();
        uri.setDatabase(factory.getDatabase());
        return RedisServers.of(uri);
    }

    /** The primary stands first: a store has no use for replicas. */
    private RedisURI primary(RedisStaticMasterReplicaConfiguration servers) {
        RedisStandaloneConfiguration first = servers.getNodes().get(0);
        return uri(first.getHostName(), first.getPort(), servers);
    }

    private RedisURI standalone() {
        RedisStandaloneConfiguration settings = factory.getStandaloneConfiguration();
        String password = settings.getPassword().map(String::new).orElse(null);
        if (!Objects.equals(password, factory.getPassword())) {
            throw new GuardConfigurationException(
                    "Redis is to be found by a bean of type LettuceConnectionFactory that does not tell its user, as it"
                            + " was made of a RedisConfiguration",
                    "Make it of a RedisStandaloneConfiguration, or set stanchion.redis.uri.");
        }
        return uri(factory.getHostName(), factory.getPort(), settings);
    }

    private <C extends RedisConfiguration & RedisConfiguration.WithAuthentication> RedisURI uri(
            String host, int port, C login) {
        RedisURI uri = RedisURI.Builder.redis(host, port).build();
        dress(uri, login);
        return uri;
    }

    private RedisURI behindSentinels(RedisSentinelConfiguration sentinel) {
        RedisURI uri = LettuceConverters.sentinelConfigurationToRedisURI(sentinel);
        dress(uri, sentinel);
        uri.setDatabase(sentinel.getDatabase());
        uri.getSentinels().forEach(this::secure);
        client.getRedisCredentialsProviderFactory().ifPresent(credentials -> {
            RedisCredentialsProvider forSentinels = credentials.createSentinelCredentialsProvider(sentinel);
            uri.getSentinels().forEach(each -> each.setCredentialsProvider(forSentinels));
        });
        return uri;
    }

    private <C extends RedisConfiguration & RedisConfiguration.WithAuthentication> void dress(RedisURI uri, C login) {
        RedisUris.authenticate(
                uri, login.getUsername(), login.getPassword().map(String::new).orElse(null));
        client.getRedisCredentialsProviderFactory()
                .ifPresent(credentials -> uri.setCredentialsProvider(credentials.createCredentialsProvider(login)));
        secure(uri);
    }

    private void secure(RedisURI uri) {
        client.getClientName().ifPresent(uri::setClientName);
        uri.setSsl(client.isUseSsl());
        uri.setVerifyPeer(client.getVerifyMode());
        uri.setStartTls(client.isStartTls());
    }
}
