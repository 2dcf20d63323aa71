package io.github.stanchion.spring.autoconfigure;

import io.github.stanchion.spring.web.ClientIpResolver;
import io.github.stanchion.spring.web.ClientIpSettings;
import io.github.stanchion.spring.web.GuardProblems;
import io.github.stanchion.spring.web.ProblemCustomizer;
import io.github.stanchion.spring.web.RateLimitHeaderSettings;
import io.github.stanchion.spring.web.RateLimitHeaders;
import io.github.stanchion.spring.web.RejectionProblem;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What MVC and WebFlux have in common. */
@Configuration(proxyBeanMethods = false)
final class WebConfiguration {

    @Bean
    @ConditionalOnMissingBean
    ClientIpResolver clientIpResolver(StanchionProperties properties) {
        StanchionProperties.ClientIp ip = properties.web().clientIp();
        return new ClientIpResolver(new ClientIpSettings(ip.trustedProxies(), ip.header(), ip.ipv6Prefix()));
    }

    @Bean
    @ConditionalOnMissingBean
    RateLimitHeaders rateLimitHeaders(StanchionProperties properties) {
        StanchionProperties.RateLimitHeaders headers = properties.web().rateLimitHeaders();
        RateLimitHeaderSettings.Format format =
                switch (headers.format()) {
                    case DRAFT -> RateLimitHeaderSettings.Format.DRAFT;
                    case X_RATELIMIT -> RateLimitHeaderSettings.Format.X_RATELIMIT;
                    case NONE -> RateLimitHeaderSettings.Format.NONE;
                };
        RateLimitHeaderSettings.Occasion occasion =
                switch (headers.on()) {
                    case ALWAYS -> RateLimitHeaderSettings.Occasion.ALWAYS;
                    case LOW -> RateLimitHeaderSettings.Occasion.LOW;
                    case REJECTED -> RateLimitHeaderSettings.Occasion.REJECTED;
                };
        return new RateLimitHeaders(new RateLimitHeaderSettings(format, occasion, headers.partitionKey()));
    }

    @Bean
    @ConditionalOnMissingBean
    @ConditionalOnBooleanProperty(name = "stanchion.web.problem-details", matchIfMissing = true)
    GuardProblems guardProblems(
            StanchionProperties properties,
            ObjectProvider<RejectionProblem> kinds,
            ObjectProvider<ProblemCustomizer> customizers) {
        return new GuardProblems(
                kinds.orderedStream().toList(),
                properties.web().problemTypeBase(),
                customizers.orderedStream().toList());
    }
}
