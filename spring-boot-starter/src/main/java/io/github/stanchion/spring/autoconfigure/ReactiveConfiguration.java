package io.github.stanchion.spring.autoconfigure;

import io.github.stanchion.spring.reactive.ReactiveResults;
import org.springframework.beans.factory.config.ConfigurableBeanFactory;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.ReactiveAdapterRegistry;
import reactor.core.publisher.Flux;

/** Guards around reactive results, where Reactor is. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnClass(Flux.class)
final class ReactiveConfiguration {

    @Bean
    @ConditionalOnMissingBean
    ReactiveResults reactiveResults(ConfigurableBeanFactory beans) {
        return new ReactiveResults(ReactiveAdapterRegistry.getSharedInstance(), beans.getBeanClassLoader());
    }
}
