package io.github.stanchion.spring.redis;

import io.github.stanchion.spring.redis.DataRedisSettings.Nodes;
import io.github.stanchion.spring.redis.DataRedisSettings.Sentinel;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.data.redis.autoconfigure.DataRedisConnectionDetails;
import org.springframework.boot.data.redis.autoconfigure.DataRedisConnectionDetails.Node;
import org.springframework.data.redis.connection.RedisPassword;
import org.springframework.data.redis.connection.RedisStaticMasterReplicaConfiguration;

/** Reads where Spring Boot says that Redis is: its properties, or a service that it has found, as one of Docker Compose. */
final class DataRedisDetails {

    private final DataRedisConnectionDetails details;

    private DataRedisDetails(DataRedisConnectionDetails details) {
        this.details = details;
    }

    /** Details that are not Spring Boot's own reading of properties; null if there are none. */
    static @Nullable String ofTheApplication(ConfigurableListableBeanFactory beans) {
        for (String name : beans.getBeanNamesForType(DataRedisConnectionDetails.class, true, false)) {
            if (!DataRedisBeans.isBoots(beans, name)) {
                return "'" + name + "' of type DataRedisConnectionDetails";
            }
        }
        return null;
    }

    static @Nullable DataRedisDetails find(ConfigurableListableBeanFactory beans) {
        DataRedisConnectionDetails details =
                beans.getBeanProvider(DataRedisConnectionDetails.class).getIfUnique();
        return details == null ? null : new DataRedisDetails(details);
    }

    /** The primary and its replicas that Spring Boot makes a factory of; null if it makes it of something else. */
    @Nullable
    RedisStaticMasterReplicaConfiguration masterReplica() {
        DataRedisConnectionDetails.MasterReplica given = details.getMasterReplica();
        if (given == null) {
            return null;
        }
        Node primary = given.getNodes().get(0);
        RedisStaticMasterReplicaConfiguration servers =
                new RedisStaticMasterReplicaConfiguration(primary.host(), primary.port());
        servers.setUsername(details.getUsername());
        servers.setPassword(RedisPassword.of(details.getPassword()));
        return servers;
    }

    /** The servers, for applications whose client is not Lettuce. */
    RedisServers servers(@Nullable String clientName) {
        DataRedisConnectionDetails.Standalone standalone = details.getStandalone();
        DataRedisConnectionDetails.Sentinel sentinel = details.getSentinel();
        DataRedisConnectionDetails.Cluster cluster = details.getCluster();
        DataRedisConnectionDetails.MasterReplica masterReplica = details.getMasterReplica();
        DataRedisSettings settings = new DataRedisSettings(
                null,
                standalone == null ? null : standalone.getHost(),
                standalone == null ? null : standalone.getPort(),
                details.getUsername(),
                details.getPassword(),
                sentinel != null
                        ? (Integer) sentinel.getDatabase()
                        : standalone == null ? null : standalone.getDatabase(),
                clientName,
                null,
                sentinel == null
                        ? null
                        : new Sentinel(
                                sentinel.getMaster(),
                                texts(sentinel.getNodes()),
                                sentinel.getUsername(),
                                sentinel.getPassword()),
                cluster == null ? null : new Nodes(texts(cluster.getNodes())),
                masterReplica == null ? null : new Nodes(texts(masterReplica.getNodes())));
        return settings.servers(details.getSslBundle());
    }

    private static List<String> texts(List<Node> nodes) {
        return nodes.stream().map(node -> node.host() + ":" + node.port()).toList();
    }
}
