package io.github.stanchion.spring.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.stanchion.guard.GuardConfigurationException;
import io.github.stanchion.memory.MemoryStore;
import io.github.stanchion.redis.RedisStore;
import io.github.stanchion.spring.autoconfigure.StanchionProperties.StoreType;
import io.github.stanchion.spring.redis.RedisStoreLifecycle;
import io.github.stanchion.spring.store.LocalStore;
import io.github.stanchion.store.AtomicStore;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.data.redis.autoconfigure.DataRedisConnectionDetails;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/** Which store an application gets; nothing is guarded, so no server is called. */
class StanchionRedisAutoConfigurationTest {

    private final ApplicationContextRunner contexts = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    StanchionAutoConfiguration.class,
                    StanchionRedisAutoConfiguration.class,
                    StanchionMetricsAutoConfiguration.class,
                    StanchionActuatorAutoConfiguration.class));
    private final ApplicationContextRunner withoutSpringData = contexts.withClassLoader(
            new FilteredClassLoader("org.springframework.data", "org.springframework.boot.data"));
    private final ApplicationContextRunner withSpringData =
            contexts.withConfiguration(AutoConfigurations.of(DataRedisAutoConfiguration.class));
    private final ApplicationContextRunner withoutBackend =
            withSpringData.withClassLoader(new FilteredClassLoader("io.github.stanchion.redis", "io.lettuce"));

    @ParameterizedTest
    @ValueSource(
            strings = {
                "stanchion.store=redis",
                "stanchion.redis.uri=redis://localhost",
                "spring.data.redis.url=redis://localhost:6379",
                "spring.data.redis.host=localhost",
                "spring.data.redis.port=6379",
                "spring.data.redis.database=1",
                "spring.data.redis.password=secret",
                "spring.data.redis.sentinel.master=main spring.data.redis.sentinel.nodes=s1:26379",
                "spring.data.redis.cluster.nodes=c1:7000",
                "spring.data.redis.masterreplica.nodes=main:6379"
            })
    void redisIsTakenWhereItIsConfigured(String properties) {
        for (ApplicationContextRunner runner : List.of(withoutSpringData, withSpringData)) {
            runner.withPropertyValues(properties.split(" ")).run(context -> {
                assertThat(context)
                        .hasNotFailed()
                        .hasSingleBean(AtomicStore.class)
                        .hasSingleBean(RedisStoreLifecycle.class);
                assertThat(Stores.name(context.getBean(AtomicStore.class))).isEqualTo("redis");
            });
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "spring.data.redis.timeout=1s",
                "spring.data.redis.client-type=lettuce",
                "spring.data.redis.repositories.enabled=false",
                "stanchion.redis.command-timeout=1s",
                "stanchion.redis.uri=",
                "stanchion.store=memory spring.data.redis.host=localhost stanchion.redis.uri=redis://localhost"
            })
    void memoryIsTakenWhereItIsNot(String properties) {
        for (ApplicationContextRunner runner : List.of(withoutSpringData, withSpringData)) {
            runner.withPropertyValues(properties.isEmpty() ? new String[0] : properties.split(" "))
                    .run(context -> {
                        assertThat(context.getBean(AtomicStore.class)).isInstanceOf(MemoryStore.class);
                        assertThat(context).doesNotHaveBean(RedisStoreLifecycle.class);
                    });
        }
    }

    /** With Spring Data, Spring Boot itself refuses these. */
    @ParameterizedTest
    @ValueSource(strings = {"spring.data.redis.host=", "spring.data.redis.cluster.max-redirects=3"})
    void settingsThatNameNoServerConfigureNothing(String property) {
        withoutSpringData.withPropertyValues(property).run(context -> assertThat(context.getBean(AtomicStore.class))
                .isInstanceOf(MemoryStore.class));
    }

    @Test
    void variablesConfigureRedisToo() {
        withoutSpringData
                .withInitializer(context ->
                        Yaml.variables(context.getEnvironment(), Map.of("SPRING_DATA_REDIS_HOST", "localhost")))
                .run(context -> assertThat(context).hasSingleBean(RedisStoreLifecycle.class));
    }

    @Test
    void beansOfTheApplicationConfigureRedis() {
        List<Function<ApplicationContextRunner, ApplicationContextRunner>> beans = List.of(
                runner -> runner.withBean(
                        LettuceConnectionFactory.class, () -> new LettuceConnectionFactory("localhost", 1)),
                runner -> runner.withBean(
                        RedisStandaloneConfiguration.class, () -> new RedisStandaloneConfiguration("localhost", 1)),
                runner -> runner.withBean(DataRedisConnectionDetails.class, FoundService::new));
        for (Function<ApplicationContextRunner, ApplicationContextRunner> bean : beans) {
            bean.apply(withSpringData).run(context -> assertThat(context).hasSingleBean(RedisStoreLifecycle.class));
        }
        beans.get(0).apply(contexts).run(context -> assertThat(context)
                .as("without Spring Boot's")
                .hasSingleBean(RedisStoreLifecycle.class));
    }

    @Test
    void storeOfTheApplicationWins() {
        MemoryStore own = MemoryStore.create();
        withSpringData
                .withPropertyValues("stanchion.store=redis", "spring.data.redis.host=localhost")
                .withBean(AtomicStore.class, () -> own)
                .run(context -> {
                    assertThat(context.getBean(AtomicStore.class)).isSameAs(own);
                    assertThat(context).doesNotHaveBean(RedisStoreLifecycle.class);
                });
    }

    @Test
    void withoutTheBackendRedisOfTheApplicationIsNotOurs() {
        withoutBackend
                .withPropertyValues("spring.data.redis.host=localhost")
                .run(context -> assertThat(context.getBean(AtomicStore.class)).isInstanceOf(MemoryStore.class));
    }

    @Test
    void storeWhoseBackendIsAbsentStopsTheStart() {
        assertThat(failure(withoutBackend, "stanchion.store=redis"))
                .hasMessage("Property stanchion.store is 'redis', and there is no redis store; Add the module"
                        + " io.github.stanchion:stanchion-redis-backend, or remove the property to keep state in"
                        + " memory.");
    }

    @Test
    void settingsWhoseBackendIsAbsentStopTheStart() {
        assertThat(failure(withoutBackend, "stanchion.redis.command-timeout=1s"))
                .hasMessage("Properties under stanchion.redis belong to the redis backend, which is not on the class"
                        + " path; Add the module io.github.stanchion:stanchion-redis-backend, or remove them.");
    }

    @Test
    void storeWhoseAutoConfigurationIsExcludedStopsTheStart() {
        ApplicationContextRunner excluded = new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(StanchionAutoConfiguration.class));

        assertThat(failure(excluded, "stanchion.store=redis"))
                .hasMessageEndingWith(
                        "Do not exclude the auto-configuration of the redis backend, or remove the property.");
    }

    @Test
    void memoryBesideAnIdleBackendIsReported() {
        try (Logs logs = new Logs()) {
            withoutSpringData.run(context -> assertThat(logs.lines())
                    .contains(
                            "INFO: Redis backend is on the class path, and nothing says where Redis is, so state stays"
                                    + " in memory; set spring.data.redis.url, or stanchion.store"));
        }
        try (Logs logs = new Logs()) {
            withoutSpringData.withPropertyValues("stanchion.store=memory").run(context -> assertThat(logs.lines())
                    .noneMatch(line -> line.contains("Redis backend")));
        }
    }

    @Test
    void secondConfiguredStoreStopsTheStartUnlessOneIsNamed() {
        ApplicationContextRunner both = withSpringData
                .withPropertyValues("spring.data.redis.host=localhost")
                .withBean(
                        "other", ConfiguredStore.class, () -> new ConfiguredStore(StoreType.JDBC, "bean 'dataSource'"));

        assertThat(failure(both))
                .hasMessage("Stores jdbc (bean 'dataSource') and redis (property spring.data.redis.host) are both"
                        + " configured, and state is kept in one; Set stanchion.store to the one that is meant.");
        both.withPropertyValues("stanchion.store=memory")
                .run(context -> assertThat(context).hasNotFailed());
    }

    @Test
    void addressThatCannotBeReadStopsTheStart() {
        assertThat(failure(withoutSpringData, "stanchion.redis.uri=nonsense"))
                .hasMessageStartingWith("Property stanchion.redis.uri is no address of a Redis server");
    }

    @Test
    void beanOfTheStoreIsNamedByWhatItIs() {
        withoutSpringData.withPropertyValues("stanchion.store=redis").run(context -> {
            assertThat(context.getBean(RedisStoreLifecycle.class).store()).isSameAs(context.getBean(AtomicStore.class));
            assertThat(context.getBean(RedisStoreLifecycle.class).store().behind())
                    .isInstanceOf(RedisStore.class);
            assertThat(context.getBean(LocalStore.class).store()).isInstanceOf(MemoryStore.class);
        });
    }

    private static Throwable failure(ApplicationContextRunner contexts, String... more) {
        Throwable[] failure = new Throwable[1];
        contexts.withPropertyValues(more).run(context -> {
            assertThat(context).hasFailed();
            failure[0] = NestedExceptionUtils.getRootCause(context.getStartupFailure());
        });
        assertThat(failure[0]).isInstanceOf(GuardConfigurationException.class);
        return failure[0];
    }

    private static final class FoundService implements DataRedisConnectionDetails {

        @Override
        public Standalone getStandalone() {
            return Standalone.of("localhost", 1);
        }
    }
}
