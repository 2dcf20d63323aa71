package io.github.stanchion.spring.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.stanchion.annotation.RateLimited;
import io.github.stanchion.limit.RateLimitExceededException;
import io.github.stanchion.limit.RateLimiters;
import io.github.stanchion.spring.metrics.RateLimitWatch;
import io.github.stanchion.testkit.VirtualClock;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** Refused calls without any web: of methods and of the facade. */
class DenialsInTheLogTest {

    private final ApplicationContextRunner contexts = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(StanchionAutoConfiguration.class))
            .withBean(VirtualClock.class)
            .withBean(Desk.class)
            .withPropertyValues("stanchion.rate-limits.desk=1/1d");

    @Test
    void oneLineAMinuteCountsThemAll() {
        assertOneLineAMinute(contexts);
    }

    @Test
    void whoCountsCallsAddsNoLine() {
        assertOneLineAMinute(contexts.withBean(RateLimitWatch.class));
    }

    private static void assertOneLineAMinute(ApplicationContextRunner contexts) {
        contexts.run(context -> {
            Desk desk = context.getBean(Desk.class);
            RateLimiters limiters = context.getBean(RateLimiters.class);
            try (Logs logs = new Logs()) {
                desk.serve("alice");
                assertThat(denials(logs)).isEmpty();

                assertThatThrownBy(() -> desk.serve("alice")).isInstanceOf(RateLimitExceededException.class);
                assertThat(limiters.tryAcquire("desk", "alice").admitted()).isFalse();
                assertThatThrownBy(() -> limiters.acquire("desk", "alice", 1))
                        .isInstanceOf(RateLimitExceededException.class);
                assertThat(denials(logs))
                        .containsExactly("WARNING: Rejected 1 call by rate-limit 'desk' since the last such line; the"
                                + " last: Call rejected by rate limit 'desk' (1 per 1d); retry after 86400 s");

                context.getBean(VirtualClock.class).advance(Duration.ofMinutes(1));
                assertThatThrownBy(() -> desk.serve("alice")).isInstanceOf(RateLimitExceededException.class);
                assertThat(denials(logs)).hasSize(2).last().asString().startsWith("WARNING: Rejected 3 calls by");
            }
        });
    }

    private static List<String> denials(Logs logs) {
        return logs.lines().stream().filter(line -> line.contains("Rejected")).toList();
    }

    static class Desk {

        @RateLimited(name = "desk", key = "#who")
        public void serve(String who) {}
    }
}
