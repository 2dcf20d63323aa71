package io.github.stanchion.spring.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.stanchion.annotation.RateLimited;
import io.github.stanchion.guard.GuardConfigurationException;
import io.github.stanchion.limit.RateLimitExceededException;
import io.github.stanchion.redis.OwnRedis;
import io.github.stanchion.redis.RedisCluster;
import io.github.stanchion.redis.RedisSentinel;
import io.github.stanchion.redis.RedisUnderTest;
import io.github.stanchion.store.AtomicStore;
import io.github.stanchion.store.Capability;
import io.github.stanchion.store.primitive.AtomicCounters;
import io.github.stanchion.store.primitive.AtomicValues;
import io.github.stanchion.store.primitive.Ttl;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.core.env.StandardEnvironment;

/** Applications that start, stop and decide on real servers. */
class RedisStartTest {

    private final ApplicationContextRunner withSpringData = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    StanchionAutoConfiguration.class,
                    StanchionRedisAutoConfiguration.class,
                    DataRedisAutoConfiguration.class))
            .withPropertyValues("stanchion.redis.command-timeout=20s", "stanchion.redis.connect-timeout=20s");
    private final ApplicationContextRunner contexts = withSpringData.withClassLoader(
            new FilteredClassLoader("org.springframework.data", "org.springframework.boot.data"));

    @Test
    void limitIsSharedByAllProcesses() {
        for (ApplicationContextRunner runner : List.of(contexts, withSpringData)) {
            ApplicationContextRunner process = runner.withPropertyValues(
                            "spring.data.redis.url=" + withPort(RedisUnderTest.uri()),
                            "stanchion.key-prefix=" + RedisUnderTest.prefix(),
                            "stanchion.rate-limits.search=10/1h")
                    .withBean(Search.class);
            process.run(one -> process.run(other -> {
                AtomicInteger admitted = new AtomicInteger();
                IntStream.range(0, 200).parallel().forEach(i -> {
                    if (found((i % 2 == 0 ? one : other).getBean(Search.class))) {
                        admitted.incrementAndGet();
                    }
                });

                assertThat(admitted).hasValue(10);
            }));
        }
    }

    private static String withPort(String uri) {
        return URI.create(uri).getPort() < 0 ? uri + ":6379" : uri;
    }

    @Test
    void countersAndValuesAreShared() {
        ApplicationContextRunner process = contexts.withPropertyValues(
                "spring.data.redis.url=" + RedisUnderTest.uri(), "stanchion.key-prefix=" + RedisUnderTest.prefix());
        process.run(one -> process.run(other -> {
            IntStream.range(0, 100).parallel().forEach(i -> (i % 2 == 0 ? one : other)
                    .getBean(AtomicCounters.class)
                    .increment("k", Ttl.none()));
            long version = one.getBean(AtomicValues.class).put("k", "v", Ttl.none());

            assertThat(one.getBean(AtomicCounters.class).get("k").value()).isEqualTo(100);
            assertThat(other.getBean(AtomicValues.class).get("k").version()).isEqualTo(version);
        }));
    }

    @Test
    void worksBehindSentinelsAndOnACluster() {
        try (RedisSentinel sentinel = RedisSentinel.start();
                RedisCluster cluster = RedisCluster.start(3)) {
            String nodes = String.join(
                    ",",
                    cluster.uris().stream()
                            .map(uri -> uri.substring("redis://".length()))
                            .toList());
            List<String[]> topologies = List.of(
                    new String[] {
                        "spring.data.redis.sentinel.master=" + RedisSentinel.NAME,
                        "spring.data.redis.sentinel.nodes=127.0.0.1:"
                                + sentinel.sentinelPorts().get(0)
                    },
                    new String[] {"spring.data.redis.cluster.nodes=" + nodes});
            for (String[] topology : topologies) {
                for (ApplicationContextRunner runner : List.of(contexts, withSpringData)) {
                    runner.withPropertyValues(topology)
                            .withPropertyValues("stanchion.key-prefix=" + RedisUnderTest.prefix())
                            .withPropertyValues("stanchion.rate-limits.search=10/1h")
                            .withBean(Search.class)
                            .run(context -> assertThat(
                                            IntStream.range(0, 50).filter(i -> found(context.getBean(Search.class))))
                                    .hasSize(10));
                }
            }
        }
    }

    @Test
    void connectsAtTheStartWhereMethodsAreGuardedAndNowhereElse() {
        try (OwnRedis redis = OwnRedis.start()) {
            ApplicationContextRunner on = contexts.withPropertyValues(
                    "spring.data.redis.url=" + redis.uri(), "stanchion.rate-limits.search=10/1h");
            Set<Thread> before = lettuceThreads();

            on.run(context -> assertThat(connections(redis)).isEmpty());
            on.withPropertyValues("stanchion.enabled=false")
                    .withBean(Search.class)
                    .run(context -> assertThat(connections(redis)).isEmpty());
            assertThat(lettuceThreads()).isEqualTo(before);
            on.withBean(Search.class)
                    .run(context -> assertThat(connections(redis)).hasSize(1));
        }
    }

    @Test
    void stoppedContextLetsGoOfTheServerAndGoesOnWhenStarted() {
        try (OwnRedis redis = OwnRedis.start()) {
            for (ApplicationContextRunner runner : List.of(contexts, withSpringData)) {
                redis.command("FLUSHALL");
                runner.withPropertyValues("spring.data.redis.url=" + redis.uri(), "stanchion.rate-limits.search=2/1h")
                        .withBean(Search.class)
                        .run(context -> {
                            AtomicStore store = context.getBean(AtomicStore.class);
                            Search search = context.getBean(Search.class);
                            assertThat(found(search)).isTrue();

                            context.getSourceApplicationContext(ConfigurableApplicationContext.class)
                                    .stop();
                            awaitNoConnection(redis);
                            assertThat(found(search)).as("decided in memory").isTrue();

                            context.getSourceApplicationContext(ConfigurableApplicationContext.class)
                                    .start();
                            assertThat(context.getBean(AtomicStore.class)).isSameAs(store);
                            assertThat(found(search))
                                    .as("the second on the server")
                                    .isTrue();
                            assertThat(found(search)).isFalse();
                        });
            }
        }
    }

    @Test
    void replicaStopsTheStart() {
        try (OwnRedis primary = OwnRedis.start();
                OwnRedis replica = OwnRedis.start("--replicaof", "127.0.0.1", Integer.toString(primary.port()))) {
            FailureAnalysis analysis = analysis(guarded(replica));

            assertThat(analysis.getDescription()).isEqualTo("Redis at 127.0.0.1:" + replica.port() + " is a replica.");
            assertThat(analysis.getAction()).isEqualTo("Name its primary, or the Sentinels that know it.");
        }
    }

    @Test
    void userWithoutRightsStopsTheStartAndTheLineOfRightsSuffices() {
        try (OwnRedis redis = OwnRedis.start()) {
            redis.command("ACL", "SETUSER", "poor", "on", ">secret", "~shop:*", "+@all", "-evalsha", "-eval");
            ApplicationContextRunner on = contexts.withPropertyValues(
                            "spring.data.redis.host=127.0.0.1",
                            "spring.data.redis.port=" + redis.port(),
                            "spring.data.redis.password=secret",
                            "stanchion.key-prefix=shop",
                            "stanchion.rate-limits.search=2/1h")
                    .withBean(Search.class);
            FailureAnalysis analysis = analysis(on.withPropertyValues("spring.data.redis.username=poor"));
            assertThat(analysis.getDescription()).startsWith("Redis user may not ");
            String rights = analysis.getAction()
                    .substring(analysis.getAction().indexOf('~'))
                    .replaceFirst("\\.$", "");
            assertThat(rights).startsWith("~shop:* resetchannels &shop:* +eval ");
            assertThat(Path.of("..", "docs", "redis.md")).content().contains(rights.replace("shop", "stanchion"));

            redis.command(("ACL SETUSER right on >secret " + rights).split(" "));
            on.withPropertyValues("spring.data.redis.username=right").run(context -> {
                assertThat(context).hasNotFailed();
                assertThat(IntStream.range(0, 5).filter(i -> found(context.getBean(Search.class))))
                        .hasSize(2);
            });
        }
    }

    @ParameterizedTest
    @CsvSource({"allkeys-lru, check, true", "allkeys-lru, accept, false", "volatile-lru, check, false"})
    void evictionStopsTheStartOfGuardsThatNeedTheirState(String policy, String eviction, boolean stops) {
        try (OwnRedis redis = OwnRedis.start("--maxmemory", "64mb", "--maxmemory-policy", policy);
                Logs logs = new Logs()) {
            ApplicationContextRunner on = guarded(redis)
                    .withPropertyValues("stanchion.redis.eviction=" + eviction)
                    .withBean(NeedyBinder.class, Capability.RETAINS)
                    .withBean(NeedyBinder.Needy.class);
            if (stops) {
                FailureAnalysis analysis = analysis(on);
                assertThat(analysis.getDescription())
                        .isEqualTo("Guard 'lock' of Needy.call needs a store that retains its state, and store 'redis'"
                                + " is none.");
                assertThat(analysis.getAction())
                        .isEqualTo(
                                "Set maxmemory-policy noeviction, or accept it with stanchion.redis.eviction=accept.");
            } else {
                on.run(context -> assertThat(context).hasNotFailed());
            }
            assertThat(logs.lines())
                    .anyMatch(line -> line.startsWith("WARNING: Redis at 127.0.0.1:")
                            && line.contains("(maxmemory-policy " + policy + "); set noeviction"));
        }
    }

    @Test
    void evictionOnlyWarnsWhereLimitsAreAll() {
        try (OwnRedis redis = OwnRedis.start("--maxmemory", "64mb", "--maxmemory-policy", "allkeys-lru");
                Logs logs = new Logs()) {
            guarded(redis).run(context -> {
                assertThat(context).hasNotFailed();
                assertThat(context.getBean(AtomicStore.class).capabilities()).doesNotContain(Capability.RETAINS);
                assertThat(found(context.getBean(Search.class))).isTrue();
            });
            assertThat(logs.lines())
                    .anyMatch(line -> line.contains("evicts live state (maxmemory-policy allkeys-lru)"));
        }
    }

    @Test
    void serverThatKeepsItsStateIsNothingToWarnOf() {
        try (OwnRedis redis = OwnRedis.start();
                Logs logs = new Logs()) {
            guarded(redis).run(context -> assertThat(logs.lines())
                    .noneMatch(line -> line.startsWith("WARNING: Redis"))
                    .contains("INFO: 1 guard on 1 method, store redis, weaving proxy"));
        }
    }

    private ApplicationContextRunner guarded(OwnRedis redis) {
        return contexts.withPropertyValues("spring.data.redis.url=" + redis.uri(), "stanchion.rate-limits.search=2/1h")
                .withBean(Search.class);
    }

    private static FailureAnalysis analysis(ApplicationContextRunner contexts) {
        Throwable[] failure = new Throwable[1];
        contexts.run(context -> {
            assertThat(context).hasFailed();
            failure[0] = context.getStartupFailure();
        });
        assertThat(NestedExceptionUtils.getRootCause(failure[0])).isInstanceOf(GuardConfigurationException.class);
        return new GuardConfigurationFailureAnalyzer(new StandardEnvironment()).analyze(failure[0]);
    }

    private static List<String> connections(OwnRedis redis) {
        return String.valueOf(redis.command("CLIENT", "LIST"))
                .lines()
                .filter(client -> !client.contains("cmd=client"))
                .toList();
    }

    /** The server notices a moment after the client has hung up. */
    private static void awaitNoConnection(OwnRedis redis) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (!connections(redis).isEmpty()) {
            assertThat(System.nanoTime()).as("connections are closed in time").isLessThan(end);
            Thread.onSpinWait();
        }
    }

    private static Set<Thread> lettuceThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("lettuce"))
                .collect(Collectors.toSet());
    }

    private static boolean found(Search search) {
        try {
            return search.find("x").equals("x");
        } catch (RateLimitExceededException refused) {
            return false;
        }
    }

    public static class Search {

        @RateLimited("search")
        public String find(String text) {
            return text;
        }
    }
}
