package io.github.stanchion.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class RedisClusterTest {

    @Test
    void servesKeysOnTheirNodesAndMovesThemWithTheirSlot() {
        try (RedisCluster cluster = RedisCluster.start(3)) {
            String key = cluster.keyOn(cluster.node(0), "key");
            cluster.node(0).command("SET", key, "1");
            assertThatThrownBy(() -> cluster.node(1).command("GET", key))
                    .hasMessage("MOVED " + cluster.slotOf(key) + " 127.0.0.1:"
                            + cluster.node(0).port());

            cluster.move(cluster.slotOf(key), cluster.node(0), cluster.node(2));

            assertThat(cluster.ownerOf(key)).isSameAs(cluster.node(2));
            assertThat(cluster.node(2).command("GET", key)).isEqualTo("1");
            assertThatThrownBy(() -> cluster.node(1).command("GET", key)).hasMessageStartingWith("MOVED");
        }
    }

    @Test
    void othersServeOnWhileAReplicaTakesOverForItsKilledPrimary() {
        try (RedisCluster cluster = RedisCluster.start(3, 1)) {
            OwnRedis primary = cluster.node(2);
            OwnRedis replica = cluster.node(5);
            String lost = cluster.keyOn(primary, "key");
            String kept = cluster.keyOn(cluster.node(1), "key");

            primary.kill();
            assertThat(cluster.node(1).command("SET", kept, "1")).isEqualTo("OK");

            replica.await("has taken over", () -> cluster.ownerOf(lost) == replica);
            assertThat(replica.command("SET", lost, "1")).isEqualTo("OK");

            primary.restart();
            primary.await("follows", () -> String.valueOf(primary.command("INFO", "replication"))
                    .contains("role:slave"));
        }
    }
}
