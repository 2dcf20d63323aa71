package io.github.stanchion.spring.autoconfigure;

import io.github.stanchion.spring.metrics.RateLimitWatch;
import io.github.stanchion.store.MicroClock;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Counts decisions where meters, health or the endpoint want the counts. */
@Configuration(proxyBeanMethods = false)
final class RateLimitWatchConfiguration {

    @Bean
    @ConditionalOnMissingBean
    RateLimitWatch rateLimitWatch(ObjectProvider<MicroClock> clock) {
        return new RateLimitWatch(clock.getIfUnique(MicroClock::system));
    }
}
