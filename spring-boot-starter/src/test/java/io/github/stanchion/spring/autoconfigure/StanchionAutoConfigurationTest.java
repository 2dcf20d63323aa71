package io.github.stanchion.spring.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.stanchion.annotation.RateLimited;
import io.github.stanchion.guard.Fallbacks;
import io.github.stanchion.guard.GuardConfigurationException;
import io.github.stanchion.guard.GuardEvent;
import io.github.stanchion.guard.GuardExecutor;
import io.github.stanchion.guard.GuardExpressions;
import io.github.stanchion.guard.GuardListener;
import io.github.stanchion.guard.GuardListeners;
import io.github.stanchion.guard.Sleeper;
import io.github.stanchion.guard.SystemSleeper;
import io.github.stanchion.limit.RateLimitExceededException;
import io.github.stanchion.limit.RateLimitPolicies;
import io.github.stanchion.memory.MemoryStore;
import io.github.stanchion.spring.weave.GuardAdvisor;
import io.github.stanchion.spring.weave.MergedAnnotationSource;
import io.github.stanchion.store.AtomicStore;
import io.github.stanchion.store.Capability;
import io.github.stanchion.store.KeyRange;
import io.github.stanchion.store.KeySpace;
import io.github.stanchion.store.primitive.AtomicCounters;
import io.github.stanchion.store.primitive.AtomicValues;
import io.github.stanchion.store.primitive.Ttl;
import io.github.stanchion.testkit.VirtualClock;
import io.github.stanchion.weave.GuardWeaver;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.aop.support.AopUtils;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.aop.AopAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@ExtendWith(OutputCaptureExtension.class)
class StanchionAutoConfigurationTest {

    /** Without the backend of Redis, which {@link StanchionRedisAutoConfigurationTest} is about. */
    private final ApplicationContextRunner contexts = new ApplicationContextRunner()
            .withClassLoader(new FilteredClassLoader("io.github.stanchion.redis"))
            .withConfiguration(AutoConfigurations.of(StanchionAutoConfiguration.class))
            .withUserConfiguration(Clocked.class);

    @Test
    void guardsBeansWithoutAnySetting() {
        contexts.withBean(Search.class).run(context -> {
            Search search = context.getBean(Search.class);

            assertThat(search.find("a")).isEqualTo("a");
            assertThat(search.find("b")).isEqualTo("b");
            assertThatThrownBy(() -> search.find("c")).isInstanceOf(RateLimitExceededException.class);
            context.getBean(VirtualClock.class).advance(Duration.ofSeconds(30));
            assertThat(search.find("d")).isEqualTo("d");
        });
    }

    @Test
    void selfCallsAreNotGuardedByProxies() {
        contexts.withBean(Search.class).run(context -> {
            Search search = context.getBean(Search.class);

            for (int i = 0; i < 5; i++) {
                assertThat(search.unguarded("a")).isEqualTo("a");
            }
            assertThat(search.find("a")).isEqualTo("a");
        });
    }

    @Test
    void worksWithoutAspectjAndWithSpringAopOff() {
        contexts.withConfiguration(AutoConfigurations.of(AopAutoConfiguration.class))
                .withPropertyValues("spring.aop.auto=false")
                .withClassLoader(new FilteredClassLoader("org.aspectj", "io.github.stanchion.redis"))
                .withBean(Search.class)
                .run(context ->
                        assertThat(exhaust(context.getBean(Search.class))).isEqualTo(2));
    }

    @Test
    void adviceRunsOnceBesideSpringsOwnProxies() {
        contexts.withConfiguration(AutoConfigurations.of(AopAutoConfiguration.class))
                .withBean(Search.class)
                .run(context ->
                        assertThat(exhaust(context.getBean(Search.class))).isEqualTo(2));
    }

    @Test
    void worksWithoutReactor() {
        contexts.withClassLoader(new FilteredClassLoader("reactor", "org.reactivestreams"))
                .withBean(Search.class)
                .run(context -> {
                    assertThat(context).hasNotFailed().doesNotHaveBean("reactiveResults");
                    assertThat(exhaust(context.getBean(Search.class))).isEqualTo(2);
                });
    }

    @Test
    void beansBackOffForTheUsersOwn() {
        contexts.withUserConfiguration(Own.class).run(context -> {
            assertThat(context).hasSingleBean(AtomicStore.class).hasSingleBean(GuardExecutor.class);
            assertThat(context.getBean(AtomicStore.class)).isSameAs(Own.STORE);
            assertThat(context.getBean(Sleeper.class)).isSameAs(Own.SLEEPER);
            assertThat(context.getBean(GuardExpressions.class)).isSameAs(Own.EXPRESSIONS);
            assertThat(context).hasSingleBean(Fallbacks.class).hasBean("ownFallbacks");
            assertThat(context).hasSingleBean(RateLimitPolicies.class).hasBean("ownPolicies");
            assertThat(context).hasSingleBean(AtomicCounters.class).hasBean("ownCounters");
            assertThat(context).hasSingleBean(AtomicValues.class).hasBean("ownValues");
            assertThat(context).hasSingleBean(GuardListeners.class).hasBean("ownListeners");
            assertThat(context).hasSingleBean(GuardWeaver.class).hasBean("ownWeaver");
        });
    }

    @Test
    void keyPrefixAndBoundsReachTheStore() {
        contexts.withPropertyValues("stanchion.key-prefix=shop", "stanchion.memory.max-keys=17")
                .withBean(Search.class)
                .run(context -> {
                    assertThat(context.getBean(MemoryStore.class).stats().maxKeys())
                            .isEqualTo(17);
                    AtomicStore store = context.getBean(AtomicStore.class);
                    context.getBean(AtomicCounters.class).increment("k", Ttl.of(Duration.ofMinutes(1)));
                    assertThat(new AtomicCounters(store, "shop").get("k").value())
                            .isEqualTo(1);
                    context.getBean(Search.class).find("a");
                    KeySpace space = KeySpace.of("shop", "rate-bucket", "Search#find(String)");
                    assertThat(store.keys().page(KeyRange.of(space), null, 10).keys())
                            .hasSize(1);
                });
    }

    @Test
    void valuesAreInjectedOnTheSameStoreAndPrefix() {
        contexts.withPropertyValues("stanchion.key-prefix=shop").run(context -> {
            AtomicStore store = context.getBean(AtomicStore.class);

            long version = context.getBean(AtomicValues.class).put("k", "v", Ttl.none());

            assertThat(new AtomicValues(store, "shop").get("k").version()).isEqualTo(version);
            assertThat(new AtomicValues(store, "stanchion").get("k").isAbsent()).isTrue();
        });
    }

    @Test
    void storeThatIsNotThereStopsTheStart() {
        contexts.withPropertyValues("stanchion.store=redis").run(context -> assertThat(context.getStartupFailure())
                .rootCause()
                .isInstanceOf(GuardConfigurationException.class)
                .hasMessage("Property stanchion.store is 'redis', and there is no redis store; Add the module"
                        + " io.github.stanchion:stanchion-redis-backend, or remove the property to keep state in"
                        + " memory."));
    }

    @Test
    void guardThatNeedsMoreThanTheStoreHasStopsTheStart() {
        contexts.withBean(NeedyBinder.class, Capability.SHARED)
                .withBean(NeedyBinder.Needy.class)
                .run(context -> assertThat(context.getStartupFailure())
                        .isInstanceOf(GuardConfigurationException.class)
                        .hasMessage(
                                "Guard 'lock' of Needy.call needs a store that is shared by all processes, and store"
                                        + " 'memory' is none; Choose another store by stanchion.store."));
        contexts.withBean(NeedyBinder.class, Capability.RETAINS)
                .withBean(NeedyBinder.Needy.class)
                .run(context -> assertThat(context).hasNotFailed());
    }

    @Test
    void listenersHearDecisions() {
        List<GuardEvent> heard = new ArrayList<>();
        contexts.withBean(GuardListener.class, () -> heard::add)
                .withBean(Search.class)
                .run(context -> {
                    exhaust(context.getBean(Search.class));

                    assertThat(heard).isNotEmpty().allSatisfy(event -> assertThat(event.kind())
                            .isEqualTo("rate-limit"));
                });
    }

    @Test
    void disabledGuardsAdmitAndTheStoreStaysReal() {
        contexts.withPropertyValues("stanchion.enabled=false", "stanchion.rate-limits.api=1/1m")
                .withBean(Search.class)
                .run(context -> {
                    assertThat(context).doesNotHaveBean(GuardAdvisor.class).doesNotHaveBean(GuardDoctor.class);
                    assertThat(AopUtils.isAopProxy(context.getBean(Search.class)))
                            .isFalse();
                    assertThat(exhaust(context.getBean(Search.class))).isEqualTo(10);
                    AtomicCounters counters = context.getBean(AtomicCounters.class);
                    counters.increment("k", Ttl.of(Duration.ofMinutes(1)));
                    assertThat(counters.increment("k", Ttl.of(Duration.ofMinutes(1)))
                                    .value())
                            .isEqualTo(2);
                });
    }

    @Test
    void modeOffLetsAllCallsThrough() {
        contexts.withPropertyValues("stanchion.mode=off").withBean(Search.class).run(context -> assertThat(
                        exhaust(context.getBean(Search.class)))
                .isEqualTo(10));
    }

    @Test
    void storeIsClosedWithTheContext() {
        contexts.run(context -> {
            MemoryStore store = context.getBean(MemoryStore.class);
            context.close();
            assertThatThrownBy(() -> new AtomicCounters(store, "p").get("k"))
                    .isInstanceOf(io.github.stanchion.store.StoreClosedException.class);
        });
    }

    @Test
    void advisorsStandAroundAuthorization() {
        contexts.run(
                context -> assertThat(context.getBeansOfType(GuardAdvisor.class).values())
                        .extracting(GuardAdvisor::getOrder)
                        .containsExactlyInAnyOrder(0, 1000));
    }

    @Test
    void noBeanIsTooEarlyForPostProcessing(CapturedOutput output) {
        contexts.withBean(Search.class)
                .run(context -> assertThat(output.getAll()).doesNotContain("is not eligible for getting processed"));
    }

    @Test
    void startIsReportedInOneLine() {
        try (Logs logs = new Logs()) {
            contexts.withBean(Search.class).run(context -> assertThat(logs.lines())
                    .containsExactly("INFO: 1 guard on 1 method, store memory, weaving proxy"));
        }
    }

    private static int exhaust(Search search) {
        int admitted = 0;
        for (int i = 0; i < 10; i++) {
            try {
                search.find("x");
                admitted++;
            } catch (RateLimitExceededException refused) {
                // counted by its absence
            }
        }
        return admitted;
    }

    public static class Search {

        @RateLimited(limit = "2/1m")
        public String find(String text) {
            return text;
        }

        public String unguarded(String text) {
            return find(text);
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Clocked {

        @Bean
        VirtualClock clock() {
            return new VirtualClock();
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Own {

        static final AtomicStore STORE = MemoryStore.create();
        static final Sleeper SLEEPER = new SystemSleeper();
        static final GuardExpressions EXPRESSIONS = GuardExpressions.none();

        @Bean
        AtomicStore ownStore() {
            return STORE;
        }

        @Bean
        Sleeper ownSleeper() {
            return SLEEPER;
        }

        @Bean
        GuardExpressions ownExpressions() {
            return EXPRESSIONS;
        }

        @Bean
        Fallbacks ownFallbacks() {
            return (reference, method, origin) -> (call, failure) -> null;
        }

        @Bean
        RateLimitPolicies ownPolicies() {
            return RateLimitPolicies.of(java.util.Map.of());
        }

        @Bean
        AtomicCounters ownCounters(AtomicStore store) {
            return new AtomicCounters(store, "own");
        }

        @Bean
        AtomicValues ownValues(AtomicStore store) {
            return new AtomicValues(store, "own");
        }

        @Bean
        GuardListeners ownListeners() {
            return GuardListeners.none();
        }

        @Bean
        GuardWeaver ownWeaver() {
            return new GuardWeaver(List.of(), new MergedAnnotationSource(), List.of());
        }
    }
}
