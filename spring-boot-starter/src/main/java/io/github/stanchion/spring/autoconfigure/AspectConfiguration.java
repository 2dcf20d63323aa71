package io.github.stanchion.spring.autoconfigure;

import io.github.stanchion.guard.CallOrigin;
import io.github.stanchion.guard.GuardExecutor;
import io.github.stanchion.weave.GuardAspect;
import io.github.stanchion.weave.GuardWeaver;
import org.aspectj.lang.Aspects;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.LazyInitializationExcludeFilter;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Binds the aspect to the application, so that woven methods are guarded; also where guards are disabled, to admit. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnProperty(name = "stanchion.weaving", havingValue = "aspectj")
@ConditionalOnClass(Aspects.class)
final class AspectConfiguration {

    @Bean(destroyMethod = "close")
    GuardAspect.Binding guardAspectBinding(
            GuardExecutor executor, GuardWeaver weaver, ObjectProvider<CallOrigin> origin) {
        return GuardAspect.bind(executor, weaver, origin.getIfAvailable(() -> CallOrigin.UNKNOWN));
    }

    @Bean
    static LazyInitializationExcludeFilter guardAspectIsNeverLazy() {
        return LazyInitializationExcludeFilter.forBeanTypes(GuardAspect.Binding.class);
    }
}
