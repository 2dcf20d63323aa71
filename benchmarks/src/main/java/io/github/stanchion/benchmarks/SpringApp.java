package io.github.stanchion.benchmarks;

import io.github.stanchion.spring.autoconfigure.StanchionAutoConfiguration;
import java.util.Map;
import org.aopalliance.intercept.MethodInterceptor;
import org.aopalliance.intercept.MethodInvocation;
import org.springframework.aop.framework.ProxyFactory;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.MapPropertySource;

/** An application context with the starter and one guarded bean. */
@Configuration(proxyBeanMethods = false)
@ImportAutoConfiguration(StanchionAutoConfiguration.class)
class SpringApp {

    @Bean
    Guarded guarded() {
        return new Guarded();
    }

    static ConfigurableApplicationContext start(String limit) {
        AnnotationConfigApplicationContext application = new AnnotationConfigApplicationContext();
        application
                .getEnvironment()
                .getPropertySources()
                .addFirst(new MapPropertySource(
                        "benchmark",
                        Map.of("stanchion.rate-limits.one.limit", limit, "stanchion.rate-limits.one.key", "#caller")));
        application.register(SpringApp.class);
        application.refresh();
        return application;
    }

    /** The floor of an annotated call: the same bean behind a proxy whose one interceptor does nothing. */
    static Guarded bareProxy() {
        ProxyFactory factory = new ProxyFactory(new Guarded());
        factory.setProxyTargetClass(true);
        MethodInterceptor nothing = MethodInvocation::proceed;
        factory.addAdvice(nothing);
        return (Guarded) factory.getProxy();
    }
}
