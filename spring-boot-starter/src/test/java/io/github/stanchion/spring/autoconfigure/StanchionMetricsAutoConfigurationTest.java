package io.github.stanchion.spring.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.stanchion.annotation.RateLimited;
import io.github.stanchion.guard.FailurePolicy;
import io.github.stanchion.guard.GuardConfigurationException;
import io.github.stanchion.guard.GuardEvent;
import io.github.stanchion.guard.GuardListeners;
import io.github.stanchion.guard.GuardRejectedException;
import io.github.stanchion.guard.SystemSleeper;
import io.github.stanchion.limit.Permit;
import io.github.stanchion.limit.RateLimitDecision;
import io.github.stanchion.limit.RateLimitDegraded;
import io.github.stanchion.limit.RateLimitRecovered;
import io.github.stanchion.limit.RateLimitSettled;
import io.github.stanchion.limit.RateLimiters;
import io.github.stanchion.memory.MemoryStore;
import io.github.stanchion.spring.metrics.RateLimitMeters;
import io.github.stanchion.spring.metrics.RateLimitWatch;
import io.github.stanchion.store.AtomicStore;
import io.github.stanchion.testkit.FaultyStore;
import io.github.stanchion.testkit.VirtualClock;
import io.github.stanchion.testkit.VirtualSleeper;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.event.EventListener;
import org.springframework.core.env.MapPropertySource;

class StanchionMetricsAutoConfigurationTest {

    private final ApplicationContextRunner plain = new ApplicationContextRunner()
            .withConfiguration(
                    AutoConfigurations.of(StanchionAutoConfiguration.class, StanchionMetricsAutoConfiguration.class))
            .withBean(VirtualClock.class)
            .withBean(Shop.class);
    private final ApplicationContextRunner contexts = plain.withConfiguration(
                    AutoConfigurations.of(MetricsAutoConfiguration.class))
            .withBean(SimpleMeterRegistry.class);

    @Test
    void reloadsAreCountedByTheirOutcome() {
        contexts.withPropertyValues("stanchion.rate-limits.login-attempt=5/1m").run(context -> {
            MeterRegistry registry = context.getBean(MeterRegistry.class);
            for (String outcome : List.of("applied", "refused")) {
                assertThat(reloads(registry, outcome)).isZero();
            }
            PolicyReloader reloader = context.getBean(PolicyReloader.class);
            reloader.reload();
            Map<String, Object> wrong = Map.of("stanchion.rate-limits.login-attempt", "many");
            context.getEnvironment().getPropertySources().addFirst(new MapPropertySource("wrong", wrong));
            for (int i = 0; i < 2; i++) {
                assertThatThrownBy(reloader::reload).isInstanceOf(GuardConfigurationException.class);
            }
            assertThat(reloads(registry, "applied")).isEqualTo(1);
            assertThat(reloads(registry, "refused")).isEqualTo(2);
        });
    }

    private static double reloads(MeterRegistry registry, String outcome) {
        return registry.get("stanchion.policies.reloads")
                .tag("outcome", outcome)
                .functionCounter()
                .count();
    }

    @Test
    void refusalsAreMarkedInTheObservationOfTheirThread() {
        plain.withBean(ObservationRegistry.class, ObservationRegistry::create)
                .withPropertyValues("stanchion.rate-limits.login-attempt=1/1m")
                .run(context -> {
                    List<String> marks = new ArrayList<>();
                    ObservationRegistry registry = context.getBean(ObservationRegistry.class);
                    registry.observationConfig().observationHandler(new ObservationHandler<>() {
                        @Override
                        public void onEvent(Observation.Event event, Observation.Context observed) {
                            marks.add(event.getName() + ": " + event.getContextualName());
                        }

                        @Override
                        public boolean supportsContext(Observation.Context observed) {
                            return true;
                        }
                    });
                    RateLimiters limiters = context.getBean(RateLimiters.class);
                    limiters.tryAcquire("login-attempt", "alice");
                    limiters.tryAcquire("login-attempt", "alice");
                    Observation.createNotStarted("request", registry).observe(() -> {
                        limiters.tryAcquire("login-attempt", "bob");
                        limiters.tryAcquire("login-attempt", "bob");
                    });
                    assertThat(marks)
                            .containsExactly("stanchion.rejected: stanchion.rejected by rate-limit 'login-attempt'");
                });
    }

    @Test
    void allPoliciesHaveAllSeriesWithZeroBeforeAnyCall() {
        contexts.withPropertyValues("stanchion.rate-limits.login-attempt=5/1m").run(context -> {
            MeterRegistry meters = context.getBean(MeterRegistry.class);

            assertThat(series(meters, "stanchion.rate.decisions"))
                    .isEqualTo(Set.of("Shop#buy(String)", "login-attempt", "search").stream()
                            .flatMap(name -> DECISIONS.stream().map(tags -> name + " " + tags))
                            .collect(Collectors.toCollection(TreeSet::new)));
            assertThat(series(meters, "stanchion.guard.calls"))
                    .contains(
                            "search rate-limit admitted",
                            "search rate-limit rejected",
                            "search rate-limit shadow_rejected",
                            "search rate-limit skipped",
                            "search rate-limit store_failed")
                    .hasSize(15);
            assertThat(series(meters, "stanchion.rate.settlements"))
                    .contains("search refunded", "search charged", "search forgiven", "search lost")
                    .hasSize(12);
            for (String one :
                    List.of("permits", "missing_key", "unknown_plan", "wait", "waiting", "leased", "degraded")) {
                assertThat(series(meters, "stanchion.rate." + one))
                        .containsExactly("Shop#buy(String)", "login-attempt", "search");
            }
            assertThat(figures(meters)).isEmpty();
        });
    }

    @Test
    void policySpeltInTwoWaysHasOneSetOfSeries() {
        contexts.withPropertyValues("stanchion.rate-limits.SEARCH.mode=shadow")
                .run(context -> assertThat(series(context.getBean(MeterRegistry.class), "stanchion.rate.permits"))
                        .containsExactly("Shop#buy(String)", "search"));
    }

    @Test
    void scriptedCallsAreCountedExactly() {
        contexts.withPropertyValues(
                        "stanchion.rate-limits.api.limit=10/1m",
                        "stanchion.rate-limits.watched.limit=2/1h",
                        "stanchion.rate-limits.watched.mode=shadow",
                        "stanchion.rate-limits.silent.limit=1/1h",
                        "stanchion.rate-limits.silent.mode=off",
                        "stanchion.rate-limits.keyed.limit=1/1h",
                        "stanchion.rate-limits.keyed.on-missing-key=deny")
                .run(context -> {
                    RateLimiters limiters = context.getBean(RateLimiters.class);
                    for (int i = 0; i < 5; i++) {
                        limiters.tryAcquire("api", "alice", 3);
                    }
                    limiters.tryAcquire("api", "alice", 11);
                    limiters.acquire("api", "bob", 4).refund();
                    for (int i = 0; i < 7; i++) {
                        limiters.tryAcquire("watched", "alice");
                    }
                    limiters.tryAcquire("silent", "alice");
                    limiters.tryAcquire("keyed", null);

                    assertThat(figures(context.getBean(MeterRegistry.class)))
                            .containsOnly(
                                    Map.entry("rate.decisions api admitted store", 4.0),
                                    Map.entry("rate.decisions api rejected store", 2.0),
                                    Map.entry("rate.decisions api never none", 1.0),
                                    Map.entry("rate.permits api", 13.0),
                                    Map.entry("rate.settlements api refunded", 1.0),
                                    Map.entry("guard.calls api rate-limit admitted", 4.0),
                                    Map.entry("guard.calls api rate-limit rejected", 3.0),
                                    Map.entry("rate.decisions watched admitted store", 2.0),
                                    Map.entry("rate.decisions watched shadow_rejected store", 5.0),
                                    Map.entry("rate.permits watched", 2.0),
                                    Map.entry("guard.calls watched rate-limit admitted", 2.0),
                                    Map.entry("guard.calls watched rate-limit shadow_rejected", 5.0),
                                    Map.entry("rate.decisions silent skipped none", 1.0),
                                    Map.entry("guard.calls silent rate-limit skipped", 1.0),
                                    Map.entry("rate.decisions keyed blocked none", 1.0),
                                    Map.entry("rate.missing_key keyed", 1.0),
                                    Map.entry("guard.calls keyed rate-limit rejected", 1.0));
                });
    }

    @Test
    void guardedMethodsAreCountedByTheirPolicy() {
        contexts.withPropertyValues("stanchion.rate-limits.search.plans.vip=unlimited")
                .run(context -> {
                    Shop shop = context.getBean(Shop.class);
                    for (int i = 0; i < 3; i++) {
                        attempt(() -> shop.buy("book"));
                    }
                    shop.search("a", null);
                    shop.search("a", "unheard-of");
                    shop.search("a", "vip");

                    assertThat(figures(context.getBean(MeterRegistry.class)))
                            .containsOnly(
                                    Map.entry("rate.decisions Shop#buy(String) admitted store", 2.0),
                                    Map.entry("rate.decisions Shop#buy(String) rejected store", 1.0),
                                    Map.entry("rate.permits Shop#buy(String)", 2.0),
                                    Map.entry("guard.calls Shop#buy(String) rate-limit admitted", 2.0),
                                    Map.entry("guard.calls Shop#buy(String) rate-limit rejected", 1.0),
                                    Map.entry("rate.decisions search admitted store", 2.0),
                                    Map.entry("rate.decisions search unlimited none", 1.0),
                                    Map.entry("rate.permits search", 2.0),
                                    Map.entry("rate.unknown_plan search", 2.0),
                                    Map.entry("guard.calls search rate-limit admitted", 3.0));
                });
    }

    @Test
    void waitsAreTimedAndWaitersShown() {
        contexts.withBean(VirtualSleeper.class)
                .withPropertyValues(
                        "stanchion.rate-limits.slow.limit=10/1s burst 1", "stanchion.rate-limits.slow.max-wait=1s")
                .run(context -> {
                    MeterRegistry meters = context.getBean(MeterRegistry.class);
                    RateLimiters limiters = context.getBean(RateLimiters.class);
                    limiters.acquire("slow", "a", 1);
                    CompletableFuture<?> first =
                            limiters.acquireAsync("slow", "a", 1).toCompletableFuture();
                    CompletableFuture<?> second =
                            limiters.acquireAsync("slow", "a", 1).toCompletableFuture();

                    assertThat(meters.get("stanchion.rate.waiting")
                                    .tag("name", "slow")
                                    .gauge()
                                    .value())
                            .isEqualTo(2);
                    context.getBean(VirtualClock.class).advance(Duration.ofMillis(200));

                    assertThat(first).isCompleted();
                    assertThat(second).isCompleted();
                    assertThat(meters.get("stanchion.rate.waiting")
                                    .tag("name", "slow")
                                    .gauge()
                                    .value())
                            .isZero();
                    assertThat(meters.get("stanchion.rate.wait")
                                    .tag("name", "slow")
                                    .timer())
                            .satisfies(timer -> {
                                assertThat(timer.count()).isEqualTo(2);
                                assertThat(timer.totalTime(TimeUnit.MILLISECONDS))
                                        .isEqualTo(300);
                                assertThat(timer.max(TimeUnit.MILLISECONDS)).isEqualTo(200);
                            });
                    assertThat(figures(meters)).containsEntry("rate.decisions slow delayed store", 2.0);
                });
    }

    @Test
    void keysMakeNoSeries() {
        contexts.run(context -> {
            MeterRegistry meters = context.getBean(MeterRegistry.class);
            RateLimiters limiters = context.getBean(RateLimiters.class);
            Set<String> before = allSeries(meters);
            for (int i = 0; i < 1_000; i++) {
                limiters.tryAcquire("search", UUID.randomUUID().toString());
            }

            assertThat(allSeries(meters)).isEqualTo(before);
            assertThat(figures(meters)).containsEntry("rate.decisions search admitted store", 1_000.0);
            assertThat(meters.get("stanchion.store.keys")
                            .tag("store", "memory")
                            .gauge()
                            .value())
                    .isEqualTo(1_000);
        });
    }

    @Test
    void policyOfAReloadHasItsSeriesAtOnce() {
        Map<String, Object> properties = new HashMap<>();
        contexts.withInitializer(context -> context.getEnvironment()
                        .getPropertySources()
                        .addFirst(new MapPropertySource("changing", properties)))
                .run(context -> {
                    properties.put("stanchion.rate-limits.fresh", "5/1m");
                    context.getBean(PolicyReloader.class).reload();

                    assertThat(series(context.getBean(MeterRegistry.class), "stanchion.rate.permits"))
                            .containsExactly("Shop#buy(String)", "fresh", "search");
                });
    }

    @Test
    void storeShowsOverflowAndCollection() {
        contexts.withPropertyValues("stanchion.memory.max-keys=10").run(context -> {
            RateLimiters limiters = context.getBean(RateLimiters.class);
            MeterRegistry meters = context.getBean(MeterRegistry.class);
            for (int i = 0; i < 13; i++) {
                limiters.tryAcquire("search", "caller" + i);
            }

            assertThat(meters.get("stanchion.store.keys").gauge().value()).isEqualTo(10);
            assertThat(meters.get("stanchion.store.overflow").functionCounter().count())
                    .isEqualTo(3);
            assertThat(meters.get("stanchion.store.collected").functionCounter().count())
                    .isZero();
            context.getBean(VirtualClock.class).advance(Duration.ofHours(1));
            limiters.tryAcquire("search", "late");
            assertThat(meters.get("stanchion.store.collected").functionCounter().count())
                    .isPositive();
        });
    }

    @Test
    void outageShowsInMetersAndEvents() {
        FaultyStore store = new FaultyStore(MemoryStore.create(), new SystemSleeper());
        contexts.withBean(AtomicStore.class, () -> store)
                .withBean(Heard.class)
                .withPropertyValues(
                        "stanchion.rate-limits.local=1/1h",
                        "stanchion.rate-limits.open.limit=1/1h",
                        "stanchion.rate-limits.open.on-store-failure=open",
                        "stanchion.rate-limits.closed.limit=1/1h",
                        "stanchion.rate-limits.closed.on-store-failure=closed")
                .run(context -> {
                    MeterRegistry meters = context.getBean(MeterRegistry.class);
                    RateLimiters limiters = context.getBean(RateLimiters.class);
                    store.failNext(100);
                    for (String name : List.of("local", "open", "closed")) {
                        attempt(() -> limiters.tryAcquire(name, "a"));
                        attempt(() -> limiters.tryAcquire(name, "a"));
                    }

                    assertThat(figures(meters))
                            .containsOnly(
                                    Map.entry("rate.decisions local admitted local", 1.0),
                                    Map.entry("rate.decisions local rejected local", 1.0),
                                    Map.entry("rate.permits local", 1.0),
                                    Map.entry("rate.degraded local", 1.0),
                                    Map.entry("guard.calls local rate-limit admitted", 1.0),
                                    Map.entry("guard.calls local rate-limit rejected", 1.0),
                                    Map.entry("rate.decisions open skipped none", 2.0),
                                    Map.entry("rate.degraded open", 1.0),
                                    Map.entry("guard.calls open rate-limit store_failed", 2.0),
                                    Map.entry("rate.decisions closed rejected none", 2.0),
                                    Map.entry("rate.degraded closed", 1.0),
                                    Map.entry("guard.calls closed rate-limit store_failed", 2.0),
                                    Map.entry("store.keys local", 1.0));
                    List<GuardEvent> heard = context.getBean(Heard.class).events;
                    assertThat(heard).extracting(GuardEvent::name).containsExactly("local", "open", "closed");
                    assertThat(heard).allMatch(RateLimitDegraded.class::isInstance);
                    assertThat(((RateLimitDegraded) heard.get(1)).answer()).isEqualTo(FailurePolicy.OPEN);

                    store.heal();
                    limiters.tryAcquire("open", "a");
                    assertThat(heard).hasSize(3);
                    context.getBean(VirtualClock.class).advance(Duration.ofSeconds(5));
                    limiters.tryAcquire("open", "a");

                    assertThat(heard.get(3)).isEqualTo(new RateLimitRecovered("open"));
                    assertThat(heard).hasSize(4);
                    assertThat(figures(meters))
                            .doesNotContainKey("rate.degraded open")
                            .containsKey("rate.degraded local");
                });
    }

    @Test
    void rejectionsAreEventsOnRequest() {
        plain.withBean(Heard.class)
                .withPropertyValues("stanchion.events.rejections=true")
                .run(context -> {
                    RateLimiters limiters = context.getBean(RateLimiters.class);
                    limiters.tryAcquire("search", "a", 9);
                    limiters.tryAcquire("search", "a", 9);

                    assertThat(context.getBean(Heard.class).events)
                            .singleElement()
                            .isInstanceOfSatisfying(RateLimitDecision.class, decision -> assertThat(
                                            decision.verdict().admitted())
                                    .isFalse());
                });
    }

    @Test
    void permitsThatAreForgivenAreAnEventThoughNobodyHearsOfCalls() {
        plain.withBean(Heard.class)
                .withPropertyValues("stanchion.rate-limits.debts.limit=10/1h", "stanchion.rate-limits.debts.max-debt=3")
                .run(context -> {
                    RateLimiters limiters = context.getBean(RateLimiters.class);
                    limiters.acquire("debts", "a", 4).refund();
                    limiters.acquire("debts", "a", 1).settle(13);
                    limiters.acquire("debts", "b", 1).settle(100);

                    assertThat(context.getBean(GuardListeners.class).isEmpty()).isTrue();
                    assertThat(context.getBean(Heard.class).events)
                            .containsExactly(new RateLimitSettled("debts", RateLimitSettled.Outcome.FORGIVEN, 87));
                });
    }

    @Test
    void settlementsAreCountedByTheirOutcome() {
        VirtualClock clock = new VirtualClock();
        FaultyStore store = new FaultyStore(MemoryStore.builder().clock(clock).build(), new VirtualSleeper(clock));
        contexts.withBean(AtomicStore.class, () -> store)
                .withPropertyValues("stanchion.rate-limits.debts.limit=10/1h", "stanchion.rate-limits.debts.max-debt=3")
                .run(context -> {
                    RateLimiters limiters = context.getBean(RateLimiters.class);
                    limiters.acquire("debts", "a", 4).refund();
                    limiters.acquire("debts", "a", 1).settle(13);
                    limiters.acquire("debts", "b", 1).settle(100);
                    for (int i = 0; i < 3; i++) {
                        Permit permit = limiters.acquire("debts", "c", 1);
                        store.failNext(1);
                        permit.refund();
                    }

                    Map<String, Double> figures = figures(context.getBean(MeterRegistry.class));
                    assertThat(figures.keySet())
                            .filteredOn(figure -> figure.startsWith("rate.settlements"))
                            .hasSize(4);
                    assertThat(figures)
                            .containsEntry("rate.settlements debts refunded", 1.0)
                            .containsEntry("rate.settlements debts charged", 2.0)
                            .containsEntry("rate.settlements debts forgiven", 1.0)
                            .containsEntry("rate.settlements debts lost", 3.0);
                });
    }

    @Test
    void nobodyHearsOfCallsWithoutMetersAndEvents() {
        plain.withBean(Heard.class).run(context -> {
            RateLimiters limiters = context.getBean(RateLimiters.class);
            limiters.tryAcquire("search", "a", 9);
            limiters.tryAcquire("search", "a", 9);

            assertThat(context.getBean(Heard.class).events).isEmpty();
            assertThat(context.getBean(GuardListeners.class).isEmpty()).isTrue();
        });
    }

    @Test
    void startsWithoutMicrometer() {
        plain.withClassLoader(new FilteredClassLoader("io.micrometer")).run(context -> assertThat(context)
                .hasNotFailed()
                .doesNotHaveBean("rateLimitMeters")
                .hasBean("guardEventPublisher"));
    }

    @Test
    void hasNoMetersWithoutARegistry() {
        plain.run(context ->
                assertThat(context).doesNotHaveBean(RateLimitMeters.class).doesNotHaveBean(RateLimitWatch.class));
    }

    @Test
    void backsOffForTheUsersMeters() {
        contexts.withBean("own", RateLimitWatch.class, () -> new RateLimitWatch(new VirtualClock()))
                .run(context ->
                        assertThat(context).hasSingleBean(RateLimitWatch.class).hasBean("own"));
    }

    private static void attempt(Runnable call) {
        try {
            call.run();
        } catch (GuardRejectedException refused) {
            // what meters say of it is asserted
        }
    }

    private static final List<String> DECISIONS = List.of(
            "admitted lease",
            "admitted local",
            "admitted store",
            "blocked none",
            "delayed local",
            "delayed store",
            "never none",
            "rejected cache",
            "rejected local",
            "rejected none",
            "rejected store",
            "shadow_rejected cache",
            "shadow_rejected local",
            "shadow_rejected none",
            "shadow_rejected store",
            "skipped none",
            "unlimited none");

    /** The values of a meter's tags, in the order name, kind, outcome, source, of each series. */
    private static Set<String> series(MeterRegistry meters, String meter) {
        return meters.find(meter).meters().stream()
                .map(StanchionMetricsAutoConfigurationTest::tags)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> allSeries(MeterRegistry meters) {
        return meters.getMeters().stream()
                .map(meter -> meter.getId().getName() + " " + tags(meter))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static String tags(Meter meter) {
        List<String> values = new ArrayList<>();
        for (String tag : List.of("store", "name", "kind", "outcome", "source")) {
            String value = meter.getId().getTag(tag);
            if (value != null) {
                values.add(value);
            }
        }
        assertThat(meter.getId().getTags()).hasSameSizeAs(values);
        return String.join(" ", values);
    }

    /** Our series that are not 0, but for the sizes of stores that decide. */
    private static Map<String, Double> figures(MeterRegistry meters) {
        Map<String, Double> figures = new LinkedHashMap<>();
        for (Meter meter : meters.getMeters()) {
            double value = StreamSupport.stream(meter.measure().spliterator(), false)
                    .findFirst()
                    .orElseThrow()
                    .getValue();
            String name = meter.getId().getName();
            if (value != 0 && name.startsWith("stanchion.")) {
                figures.put(name.substring("stanchion.".length()) + " " + tags(meter), value);
            }
        }
        figures.remove("store.keys memory");
        return figures;
    }

    public static class Shop {

        @RateLimited(limit = "2/1m")
        public String buy(String what) {
            return what;
        }

        @RateLimited(value = "search", limit = "10/1m", key = "#caller", plan = "#plan")
        public String search(String caller, @Nullable String plan) {
            return caller;
        }
    }

    static class Heard {

        final List<GuardEvent> events = new ArrayList<>();

        @EventListener
        void hear(GuardEvent event) {
            events.add(event);
        }
    }
}
