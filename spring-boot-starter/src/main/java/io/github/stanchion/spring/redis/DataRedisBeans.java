package io.github.stanchion.spring.redis;

import io.github.stanchion.guard.GuardConfigurationException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.AnnotatedBeanDefinition;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.type.MethodMetadata;
import org.springframework.data.redis.connection.RedisConfiguration;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.connection.RedisStaticMasterReplicaConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/** Finds the connection factory of Spring Data Redis that an application goes by. */
final class DataRedisBeans {

    private static final String BOOT = "org.springframework.boot.data.redis.autoconfigure.";

    private DataRedisBeans() {}

    /** A connection factory, or settings for one, that the application and not Spring Boot defines; null if there is none. */
    static @Nullable String ofTheApplication(ConfigurableListableBeanFactory beans) {
        for (Class<?> type : List.of(RedisConnectionFactory.class, RedisConfiguration.class)) {
            for (String name : beans.getBeanNamesForType(type, true, false)) {
                if (!isBoots(beans, name)) {
                    return "'" + name + "' of type " + type.getSimpleName();
                }
            }
        }
        return null;
    }

    static boolean isBoots(ConfigurableListableBeanFactory beans, String name) {
        if (beans.containsBeanDefinition(name)
                && beans.getBeanDefinition(name) instanceof AnnotatedBeanDefinition definition) {
            MethodMetadata method = definition.getFactoryMethodMetadata();
            return method != null && method.getDeclaringClassName().startsWith(BOOT);
        }
        return false;
    }

    /**
     * The servers of the Lettuce factory; null if there is no factory, or one that Spring Boot has made for another client by
     * settings that anybody may read.
     *
     * @param masterReplica where Spring Boot says that a primary and replicas are
     */
    static @Nullable RedisServers servers(
            ConfigurableListableBeanFactory beans, @Nullable RedisStaticMasterReplicaConfiguration masterReplica) {
        List<LettuceConnectionFactory> all =
                beans.getBeanProvider(LettuceConnectionFactory.class).stream().toList();
        LettuceConnectionFactory factory =
                beans.getBeanProvider(LettuceConnectionFactory.class).getIfUnique();
        if (factory != null) {
            return new DataRedisFactory(
                            factory,
                            beans.getBeanProvider(RedisStaticMasterReplicaConfiguration.class)
                                    .getIfUnique(() -> masterReplica))
                    .servers();
        }
        if (!all.isEmpty()) {
            throw new GuardConfigurationException(
                    "Redis is to be found by a bean of type LettuceConnectionFactory, and there are " + all.size(),
                    "Mark one of them with @Primary, or set stanchion.redis.uri.");
        }
        return null;
    }

    /** Refuses to guess what a factory of the application says that is not Lettuce's, as one of Jedis. */
    static void requireReadable(ConfigurableListableBeanFactory beans) {
        for (String name : beans.getBeanNamesForType(RedisConnectionFactory.class, true, false)) {
            if (!isBoots(beans, name)) {
                throw new GuardConfigurationException(
                        "Redis is to be found by bean '" + name + "', which is no LettuceConnectionFactory and does not"
                                + " tell its settings",
                        "Set stanchion.redis.uri or spring.data.redis.url; or stanchion.store=memory to keep state in"
                                + " memory.");
            }
        }
    }
}
