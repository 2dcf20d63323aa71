package io.github.stanchion.spring.autoconfigure;

import io.github.stanchion.limit.RateLimitPolicies;
import io.github.stanchion.limit.RateLimiters;
import io.github.stanchion.lock.LockPolicies;
import io.github.stanchion.lock.Locks;
import io.github.stanchion.memory.MemoryStore;
import io.github.stanchion.redis.RedisStore;
import io.github.stanchion.spring.metrics.GuardEventPublisher;
import io.github.stanchion.spring.metrics.GuardObservations;
import io.github.stanchion.spring.metrics.LockMeters;
import io.github.stanchion.spring.metrics.MemoryStoreMeters;
import io.github.stanchion.spring.metrics.PolicyReloadMeters;
import io.github.stanchion.spring.metrics.RateLimitMeters;
import io.github.stanchion.spring.metrics.RateLimitWatch;
import io.github.stanchion.spring.metrics.RedisStoreMeters;
import io.github.stanchion.spring.metrics.StoreCallMeters;
import io.github.stanchion.spring.redis.RedisStoreLifecycle;
import io.github.stanchion.spring.store.LocalStore;
import io.github.stanchion.spring.store.StoreInFront;
import io.github.stanchion.store.AtomicStore;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.observation.ObservationRegistry;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** Tells what guards decide: as Spring events, and as meters where there is a registry. */
@AutoConfiguration(
        after = StanchionAutoConfiguration.class,
        afterName = {
            "org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration",
            "org.springframework.boot.micrometer.observation.autoconfigure.ObservationAutoConfiguration",
            "org.springframework.boot.micrometer.metrics.autoconfigure.export.simple.SimpleMetricsExportAutoConfiguration"
        })
public final class StanchionMetricsAutoConfiguration {

    @Bean
    @ConditionalOnMissingBean
    GuardEventPublisher guardEventPublisher(ApplicationEventPublisher publisher, StanchionProperties properties) {
        return new GuardEventPublisher(publisher, properties.events().rejections());
    }

    /** Marks in traces. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(ObservationRegistry.class)
    @ConditionalOnBean(ObservationRegistry.class)
    static final class Observations {

        @Bean
        @ConditionalOnMissingBean
        GuardObservations guardObservations(ObservationRegistry registry) {
            return new GuardObservations(registry);
        }
    }

    /** Meters; Boot binds them to its registry once all beans are there. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass({MeterRegistry.class, MeterBinder.class})
    @ConditionalOnBean(MeterRegistry.class)
    @Import(RateLimitWatchConfiguration.class)
    static final class Meters {

        @Bean
        @ConditionalOnMissingBean
        RateLimitMeters rateLimitMeters(
                RateLimitPolicies policies, RateLimitWatch watch, ObjectProvider<RateLimiters> limiters) {
            // Rate limits tell their listeners, of which this is one.
            return new RateLimitMeters(
                    policies, watch, name -> limiters.getObject().leased(name));
        }

        @Bean
        @ConditionalOnMissingBean
        LockMeters lockMeters(LockPolicies policies, ObjectProvider<Locks> locks) {
            // Locks tell their listeners, of which this is one.
            return new LockMeters(policies, () -> locks.getObject().holding(), () -> locks.getObject()
                    .waiting());
        }

        @Bean
        @ConditionalOnMissingBean
        PolicyReloadMeters policyReloadMeters() {
            return new PolicyReloadMeters();
        }

        @Bean
        @ConditionalOnMissingBean(name = "stanchionStoreMeters")
        MeterBinder stanchionStoreMeters(AtomicStore store, LocalStore local) {
            return registry -> {
                if (StoreInFront.real(store) instanceof MemoryStore memory) {
                    new MemoryStoreMeters(memory, "memory").bindTo(registry);
                }
                if (local.store() != store && local.store() instanceof MemoryStore memory) {
                    new MemoryStoreMeters(memory, "local").bindTo(registry);
                }
            };
        }
    }

    /** What the store on Redis does. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass({MeterRegistry.class, MeterBinder.class, RedisStore.class})
    @ConditionalOnBean({MeterRegistry.class, RedisStoreLifecycle.class})
    static final class RedisMeters {

        @Bean
        @ConditionalOnMissingBean
        RedisStoreMeters redisStoreMeters(RedisStoreLifecycle lifecycle) {
            return new RedisStoreMeters(lifecycle::stats);
        }

        @Bean
        @ConditionalOnMissingBean
        StoreCallMeters storeCallMeters(RedisStoreLifecycle lifecycle) {
            StoreCallMeters meters = new StoreCallMeters("redis");
            lifecycle.store().timeBy(meters);
            return meters;
        }
    }
}
