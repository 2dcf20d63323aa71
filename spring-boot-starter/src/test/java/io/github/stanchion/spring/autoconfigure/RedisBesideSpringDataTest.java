package io.github.stanchion.spring.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.stanchion.annotation.RateLimited;
import io.github.stanchion.limit.RateLimitExceededException;
import io.github.stanchion.redis.OwnRedis;
import io.github.stanchion.redis.RedisSentinel;
import io.github.stanchion.spring.redis.RedisStoreLifecycle;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.dao.DataAccessException;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.data.redis.core.RedisOperations;
import org.springframework.data.redis.core.SessionCallback;
import org.springframework.data.redis.core.StringRedisTemplate;

/** The application's own use of Redis and the store's leave each other alone. */
class RedisBesideSpringDataTest {

    private final ApplicationContextRunner contexts = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    StanchionAutoConfiguration.class,
                    StanchionRedisAutoConfiguration.class,
                    DataRedisAutoConfiguration.class))
            .withPropertyValues(
                    "stanchion.redis.command-timeout=20s",
                    "stanchion.redis.connect-timeout=20s",
                    "stanchion.rate-limits.search=10/1h")
            .withBean(Search.class);

    @Test
    void decisionWithinATransactionOfTheApplicationIsNoPartOfIt() {
        try (OwnRedis redis = OwnRedis.start()) {
            contexts.withPropertyValues("spring.data.redis.url=" + redis.uri()).run(context -> {
                StringRedisTemplate template = context.getBean(StringRedisTemplate.class);
                Search search = context.getBean(Search.class);

                List<Object> results = template.execute(new SessionCallback<List<Object>>() {
                    @Override
                    @SuppressWarnings("unchecked")
                    public <K, V> List<Object> execute(RedisOperations<K, V> operations) throws DataAccessException {
                        RedisOperations<String, String> texts = (RedisOperations<String, String>) operations;
                        texts.multi();
                        texts.opsForValue().set("a", "1");
                        assertThat(admitted(search, 20)).isEqualTo(10);
                        texts.opsForValue().increment("a");
                        return texts.exec();
                    }
                });

                assertThat(results).containsExactly(true, 2L);
                assertThat(template.opsForValue().get("a")).isEqualTo("2");
                assertThat(admitted(search, 20)).isZero();
            });
        }
    }

    @Test
    void readsOfTheApplicationMayGoToReplicasAndDecisionsNeverDo() {
        try (RedisSentinel sentinel = RedisSentinel.start()) {
            contexts.withPropertyValues(
                            "spring.data.redis.sentinel.master=" + RedisSentinel.NAME,
                            "spring.data.redis.sentinel.nodes=127.0.0.1:"
                                    + sentinel.sentinelPorts().get(0),
                            "spring.data.redis.lettuce.read-from=replica")
                    .run(context -> {
                        sentinel.replica().resetStats();
                        assertThat(context.getBean(StringRedisTemplate.class)
                                        .opsForValue()
                                        .get("a"))
                                .isNull();
                        assertThat(sentinel.replica().commandStats()).containsEntry("get", 1L);

                        sentinel.replica().resetStats();
                        assertThat(admitted(context.getBean(Search.class), 50)).isEqualTo(10);
                        assertThat(sentinel.replica().commandStats()).doesNotContainKeys("eval", "evalsha");
                    });
        }
    }

    @Test
    void storeOutlivesTheClientOfTheFactoryAndTheOtherWayRound() {
        try (OwnRedis redis = OwnRedis.start()) {
            contexts.withPropertyValues("spring.data.redis.url=" + redis.uri()).run(context -> {
                Search search = context.getBean(Search.class);
                LettuceConnectionFactory factory = context.getBean(LettuceConnectionFactory.class);
                assertThat(admitted(search, 5)).isEqualTo(5);

                factory.stop();
                assertThat(admitted(search, 20)).isEqualTo(5);
                factory.start();
                assertThat(admitted(search, 20)).isZero();

                context.getBean(RedisStoreLifecycle.class).stop();
                StringRedisTemplate template = context.getBean(StringRedisTemplate.class);
                template.opsForValue().set("a", "1");
                assertThat(template.opsForValue().get("a")).isEqualTo("1");
            });
        }
    }

    private static long admitted(Search search, int calls) {
        return IntStream.range(0, calls)
                .filter(i -> {
                    try {
                        search.find("x");
                        return true;
                    } catch (RateLimitExceededException refused) {
                        return false;
                    }
                })
                .count();
    }

    public static class Search {

        @RateLimited("search")
        public String find(String text) {
            return text;
        }
    }
}
