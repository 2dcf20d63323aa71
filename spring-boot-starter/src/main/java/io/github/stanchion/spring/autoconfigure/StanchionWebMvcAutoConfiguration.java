package io.github.stanchion.spring.autoconfigure;

import io.github.stanchion.annotation.WithLock;
import io.github.stanchion.guard.CallOrigin;
import io.github.stanchion.limit.StatusResolver;
import io.github.stanchion.spring.web.ClientIpResolver;
import io.github.stanchion.spring.web.GuardProblems;
import io.github.stanchion.spring.web.GuardRejectionFilter;
import io.github.stanchion.spring.web.RateLimitHeaders;
import io.github.stanchion.spring.web.SecurityPrincipals;
import io.github.stanchion.spring.web.ServletClientIp;
import io.github.stanchion.spring.web.ServletGuardAdvice;
import io.github.stanchion.spring.web.ServletLateResults;
import io.github.stanchion.spring.web.ServletPrincipal;
import io.github.stanchion.spring.web.ServletQuotaListener;
import io.github.stanchion.spring.web.WebStatusResolver;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.servlet.DispatcherServlet;
import org.springframework.web.servlet.function.ServerResponse;

/** Stanchion in a Spring MVC application: {@code #ip}, {@code #principal}, answers to refused calls, rate limit fields. */
@AutoConfiguration(after = StanchionAutoConfiguration.class)
@ConditionalOnClass(DispatcherServlet.class)
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
@Import(WebConfiguration.class)
public final class StanchionWebMvcAutoConfiguration {

    @Bean
    @ConditionalOnMissingBean
    ServletClientIp clientIpVariable(ClientIpResolver resolver) {
        return new ServletClientIp(resolver);
    }

    @Bean
    @ConditionalOnMissingBean
    ServletPrincipal principalVariable(ObjectProvider<ServletPrincipal.LoggedIn> loggedIn) {
        return new ServletPrincipal(loggedIn.getIfAvailable(() -> () -> null));
    }

    @Bean
    @ConditionalOnMissingBean
    CallOrigin servletCallOrigin() {
        return RequestContextHolder::getRequestAttributes;
    }

    @Bean
    @ConditionalOnMissingBean
    ServletLateResults lateHandlerResults() {
        return new ServletLateResults(
                method -> !method.annotations(WithLock.class).isEmpty() && Handlers.handlesRequests(method));
    }

    @Bean
    @ConditionalOnMissingBean(StatusResolver.class)
    WebStatusResolver webStatusResolver() {
        return new WebStatusResolver(
                result -> result instanceof ServerResponse response ? response.statusCode() : null);
    }

    @Bean
    @ConditionalOnMissingBean
    ServletQuotaListener rateLimitHeadersListener(RateLimitHeaders headers) {
        return new ServletQuotaListener(headers);
    }

    @Bean
    @ConditionalOnBean(GuardProblems.class)
    @ConditionalOnMissingBean
    ServletGuardAdvice guardExceptionAdvice(GuardProblems problems) {
        return new ServletGuardAdvice(problems);
    }

    @Bean
    @ConditionalOnMissingBean(name = "guardRejectionFilter")
    FilterRegistrationBean<GuardRejectionFilter> guardRejectionFilter(
            ObjectProvider<GuardProblems> problems, RateLimitHeaders headers) {
        FilterRegistrationBean<GuardRejectionFilter> registration =
                new FilterRegistrationBean<>(new GuardRejectionFilter(problems.getIfAvailable(), headers));
        registration.setOrder(GuardRejectionFilter.ORDER);
        return registration;
    }

    /** Spring Security knows who is logged in. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(SecurityContextHolder.class)
    static final class Security {

        @Bean
        @ConditionalOnMissingBean
        ServletPrincipal.LoggedIn securityPrincipal() {
            return SecurityPrincipals::ofThread;
        }
    }
}
