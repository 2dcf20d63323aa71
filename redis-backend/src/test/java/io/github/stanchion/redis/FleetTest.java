package io.github.stanchion.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Instances of an application share their limits: eight processes, all at once, each with a wall clock of its own between an
 * hour behind and an hour ahead.
 */
@Timeout(120)
class FleetTest {

    private static final int INSTANCES = 8;
    private static final int CALLS = 400;
    private static final int LIMIT = 100;

    private static final List<Duration> ERRORS = IntStream.range(0, INSTANCES)
            .mapToObj(i ->
                    Duration.ofHours(2).multipliedBy(i).dividedBy(INSTANCES - 1).minusHours(1))
            .toList();

    private static Fleet fleet;

    @BeforeAll
    static void start(@TempDir Path folder) throws IOException {
        List<List<String>> options = new ArrayList<>();
        for (Duration error : ERRORS) {
            options.add(SkewedClock.options(folder, error));
        }
        fleet = Fleet.start(options);
    }

    @AfterAll
    static void end() {
        fleet.close();
    }

    @Test
    void theirClocksDiffer() {
        List<List<Instant>> clocks = fleet.clocks();
        for (int i = 0; i < INSTANCES; i++) {
            Instant wrong = Instant.now().plus(ERRORS.get(i));
            assertThat(clocks.get(i))
                    .allSatisfy(clock -> assertThat(clock).isCloseTo(wrong, within(5, ChronoUnit.MINUTES)));
        }
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
