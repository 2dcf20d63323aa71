package io.github.stanchion.spring.test;

import io.github.stanchion.guard.Sleeper;
import io.github.stanchion.memory.MemoryStore;
import io.github.stanchion.spring.autoconfigure.StanchionAutoConfiguration;
import io.github.stanchion.spring.autoconfigure.StanchionProperties;
import io.github.stanchion.spring.autoconfigure.StanchionRedisAutoConfiguration;
import io.github.stanchion.store.MicroClock;
import io.github.stanchion.testkit.VirtualClock;
import io.github.stanchion.testkit.VirtualSleeper;
import java.util.UUID;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.test.context.DynamicPropertyRegistrar;

/** What a test has before the application's own beans: its time, and its place for state. */
@AutoConfiguration(before = {StanchionAutoConfiguration.class, StanchionRedisAutoConfiguration.class})
@EnableConfigurationProperties(StanchionTestProperties.class)
public final class StanchionTestAutoConfiguration {

    StanchionTestAutoConfiguration() {}

    /** Time that the test moves. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnProperty(
            prefix = StanchionTestProperties.PREFIX,
            name = "clock",
            havingValue = "virtual",
            matchIfMissing = true)
    static final class VirtualTime {

        @Bean
        @ConditionalOnMissingBean(MicroClock.class)
        VirtualClock virtualClock() {
            return new VirtualClock();
        }

        @Bean
        @ConditionalOnBean(VirtualClock.class)
        @ConditionalOnMissingBean(Sleeper.class)
        VirtualSleeper virtualSleeper(VirtualClock clock) {
            return new VirtualSleeper(clock);
        }
    }

    /** State in memory, whatever store the application has. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnProperty(
            prefix = StanchionTestProperties.PREFIX,
            name = "store",
            havingValue = "memory",
            matchIfMissing = true)
    static final class InMemory {

        static final String STORE = "testMemoryStore";

        @Bean(STORE)
        MemoryStore testMemoryStore(StanchionProperties properties, ObjectProvider<MicroClock> clock) {
            return properties.memory().open(clock.getIfUnique(MicroClock::system));
        }
    }

    /** State where the application keeps it, apart from its own. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnProperty(prefix = StanchionTestProperties.PREFIX, name = "store", havingValue = "configured")
    static final class WhereConfigured {

        @Bean
        DynamicPropertyRegistrar keysOfThisContextAlone() {
            String prefix = "test-" + UUID.randomUUID().toString().substring(0, 13);
            return properties -> properties.add("stanchion.key-prefix", () -> prefix);
        }
    }
}
