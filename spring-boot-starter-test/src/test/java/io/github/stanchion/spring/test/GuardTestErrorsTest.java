package io.github.stanchion.spring.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;
import static org.junit.platform.testkit.engine.EventConditions.event;
import static org.junit.platform.testkit.engine.EventConditions.finishedWithFailure;
import static org.junit.platform.testkit.engine.TestExecutionResultConditions.instanceOf;
import static org.junit.platform.testkit.engine.TestExecutionResultConditions.message;

import io.github.stanchion.guard.GuardConfigurationException;
import io.github.stanchion.memory.MemoryStore;
import io.github.stanchion.spring.autoconfigure.StanchionAutoConfiguration;
import io.github.stanchion.spring.store.StoreInFront;
import io.github.stanchion.spring.test.AutoConfigureStanchion.Clock;
import io.github.stanchion.spring.test.AutoConfigureStanchion.Store;
import io.github.stanchion.spring.test.shop.Shop;
import io.github.stanchion.store.AtomicStore;
import io.github.stanchion.store.CompareAndSetStore;
import io.github.stanchion.store.MicroClock;
import io.github.stanchion.testkit.FaultyStore;
import io.github.stanchion.testkit.VirtualClock;
import io.github.stanchion.testkit.VirtualSleeper;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Events;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.test.context.junit.jupiter.SpringJUnitConfig;

/** What is wrong with a test is said when it begins. */
class GuardTestErrorsTest {

    private final ApplicationContextRunner contexts = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    StanchionAutoConfiguration.class,
                    StanchionTestAutoConfiguration.class,
                    StanchionTestStoreAutoConfiguration.class));

    private static Events run(Class<?> test) {
        return EngineTestKit.engine("junit-jupiter")
                .selectors(selectClass(test))
                .execute()
                .testEvents();
    }

    private static void assertFails(Class<?> test, String message) {
        run(test)
                .assertThatEvents()
                .haveExactly(1, event(finishedWithFailure(instanceOf(IllegalStateException.class), message(text -> {
                    assertThat(text).contains(message);
                    return true;
                }))));
    }

    @Test
    void nameThatNoGuardHas() {
        assertFails(
                Misspelt.class,
                "Guard 'serach' of @GuardsOff or @GuardsOn is nowhere; there are [Catalog#unnamed(), export, leased,"
                        + " mail, quote, reindex, search]");
    }

    @Test
    void onAndOffAtOnce() {
        assertFails(AllAtOnce.class, "Guards are all switched off and all on by");
        assertFails(OneAtOnce.class, "Guard 'search' is switched off and on by");
    }

    @Test
    void noGuardsAtAll() {
        assertFails(NoGuards.class, "has a context without Stanchion; add @AutoConfigureStanchion");
    }

    @Test
    void attributesAndPropertiesAreHeard() {
        run(InRealTime.class).assertStatistics(tests -> tests.succeeded(1).failed(0));
        contexts.run(context -> assertThat(context).hasSingleBean(VirtualClock.class));
        contexts.withPropertyValues("stanchion-test.clock=system")
                .run(context -> assertThat(context).doesNotHaveBean(VirtualClock.class));
        contexts.withPropertyValues("stanchion-test.store=configured").run(context -> assertThat(context)
                .hasSingleBean(FaultyStore.class)
                .doesNotHaveBean(StanchionTestAutoConfiguration.InMemory.STORE)
                .hasBean("stanchionStore"));
        contexts.withPropertyValues("stanchion-test.colck=system")
                .run(context ->
                        assertThat(context).getFailure().rootCause().hasMessageContaining("[stanchion-test.colck]"));
        contexts.withPropertyValues("stanchion-test.clock=fast")
                .run(context -> assertThat(context).getFailure().rootCause().hasMessageContaining("fast"));
    }

    @Test
    void timeOfOnesOwnStays() {
        MicroClock own = () -> 1;
        contexts.withBean(MicroClock.class, () -> own).run(context -> assertThat(context)
                .hasSingleBean(MicroClock.class)
                .hasSingleBean(FaultyStore.class)
                .doesNotHaveBean(VirtualSleeper.class));
        contexts.withBean(VirtualClock.class)
                .run(context ->
                        assertThat(context).hasSingleBean(VirtualClock.class).hasSingleBean(VirtualSleeper.class));
    }

    @Test
    void storeOfOnesOwnIsReplacedByMemoryOrStoodInFrontOf() {
        MemoryStore own = MemoryStore.create();
        contexts.withBean("own", MemoryStore.class, () -> own)
                .run(context -> assertThat(StoreInFront.real(context.getBean(AtomicStore.class)))
                        .isInstanceOf(MemoryStore.class)
                        .isNotSameAs(own));
        contexts.withBean("own", MemoryStore.class, () -> own)
                .withPropertyValues("stanchion-test.store=configured")
                .run(context -> assertThat(StoreInFront.real(context.getBean(AtomicStore.class)))
                        .isSameAs(own));
    }

    @Test
    void storesThatATestCannotStandInFrontOf() {
        contexts.withBean("one", MemoryStore.class, MemoryStore::create)
                .withBean("two", MemoryStore.class, MemoryStore::create)
                .withPropertyValues("stanchion-test.store=configured")
                .run(context -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .isInstanceOf(GuardConfigurationException.class)
                        .hasMessageStartingWith("Stores [one, two] are not one"));
        contexts.withBean("blind", AtomicStore.class, () -> new Blind())
                .withPropertyValues("stanchion-test.store=configured")
                .run(context -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .isInstanceOf(GuardConfigurationException.class)
                        .hasMessageStartingWith("Store 'blind' cannot list its keys"));
    }

    @SpringBootTest(webEnvironment = WebEnvironment.NONE, classes = Shop.class)
    @AutoConfigureStanchion
    static class Misspelt {

        @Test
        @GuardsOn("serach")
        void neverRuns() {}
    }

    @SpringBootTest(webEnvironment = WebEnvironment.NONE, classes = Shop.class)
    @AutoConfigureStanchion
    @GuardsOff
    @GuardsOn
    static class AllAtOnce {

        @Test
        void neverRuns() {}
    }

    @SpringBootTest(webEnvironment = WebEnvironment.NONE, classes = Shop.class)
    @AutoConfigureStanchion
    static class OneAtOnce {

        @Test
        @GuardsOff({"Search", "mail"})
        @GuardsOn("search")
        void neverRuns() {}
    }

    @SpringJUnitConfig(NoGuards.class)
    static class NoGuards {

        @Test
        @GuardsOff
        void neverRuns() {}
    }

    @SpringBootTest(webEnvironment = WebEnvironment.NONE, classes = Shop.class)
    @AutoConfigureStanchion(clock = Clock.SYSTEM, store = Store.MEMORY)
    static class InRealTime {

        @Test
        void hasNoClockOfItsOwn(@Autowired ApplicationContext context, @Autowired Shop.Catalog catalog) {
            assertThat(context.getBeanProvider(MicroClock.class)).isEmpty();
            catalog.unnamed();
        }
    }

    /** A store that cannot list its keys, and is asked nothing. */
    private static final class Blind extends CompareAndSetStore {

        private Blind() {
            super(Set.of(), Runnable::run);
        }

        @Override
        protected Snapshot read(String key) {
            throw new UnsupportedOperationException();
        }

        @Override
        protected boolean compareAndSet(String key, byte[] expected, byte[] next, long collectAfterMicros) {
            throw new UnsupportedOperationException();
        }
    }
}
