package io.github.stanchion.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Instances of an application share their limits: eight processes, all at once. */
@Timeout(120)
class FleetTest {

    private static final int INSTANCES = 8;
    private static final int CALLS = 400;
    private static final int LIMIT = 100;

    private static Fleet fleet;

    @BeforeAll
    static void start() {
        fleet = Fleet.start(INSTANCES);
    }

    @AfterAll
    static void end() {
        fleet.close();
    }

    @Test
    void eightProcessesAdmitExactlyWhatTheLimitAllowsAndNoMoreAfterARestart() {
        String prefix = RedisUnderTest.prefix();
        fleet.open(false, List.of(RedisUnderTest.uri()), prefix);
        for (String limit : FleetMember.LIMITS.keySet()) {
            assertThat(fleet.admitted(limit, "alice", CALLS)).as(limit).isEqualTo(LIMIT);
        }
        fleet.shut();

        fleet.open(false, List.of(RedisUnderTest.uri()), prefix);
        assertThat(fleet.admitted("bucket", "alice", CALLS)).isZero();
        fleet.shut();
    }

    @Test
    void eightProcessesAdmitExactlyWhatTheLimitAllowsOnAClusterOfThree() {
        try (RedisCluster cluster = RedisCluster.start(3)) {
            fleet.open(true, cluster.uris(), RedisUnderTest.prefix());

            for (String key : List.of("alice", "bob", "carol")) {
                assertThat(fleet.admitted("bucket", key, CALLS)).as(key).isEqualTo(LIMIT);
            }
            fleet.shut();
        }
    }
}
