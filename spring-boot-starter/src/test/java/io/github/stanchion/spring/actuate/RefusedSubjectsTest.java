package io.github.stanchion.spring.actuate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.stanchion.guard.FailurePolicy;
import io.github.stanchion.guard.GuardListeners;
import io.github.stanchion.guard.GuardMode;
import io.github.stanchion.guard.StoreUnavailableException;
import io.github.stanchion.limit.RateLimitPolicies;
import io.github.stanchion.limit.RateLimitSettings;
import io.github.stanchion.limit.RateLimiters;
import io.github.stanchion.memory.MemoryStore;
import io.github.stanchion.testkit.FaultyStore;
import io.github.stanchion.testkit.VirtualClock;
import io.github.stanchion.testkit.VirtualSleeper;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Whose calls are refused most. */
class RefusedSubjectsTest {

    private final VirtualClock clock = new VirtualClock();
    private final FaultyStore store =
            new FaultyStore(MemoryStore.builder().clock(clock).build(), new VirtualSleeper(clock));
    private final RefusedSubjects refused = new RefusedSubjects(clock);
    private final RateLimiters limiters = RateLimiters.builder(
                    RateLimitPolicies.of(Map.of(
                            "search",
                            RateLimitSettings.of("1/1h"),
                            "export",
                            RateLimitSettings.builder()
                                    .limit("1/1h")
                                    .mode(GuardMode.SHADOW)
                                    .build(),
                            "closed",
                            RateLimitSettings.builder()
                                    .limit("1/1h")
                                    .onStoreFailure(FailurePolicy.CLOSED)
                                    .build())),
                    store)
            .listeners(new GuardListeners(List.of(refused, event -> {})))
            .build();

    private void refuse(String name, String key, int times) {
        for (int i = 0; i <= times; i++) {
            limiters.tryAcquire(name, key);
        }
    }

    private List<String> ranking(String name) {
        return refused.of(name).stream()
                .map(one -> one.subject().subject().get(0) + " " + one.refused() + " " + one.tooHighBy())
                .toList();
    }

    @Test
    void ranksByRefusalsAndThenByTheLatest() {
        refuse("search", "alice", 2);
        refuse("search", "bob", 3);
        clock.advance(Duration.ofSeconds(1));
        refuse("search", "carol", 2);
        limiters.tryAcquire("search", "admitted");
        assertThat(ranking("search")).containsExactly("bob 3 0", "carol 2 0", "alice 2 0");
        assertThat(refused.of("search").get(1).lastMicros()).isEqualTo(clock.micros());
        assertThat(refused.of("other")).isEmpty();
    }

    @Test
    void countsWhomShadowModeWouldRefuseAndNotWhomAnOutageDoes() {
        refuse("export", "alice", 2);
        store.failNext(2);
        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() -> limiters.tryAcquire("closed", "bob"))
                    .isInstanceOf(StoreUnavailableException.class);
        }
        assertThat(ranking("export")).containsExactly("alice 2 0");
        assertThat(ranking("closed")).isEmpty();
    }

    @Test
    void muchRefusedStayAmongManyWhoAreRefusedOnce() {
        refuse("search", "greedy", 500);
        for (int i = 0; i < 5_000; i++) {
            refuse("search", "one-" + i, 1);
        }
        refuse("search", "greedier", 1_000);
        assertThat(refused.of("search")).hasSize(64);
        RefusedSubjects.Refused first = refused.of("search").get(0);
        assertThat(first.subject().subject()).containsExactly("greedier");
        assertThat(first.refused() - first.tooHighBy()).isEqualTo(1_000);
        assertThat(ranking("search")).contains("greedy 500 0");
    }

    @Test
    void countsExactlyWhileManyAreRefusedAtOnce() {
        refuse("search", "alice", 1);
        refuse("search", "bob", 1);
        List<CompletableFuture<Void>> threads = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            String key = i % 2 == 0 ? "alice" : "bob";
            threads.add(CompletableFuture.runAsync(() -> {
                for (int n = 0; n < 1_000; n++) {
                    limiters.tryAcquire("search", key);
                }
            }));
        }
        threads.forEach(CompletableFuture::join);
        assertThat(ranking("search")).containsExactlyInAnyOrder("alice 4001 0", "bob 4001 0");
    }
}
