package io.github.stanchion.spring.autoconfigure;

import io.github.stanchion.guard.Fallbacks;
import io.github.stanchion.guard.GuardExpressions;
import io.github.stanchion.guard.GuardListeners;
import io.github.stanchion.guard.Sleeper;
import io.github.stanchion.limit.RateLimitBinder;
import io.github.stanchion.limit.RateLimitPolicies;
import io.github.stanchion.limit.RateLimitResolver;
import io.github.stanchion.limit.RateLimiters;
import io.github.stanchion.limit.StatusResolver;
import io.github.stanchion.spring.autoconfigure.StanchionProperties.DenialCache;
import io.github.stanchion.spring.store.LocalStore;
import io.github.stanchion.store.AtomicStore;
import io.github.stanchion.store.MicroClock;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.ConfigurableEnvironment;

/** Rate limits: their policies, guards and facade. */
@Configuration(proxyBeanMethods = false)
final class RateLimitConfiguration {

    @Bean
    @ConditionalOnMissingBean
    RateLimitPolicies rateLimitPolicies(StanchionProperties properties, ConfigurableEnvironment environment) {
        PropertiesBinding.checkSpellings(environment);
        return RateLimitPolicies.builder()
                .keyPrefix(properties.keyPrefix())
                .expectedInstances(properties.rateLimiting().expectedInstances())
                .defaults(properties.rateLimitDefaults(properties.guarding()))
                .configured(properties.rateLimitSettings(properties.guarding(), List.of()))
                .build();
    }

    @Bean
    LocalStore stanchionLocalStore(
            AtomicStore store, StanchionProperties properties, ObjectProvider<MicroClock> clock) {
        return Stores.local(store, properties, clock.getIfUnique(MicroClock::system));
    }

    @Bean
    @ConditionalOnMissingBean
    RateLimiters rateLimiters(
            RateLimitPolicies policies,
            AtomicStore store,
            LocalStore local,
            GuardListeners listeners,
            Sleeper sleeper,
            StanchionProperties properties,
            ObjectProvider<MicroClock> clock,
            ObjectProvider<StatusResolver> statuses,
            ObjectProvider<RateLimitResolver> plans) {
        DenialCache denials = properties.rateLimiting().denialCache();
        RateLimiters.Builder builder = RateLimiters.builder(policies, store)
                .denialCache(denials.maxEntries(), denials.maxAge())
                .localStore(local.store())
                .listeners(listeners)
                .sleeper(sleeper)
                .statuses(statuses.getIfAvailable(StatusResolver::plain))
                .plans(plans.getIfAvailable(() -> RateLimitResolver.NONE));
        // Where a test drives the stores' time, what is known of them ages with it.
        clock.ifUnique(driven -> builder.ticker(() -> TimeUnit.MICROSECONDS.toNanos(driven.micros())));
        return builder.build();
    }

    @Bean
    @ConditionalOnMissingBean
    RateLimitBinder rateLimitBinder(RateLimiters limiters, GuardExpressions expressions, Fallbacks fallbacks) {
        return new RateLimitBinder(limiters, expressions, fallbacks);
    }

    @Bean
    ForwardingKeyCheck forwardingKeyCheck(RateLimitPolicies policies, StanchionProperties properties) {
        return new ForwardingKeyCheck(
                policies, !properties.web().clientIp().trustedProxies().isEmpty());
    }

    @Bean
    RateLimitCheck rateLimitCheck(RateLimitPolicies policies) {
        return new RateLimitCheck(policies);
    }
}
