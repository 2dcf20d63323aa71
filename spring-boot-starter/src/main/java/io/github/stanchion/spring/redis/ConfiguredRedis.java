package io.github.stanchion.spring.redis;

import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.core.env.Environment;
import org.springframework.util.ClassUtils;
import org.springframework.util.StringUtils;

/**
 * Which Redis an application has: the one of {@code stanchion.redis.uri}, else the one of its Spring Data Redis, else the one
 * that {@code spring.data.redis} names, else the one on this machine.
 */
public final class ConfiguredRedis {

    private static final String URI = "stanchion.redis.uri";

    private final ConfigurableListableBeanFactory beans;
    private final Environment environment;
    private final boolean dataRedis;
    private final boolean bootDataRedis;

    public ConfiguredRedis(ConfigurableListableBeanFactory beans, Environment environment) {
        this.beans = beans;
        this.environment = environment;
        dataRedis = isPresent("org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory");
        bootDataRedis =
                dataRedis && isPresent("org.springframework.boot.data.redis.autoconfigure.DataRedisConnectionDetails");
    }

    private boolean isPresent(String type) {
        return ClassUtils.isPresent(type, beans.getBeanClassLoader());
    }

    /**
     * What says that the application has a Redis, as in {@code property spring.data.redis.host}; null if nothing does. What Spring
     * Boot would connect to for want of anything does not count. Makes no beans.
     */
    public @Nullable String by() {
        if (StringUtils.hasText(environment.getProperty(URI))) {
            return "property " + URI;
        }
        String bean = bootDataRedis ? DataRedisDetails.ofTheApplication(beans) : null;
        if (bean == null && dataRedis) {
            bean = DataRedisBeans.ofTheApplication(beans);
        }
        if (bean != null) {
            return "bean " + bean;
        }
        String key = DataRedisSettings.of(environment).firstKey();
        return key == null ? null : "property " + key;
    }

    /** The property that says where a Redis is; null if none does. */
    public static @Nullable String property(Environment environment) {
        return StringUtils.hasText(environment.getProperty(URI))
                ? URI
                : DataRedisSettings.of(environment).firstKey();
    }

    /**
     * Its servers.
     *
     * @throws io.github.stanchion.guard.GuardConfigurationException if they cannot be told
     */
    RedisServers servers() {
        String uri = environment.getProperty(URI);
        if (StringUtils.hasText(uri)) {
            return RedisUris.servers(URI, uri);
        }
        DataRedisSettings settings = DataRedisSettings.of(environment);
        RedisServers servers = dataRedis ? springDatas(settings) : null;
        return servers != null ? servers : settings.servers(bundle(settings.ssl()));
    }

    private @Nullable RedisServers springDatas(DataRedisSettings settings) {
        DataRedisDetails details = bootDataRedis ? DataRedisDetails.find(beans) : null;
        RedisServers servers = DataRedisBeans.servers(beans, details == null ? null : details.masterReplica());
        if (servers != null) {
            return servers;
        }
        if (details != null && DataRedisDetails.ofTheApplication(beans) != null) {
            return details.servers(settings.clientName());
        }
        if (settings.firstKey() == null) {
            DataRedisBeans.requireReadable(beans);
        }
        return null;
    }

    private @Nullable SslBundle bundle(DataRedisSettings.@Nullable Ssl ssl) {
        if (ssl == null || !ssl.isEnabled()) {
            return null;
        }
        return StringUtils.hasText(ssl.bundle())
                ? beans.getBean(SslBundles.class).getBundle(ssl.bundle())
                : SslBundle.systemDefault();
    }
}
