package io.github.stanchion.spring.autoconfigure;

import io.github.stanchion.spring.web.ReactiveExchangeFilter;
import org.springframework.boot.actuate.autoconfigure.web.ManagementContextConfiguration;
import org.springframework.boot.actuate.autoconfigure.web.ManagementContextType;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.annotation.Bean;

/** Lets the endpoint see its requests where WebFlux serves it on a port of its own, which knows no filter of the application. */
@ManagementContextConfiguration(value = ManagementContextType.CHILD, proxyBeanMethods = false)
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.REACTIVE)
public final class ReactiveManagementConfiguration {

    @Bean
    ReactiveExchangeFilter guardExchangeFilter() {
        return new ReactiveExchangeFilter();
    }
}
