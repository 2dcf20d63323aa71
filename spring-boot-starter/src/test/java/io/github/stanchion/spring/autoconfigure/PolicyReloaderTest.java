package io.github.stanchion.spring.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.stanchion.annotation.RateLimited;
import io.github.stanchion.annotation.WithLock;
import io.github.stanchion.guard.GuardConfigurationException;
import io.github.stanchion.limit.RateLimitExceededException;
import io.github.stanchion.limit.RateLimitPolicies;
import io.github.stanchion.limit.RateLimiters;
import io.github.stanchion.lock.Lease;
import io.github.stanchion.lock.Locks;
import io.github.stanchion.testkit.VirtualClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.core.env.MapPropertySource;

class PolicyReloaderTest {

    private final Map<String, Object> properties = new LinkedHashMap<>(Map.of("stanchion.rate-limits.search", "10/1m"));
    private final ApplicationContextRunner contexts = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(StanchionAutoConfiguration.class))
            .withInitializer(context -> context.getEnvironment()
                    .getPropertySources()
                    .addFirst(new MapPropertySource("changing", properties)))
            .withBean(VirtualClock.class)
            .withBean(Search.class);

    @Test
    void changedLimitKeepsTheShareThatWasLeft() {
        running((search, reloader) -> {
            assertThat(admitted(search, 6)).isEqualTo(6);
            properties.put("stanchion.rate-limits.search", "100/1m");

            assertThat(reloader.reload()).isEmpty();

            assertThat(admitted(search, 200)).isEqualTo(40);
        });
    }

    @Test
    void invalidSettingChangesNothing() {
        running((search, reloader) -> {
            properties.put("stanchion.rate-limits.search", "100/1m");
            properties.put("stanchion.rate-limits.other.limit", "5 per minute");

            assertThatThrownBy(reloader::reload)
                    .isInstanceOf(GuardConfigurationException.class)
                    .hasMessageContaining("stanchion.rate-limits.other.limit");
            assertThat(admitted(search, 200)).isEqualTo(10);
        });
    }

    @Test
    void unknownKeyChangesNothing() {
        running((search, reloader) -> {
            properties.put("stanchion.rate-limits.search", "100/1m");
            properties.put("stanchion.rate-limits.other.capcity", "5");

            assertThatThrownBy(reloader::reload)
                    .isInstanceOf(GuardConfigurationException.class)
                    .hasMessageContaining("Did you mean 'capacity'?");
            assertThat(admitted(search, 200)).isEqualTo(10);
        });
    }

    @Test
    void durationWithoutAUnitIsRefusedAgain() {
        running((search, reloader) -> {
            properties.put("stanchion.memory.sweep-interval", "5");

            assertThatThrownBy(reloader::reload)
                    .isInstanceOf(GuardConfigurationException.class)
                    .hasMessageContaining("has no unit");
        });
    }

    @Test
    void policyInUseMayNotVanish() {
        running((search, reloader) -> {
            properties.remove("stanchion.rate-limits.search");

            assertThatThrownBy(reloader::reload).isInstanceOf(GuardConfigurationException.class);
            assertThat(admitted(search, 200)).isEqualTo(10);
        });
    }

    @Test
    void expressionThatCannotWorkChangesNothing() {
        running((search, reloader) -> {
            properties.remove("stanchion.rate-limits.search");
            properties.put("stanchion.rate-limits.search.limit", "100/1m");
            properties.put("stanchion.rate-limits.search.key", "#nobody");

            assertThatThrownBy(reloader::reload)
                    .isInstanceOf(GuardConfigurationException.class)
                    .hasMessageContaining("'#nobody'");
            assertThat(admitted(search, 200)).isEqualTo(10);
        });
    }

    @Test
    void changesThatNeedARestartAreNamedAndTheRestApplies() {
        running((search, reloader) -> {
            properties.put("stanchion.rate-limits.search", "100/1m");
            properties.put("stanchion.key-prefix", "other");
            properties.put("stanchion.order", "authorization, rate-limit");
            properties.put("stanchion.memory.max-keys", "7");
            properties.put("stanchion.redis.coalesce", "true");
            properties.put("stanchion.enabled", "false");
            properties.put("stanchion.weaving", "aspectj");
            properties.put("stanchion.store", "memory");
            properties.put("stanchion.locking.notify", "poll");

            assertThat(reloader.reload())
                    .containsExactly(
                            "stanchion.enabled",
                            "stanchion.weaving",
                            "stanchion.order",
                            "stanchion.store",
                            "stanchion.key-prefix",
                            "stanchion.memory",
                            "stanchion.redis",
                            "stanchion.locking");
            assertThat(admitted(search, 200)).isEqualTo(100);
        });
    }

    @Test
    void modeMayChangeWhileRunning() {
        running((search, reloader) -> {
            properties.put("stanchion.rate-limits.search.limit", "10/1m");
            properties.remove("stanchion.rate-limits.search");
            properties.put("stanchion.rate-limits.search.mode", "off");
            reloader.reload();

            assertThat(admitted(search, 200)).isEqualTo(200);
        });
    }

    @Test
    void globalModeAndDefaultsMayChangeWhileRunning() {
        running((search, reloader) -> {
            properties.put("stanchion.defaults.rate-limit.mode", "off");
            assertThat(reloader.reload()).isEmpty();
            assertThat(admitted(search, 200)).isEqualTo(200);

            properties.remove("stanchion.defaults.rate-limit.mode");
            assertThat(reloader.reload()).isEmpty();
            assertThat(admitted(search, 200)).isEqualTo(10);

            properties.put("stanchion.mode", "off");
            assertThat(reloader.reload()).isEmpty();
            assertThat(admitted(search, 200)).isEqualTo(200);
        });
    }

    @Test
    void locksAreReloadedToo() {
        contexts.withBean(Archive.class).run(context -> {
            Archive archive = context.getBean(Archive.class);
            PolicyReloader reloader = context.getBean(PolicyReloader.class);
            assertThat(archive.remaining()).isBetween(Duration.ofSeconds(29), Duration.ofSeconds(30));
            properties.put("stanchion.locks.archive.lease", "1m");

            assertThat(reloader.reload()).isEmpty();

            assertThat(archive.remaining()).isBetween(Duration.ofSeconds(59), Duration.ofSeconds(60));
        });
    }

    @Test
    void lockThatCannotWorkChangesNoRateLimitEither() {
        contexts.withBean(Archive.class).run(context -> {
            properties.put("stanchion.rate-limits.search", "100/1m");
            properties.put("stanchion.locks.archive.lease", "100ms");

            assertThatThrownBy(context.getBean(PolicyReloader.class)::reload)
                    .isInstanceOf(GuardConfigurationException.class)
                    .hasMessageContaining("stanchion.locks.archive.lease");
            assertThat(admitted(context.getBean(Search.class), 200)).isEqualTo(10);
        });
    }

    @Test
    void whatIsSwitchedOffAdmitsEverythingUntilItIsSwitchedOnAgain() {
        running((search, reloader) -> {
            assertThat(admitted(search, 6)).isEqualTo(6);

            reloader.switchTo(new GuardSwitch(true, Set.of("Search")));
            assertThat(admitted(search, 200)).isEqualTo(200);
            reloader.switchTo(new GuardSwitch(false, Set.of()));
            assertThat(admitted(search, 200)).isEqualTo(200);

            reloader.switchTo(GuardSwitch.ON);
            assertThat(admitted(search, 200)).isEqualTo(4);
        });
    }

    @Test
    void allButSomeCanBeSwitchedOffAndReloadsLeaveItThere() {
        contexts.withBean(Archive.class).withBean(Unnamed.class).run(context -> {
            Search search = context.getBean(Search.class);
            PolicyReloader reloader = context.getBean(PolicyReloader.class);
            Locks locks = context.getBean(Locks.class);
            reloader.switchTo(new GuardSwitch(false, Set.of("archive")));

            assertThat(admitted(search, 200)).isEqualTo(200);
            context.getBean(Unnamed.class).once();
            context.getBean(Unnamed.class).once();
            try (Lease on = locks.acquire("archive", "key");
                    Lease off = locks.acquire("of-the-defaults", "key")) {
                assertThat(on.fencingTokens()).hasSize(1);
                assertThat(off.fencingTokens()).isEmpty();
            }

            properties.put("stanchion.rate-limits.search", "100/1m");
            reloader.reload();
            assertThat(admitted(search, 200)).isEqualTo(200);

            reloader.switchTo(new GuardSwitch(true, Set.of("archive")));
            assertThat(admitted(search, 200)).isEqualTo(100);
            try (Lease off = locks.acquire("archive", "key")) {
                assertThat(off.fencingTokens()).isEmpty();
            }
            context.getBean(Unnamed.class).once();
            assertThatThrownBy(context.getBean(Unnamed.class)::once).isInstanceOf(RateLimitExceededException.class);
        });
    }

    @Test
    void allPoliciesAreKnownByName() {
        contexts.withBean(Archive.class)
                .withPropertyValues(
                        "stanchion.locks.spare.wait=1s",
                        "stanchion.rate-limits.spareLimit=1/1m",
                        "stanchion.rate-limits.planned.plans.free=1/1m")
                .run(context -> assertThat(context.getBean(PolicyReloader.class).policyNames())
                        .containsExactly("archive", "planned", "search", "spare", "spareLimit"));
    }

    @Test
    void guardsThatAreDisabledCannotBeSwitchedOn() {
        contexts.withPropertyValues("stanchion.enabled=false").run(context -> {
            context.getBean(PolicyReloader.class).switchTo(GuardSwitch.ON);
            RateLimiters limiters = context.getBean(RateLimiters.class);
            for (int i = 0; i < 20; i++) {
                assertThat(limiters.tryAcquire("search", "alice").admitted()).isTrue();
            }
        });
    }

    @Test
    void nothingThatIsRefusedIsInForceForAMomentAndTheLogSaysWhy() {
        contexts.run(context -> {
            RateLimitPolicies limits = context.getBean(RateLimitPolicies.class);
            List<String> seen = new ArrayList<>();
            limits.watch(() -> seen.add(limits.get("search").describeLimit()));
            properties.put("stanchion.rate-limits.search", "100/1m");
            properties.put("stanchion.locks.archive.lease", "100ms");
            try (Logs logs = new Logs()) {
                PolicyReloader reloader = context.getBean(PolicyReloader.class);
                assertThatThrownBy(reloader::reload).isInstanceOf(GuardConfigurationException.class);
                assertThat(logs.lines())
                        .singleElement()
                        .asString()
                        .startsWith("ERROR: Policies stay as they are: ")
                        .contains("stanchion.locks.archive.lease");
            }
            assertThat(seen).hasSize(1);
        });
    }

    @Test
    void springCloudsEventReloadsAndAnErrorIsLogged() {
        contexts.run(context -> {
            Search search = context.getBean(Search.class);
            properties.put("stanchion.rate-limits.search", "100/1m");
            context.publishEvent(new org.springframework.cloud.context.environment.EnvironmentChangeEvent(context));
            assertThat(admitted(search, 200)).isEqualTo(100);

            properties.put("stanchion.rate-limits.search", "nonsense");
            try (Logs logs = new Logs()) {
                context.publishEvent(new org.springframework.cloud.context.environment.EnvironmentChangeEvent(context));
                assertThat(logs.lines())
                        .singleElement()
                        .asString()
                        .startsWith("ERROR: Policies stay as they are: Limit 'nonsense' of"
                                + " stanchion.rate-limits.search.limit cannot be read");
            }
        });
    }

    private void running(BiConsumer<Search, PolicyReloader> test) {
        contexts.run(context -> test.accept(context.getBean(Search.class), context.getBean(PolicyReloader.class)));
    }

    private static int admitted(Search search, int calls) {
        int admitted = 0;
        for (int i = 0; i < calls; i++) {
            try {
                search.find("x");
                admitted++;
            } catch (RateLimitExceededException refused) {
                // counted by its absence
            }
        }
        return admitted;
    }

    public static class Archive {

        @WithLock("archive")
        public Duration remaining() {
            return Lease.current("archive").remaining();
        }
    }

    public static class Unnamed {

        @RateLimited(limit = "1/1h")
        public void once() {}
    }

    public static class Search {

        @RateLimited("search")
        public String find(String text) {
            return text;
        }
    }
}
