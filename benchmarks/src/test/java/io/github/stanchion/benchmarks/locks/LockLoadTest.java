package io.github.stanchion.benchmarks.locks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.stanchion.redis.OwnRedis;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** One short run: every side takes part in what it can, and nothing is left behind; times mean nothing here. */
class LockLoadTest {

    @Test
    void everySideIsMeasuredAndLeavesNothingBehind() throws Exception {
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        try (OwnRedis redis = OwnRedis.start()) {
            PrintStream out = new PrintStream(printed, true, StandardCharsets.UTF_8);
            new LockLoad(1, Duration.ofMillis(20), Duration.ofMillis(20), redis.uri(), out).run();
            assertThat(redis.command("DBSIZE")).isEqualTo(0L);
        }
        String[] tables = printed.toString(StandardCharsets.UTF_8).split("###");
        assertThat(tables).hasSize(5);
        for (LockContender contender : LockContender.values()) {
            String row = "| " + contender.title() + " |";
            assertThat(tables[1]).contains(row);
            assertThat(tables[2].contains(row)).isEqualTo(contender.waits());
            assertThat(tables[3].contains(row)).isEqualTo(contender.waits());
            assertThat(tables[4].contains(row)).isEqualTo(contender.waits());
        }
    }

    @Test
    void optionsAreRefused() {
        assertThatThrownBy(() -> LockLoad.main("--threads", "8"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Option '--threads' is unknown; this program has none");
    }
}
