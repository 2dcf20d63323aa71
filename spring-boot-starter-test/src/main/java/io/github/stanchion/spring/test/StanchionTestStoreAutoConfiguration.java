package io.github.stanchion.spring.test;

import io.github.stanchion.guard.GuardConfigurationException;
import io.github.stanchion.guard.Sleeper;
import io.github.stanchion.limit.RateLimiters;
import io.github.stanchion.lock.Locks;
import io.github.stanchion.spring.autoconfigure.StanchionAutoConfiguration;
import io.github.stanchion.spring.autoconfigure.StanchionRedisAutoConfiguration;
import io.github.stanchion.spring.store.LocalStore;
import io.github.stanchion.store.AtomicStore;
import io.github.stanchion.store.Capability;
import io.github.stanchion.testkit.FaultyStore;
import io.github.stanchion.testkit.VirtualClock;
import io.github.stanchion.testkit.VirtualSleeper;
import java.util.ArrayList;
import java.util.List;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Primary;

/** What stands in front of the store, whichever that is, and what tests drive guards by. */
@AutoConfiguration(after = {StanchionAutoConfiguration.class, StanchionRedisAutoConfiguration.class})
public final class StanchionTestStoreAutoConfiguration {

    private static final String FAULTY = "faultyStore";
    private static final String TOUCHED = "touchedStore";

    StanchionTestStoreAutoConfiguration() {}

    @Bean(FAULTY)
    FaultyStore faultyStore(ListableBeanFactory beans, StanchionTestProperties properties, Sleeper sleeper) {
        return new FaultyStore(behind(beans, properties), sleeper);
    }

    @Bean(TOUCHED)
    @Primary
    TouchedStore touchedStore(ListableBeanFactory beans, StanchionTestProperties properties, FaultyStore faultyStore) {
        return new TouchedStore(faultyStore, behind(beans, properties));
    }

    private static AtomicStore behind(ListableBeanFactory beans, StanchionTestProperties properties) {
        if (properties.store() == AutoConfigureStanchion.Store.MEMORY) {
            return beans.getBean(StanchionTestAutoConfiguration.InMemory.STORE, AtomicStore.class);
        }
        List<String> names = new ArrayList<>(List.of(beans.getBeanNamesForType(AtomicStore.class, true, false)));
        names.removeAll(List.of(FAULTY, TOUCHED));
        if (names.size() != 1) {
            throw new GuardConfigurationException(
                    "Stores " + names + " are not one, and a test needs to know which to stand in front of",
                    "Keep one bean of type AtomicStore, or use @AutoConfigureStanchion(store = MEMORY).");
        }
        AtomicStore store = beans.getBean(names.get(0), AtomicStore.class);
        if (!store.capabilities().contains(Capability.SCAN)) {
            throw new GuardConfigurationException(
                    "Store '" + names.get(0) + "' cannot list its keys, so nothing could be cleared after a test",
                    "Use @AutoConfigureStanchion(store = MEMORY).");
        }
        return store;
    }

    @Bean
    OtherNode otherNode(Locks locks, AtomicStore store, ObjectProvider<VirtualClock> clock) {
        return new OtherNode(locks.policies(), store, clock.getIfUnique());
    }

    @Bean
    GuardTester guardTester(RateLimiters limiters, OtherNode other) {
        return new GuardTester(limiters, other);
    }

    @Bean
    TestState guardTestState(
            FaultyStore faultyStore,
            TouchedStore touched,
            LocalStore local,
            RateLimiters limiters,
            Locks locks,
            OtherNode other,
            ObjectProvider<VirtualClock> clock,
            ObjectProvider<VirtualSleeper> sleeper) {
        return new TestState(
                faultyStore,
                touched,
                local.store(),
                limiters,
                locks,
                other,
                clock.getIfUnique(),
                sleeper.getIfUnique());
    }
}
