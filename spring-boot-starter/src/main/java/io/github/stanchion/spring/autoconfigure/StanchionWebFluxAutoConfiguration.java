package io.github.stanchion.spring.autoconfigure;

import io.github.stanchion.limit.StatusResolver;
import io.github.stanchion.spring.web.ClientIpResolver;
import io.github.stanchion.spring.web.GuardProblems;
import io.github.stanchion.spring.web.RateLimitHeaders;
import io.github.stanchion.spring.web.ReactiveClientIp;
import io.github.stanchion.spring.web.ReactiveExchangeFilter;
import io.github.stanchion.spring.web.ReactiveGuardAdvice;
import io.github.stanchion.spring.web.ReactivePrincipal;
import io.github.stanchion.spring.web.ReactiveQuotaListener;
import io.github.stanchion.spring.web.ReactiveRejectionHandler;
import io.github.stanchion.spring.web.SecurityPrincipals;
import io.github.stanchion.spring.web.WebStatusResolver;
import io.github.stanchion.store.AtomicStore;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.env.Environment;
import org.springframework.security.core.context.SecurityContext;
import org.springframework.web.reactive.DispatcherHandler;
import org.springframework.web.reactive.function.server.ServerResponse;

/** Stanchion in a WebFlux application; the counterpart of {@link StanchionWebMvcAutoConfiguration}. */
@AutoConfiguration(after = StanchionAutoConfiguration.class)
@ConditionalOnClass(DispatcherHandler.class)
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.REACTIVE)
@Import(WebConfiguration.class)
public final class StanchionWebFluxAutoConfiguration {

    @Bean
    @ConditionalOnMissingBean
    ReactiveExchangeFilter guardExchangeFilter() {
        return new ReactiveExchangeFilter();
    }

    @Bean
    @ConditionalOnMissingBean
    ReactiveClientIp clientIpVariable(ClientIpResolver resolver) {
        return new ReactiveClientIp(resolver);
    }

    @Bean
    BlockingHandlerCheck blockingHandlerCheck(Environment environment, ObjectProvider<AtomicStore> store) {
        return new BlockingHandlerCheck(environment, store);
    }

    @Bean
    @ConditionalOnMissingBean
    ReactivePrincipal principalVariable(ObjectProvider<ReactivePrincipal.LoggedIn> loggedIn) {
        return new ReactivePrincipal(loggedIn.getIfAvailable(() -> context -> null));
    }

    @Bean
    @ConditionalOnMissingBean(StatusResolver.class)
    WebStatusResolver webStatusResolver() {
        return new WebStatusResolver(
                result -> result instanceof ServerResponse response ? response.statusCode() : null);
    }

    @Bean
    @ConditionalOnMissingBean
    ReactiveQuotaListener rateLimitHeadersListener(RateLimitHeaders headers) {
        return new ReactiveQuotaListener(headers);
    }

    @Bean
    @ConditionalOnBean(GuardProblems.class)
    @ConditionalOnMissingBean
    ReactiveGuardAdvice guardExceptionAdvice(GuardProblems problems) {
        return new ReactiveGuardAdvice(problems);
    }

    @Bean
    @ConditionalOnBean(GuardProblems.class)
    @ConditionalOnMissingBean
    ReactiveRejectionHandler guardRejectionHandler(GuardProblems problems) {
        return new ReactiveRejectionHandler(problems);
    }

    /** Spring Security knows who is logged in. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(SecurityContext.class)
    static final class Security {

        @Bean
        @ConditionalOnMissingBean
        ReactivePrincipal.LoggedIn securityPrincipal() {
            return SecurityPrincipals.Reactive::ofContext;
        }
    }
}
