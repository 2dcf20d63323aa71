package io.github.stanchion.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.stanchion.guard.FailurePolicy;
import io.github.stanchion.limit.RateLimitSettings;
import io.lettuce.core.RedisURI;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The limit holds on the server's own clock, and nothing of it is lost. */
@Tag("long")
@Timeout(60)
class RealTimeTest {

    private static final long NANOS = TimeUnit.SECONDS.toNanos(5);

    @Test
    void sixteenThreadsGetAllThatFlowsInAndNoMore() {
        RateLimitSettings limit = RateLimitSettings.builder()
                .limit("1000/1s")
                .onStoreFailure(FailurePolicy.THROW)
                .build();
        try (Instance instance = Instance.open(
                RedisStore.builder(RedisURI.create(RedisUnderTest.uri())).commandTimeout(Duration.ofSeconds(20)),
                Map.of("limit", limit))) {
            long start = System.nanoTime();
            try (Load load = Load.start(16, () -> instance.ask("limit", "hot"))) {
                Load.await("the time is over", () -> System.nanoTime() - start >= NANOS);
                load.end();
                double seconds = (System.nanoTime() - start) / 1e9;

                assertThat(load.errors()).isEmpty();
                assertThat((double) load.storeAdmitted()).isBetween(980 * (seconds + 1), 1_000 * (seconds + 1));
            }
        }
    }
}
