package io.github.stanchion.spring.autoconfigure;

import io.github.stanchion.redis.RedisStore;
import io.github.stanchion.redis.RedisStoreBuilder;
import io.github.stanchion.spring.autoconfigure.StanchionProperties.Eviction;
import io.github.stanchion.spring.autoconfigure.StanchionProperties.StoreType;
import io.github.stanchion.spring.redis.ConfiguredRedis;
import io.github.stanchion.spring.redis.RedisStoreLifecycle;
import io.github.stanchion.spring.redis.RedisStoreLook;
import io.github.stanchion.spring.store.RestartableStore;
import io.github.stanchion.spring.store.StoreNeeds;
import io.github.stanchion.store.AtomicStore;
import io.github.stanchion.store.MicroClock;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

/** The store on Redis, for applications that have one, or that ask for it by {@code stanchion.store}. */
@AutoConfiguration(
        before = StanchionAutoConfiguration.class,
        afterName = "org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration")
@ConditionalOnClass(RedisStore.class)
@Conditional(StanchionRedisAutoConfiguration.OnRedis.class)
public final class StanchionRedisAutoConfiguration {

    @Bean
    ConfiguredRedis stanchionRedis(ConfigurableListableBeanFactory beans, Environment environment) {
        return new ConfiguredRedis(beans, environment);
    }

    @Bean
    ConfiguredStore configuredRedisStore(ConfiguredRedis redis) {
        return new ConfiguredStore(StoreType.REDIS, Objects.requireNonNullElse(redis.by(), "stanchion.store"));
    }

    /** The store and what watches it, unless the application has a store of its own. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnMissingBean(AtomicStore.class)
    static final class Store {

        @Bean
        RedisStoreLifecycle redisStoreLifecycle(
                ConfiguredRedis redis,
                StanchionProperties properties,
                StoreNeeds needs,
                ObjectProvider<MicroClock> clock,
                ObjectProvider<ConfiguredStore> configured) {
            ConfiguredStore.requireOne(configured.orderedStream().toList());
            MicroClock given = clock.getIfUnique();
            return new RedisStoreLifecycle(redis, builder -> settings(builder, properties, given), needs);
        }

        private static RedisStoreBuilder settings(
                RedisStoreBuilder builder, StanchionProperties properties, @Nullable MicroClock clock) {
            StanchionProperties.Redis redis = properties.redis();
            builder.keyPrefix(properties.keyPrefix())
                    .commandTimeout(redis.commandTimeout())
                    .connectTimeout(redis.connectTimeout())
                    .coalesce(redis.coalesce())
                    .acceptEviction(redis.eviction() == Eviction.ACCEPT);
            return clock == null ? builder : builder.clock(clock);
        }

        @Bean(destroyMethod = "close")
        RestartableStore<RedisStore> stanchionRedisStore(RedisStoreLifecycle lifecycle) {
            return lifecycle.store();
        }

        @Bean
        RedisStoreLook redisStoreLook(RedisStoreLifecycle lifecycle, StanchionProperties properties) {
            return new RedisStoreLook(lifecycle, properties.redis().commandTimeout());
        }
    }

    static final class OnRedis extends OnStoreCondition {

        OnRedis() {
            super(StoreType.REDIS);
        }

        @Override
        @Nullable
        String configuredBy(ConditionContext context) {
            ConfigurableListableBeanFactory beans = context.getBeanFactory();
            return beans == null ? null : new ConfiguredRedis(beans, context.getEnvironment()).by();
        }
    }
}
