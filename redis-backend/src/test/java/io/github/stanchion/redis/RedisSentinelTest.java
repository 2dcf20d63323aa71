package io.github.stanchion.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class RedisSentinelTest {

    @Test
    void replicaTakesOverForAKilledPrimaryAndThatComesBackAsItsReplica() {
        try (RedisSentinel redis = RedisSentinel.start(3)) {
            OwnRedis primary = redis.primary();
            OwnRedis replica = redis.replica();
            primary.command("SET", "a", "1");
            replica.await("has the write", () -> "1".equals(replica.command("GET", "a")));

            primary.kill();
            redis.awaitPrimary(replica);
            assertThat(replica.command("SET", "b", "2")).isEqualTo("OK");

            primary.restart();
            redis.demote();
            assertThat(primary.command("MGET", "a", "b")).isEqualTo(List.of("1", "2"));
            assertThat(redis.uri()).matches("redis-sentinel://(127.0.0.1:\\d+,?){3}#stanchion");
        }
    }

    @Test
    void replicaTakesOverInGoodOrder() {
        try (RedisSentinel redis = RedisSentinel.start()) {
            OwnRedis replica = redis.replica();

            redis.failover();

            assertThat(redis.primary()).isSameAs(replica);
            assertThat(replica.command("SET", "a", "1")).isEqualTo("OK");
        }
    }

    @Test
    void cutOffPrimaryServesItsClientsUntilItIsReachedAgain() {
        try (RedisSentinel redis = RedisSentinel.start();
                RespConnection client = RespConnection.to(redis.primary().port())) {
            OwnRedis replica = redis.replica();

            redis.cutOff();
            redis.awaitPrimary(replica);
            assertThat(client.command("SET", "a", "lost")).isEqualTo("OK");
            assertThat(replica.command("SET", "a", "kept")).isEqualTo("OK");

            redis.heal();
            assertThat(redis.replica().command("GET", "a")).isEqualTo("kept");
        }
    }
}
