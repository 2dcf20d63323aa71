package io.github.stanchion.spring.autoconfigure;

import io.github.stanchion.guard.CallOrigin;
import io.github.stanchion.guard.Fallbacks;
import io.github.stanchion.guard.GuardBinder;
import io.github.stanchion.guard.GuardExecutor;
import io.github.stanchion.guard.GuardExpressions;
import io.github.stanchion.guard.GuardListener;
import io.github.stanchion.guard.GuardListeners;
import io.github.stanchion.guard.ResultAdapter;
import io.github.stanchion.guard.Sleeper;
import io.github.stanchion.guard.SystemSleeper;
import io.github.stanchion.limit.RateLimitPolicies;
import io.github.stanchion.lock.LockPolicies;
import io.github.stanchion.memory.MemoryStore;
import io.github.stanchion.spring.key.CallVariable;
import io.github.stanchion.spring.key.SpelExpressions;
import io.github.stanchion.spring.metrics.DenialLog;
import io.github.stanchion.spring.store.MemoryPressure;
import io.github.stanchion.spring.store.StoreNeeds;
import io.github.stanchion.spring.weave.BeanFallbacks;
import io.github.stanchion.spring.weave.GuardAdvisor;
import io.github.stanchion.spring.weave.GuardAdvisor.Stage;
import io.github.stanchion.spring.weave.MergedAnnotationSource;
import io.github.stanchion.store.AtomicStore;
import io.github.stanchion.store.MicroClock;
import io.github.stanchion.store.primitive.AtomicCounters;
import io.github.stanchion.store.primitive.AtomicValues;
import io.github.stanchion.weave.GuardWeaver;
import java.util.List;
import org.springframework.aop.Advisor;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.LazyInitializationExcludeFilter;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.ConfigurationPropertiesBinding;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Role;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.Environment;
import org.springframework.transaction.interceptor.TransactionInterceptor;

/** What every application with Stanchion has: the store in memory, the executor, the weaver and the proxies' advisors. */
@AutoConfiguration
@EnableConfigurationProperties(StanchionProperties.class)
@Import({RateLimitConfiguration.class, LockConfiguration.class, ReactiveConfiguration.class, AspectConfiguration.class})
public final class StanchionAutoConfiguration {

    StanchionAutoConfiguration(Environment environment, ConfigurableListableBeanFactory beans) {
        Backend.REDIS.checkSettings(environment, beans.getBeanClassLoader());
    }

    @Bean
    @ConfigurationPropertiesBinding
    static ShortForms.LimitConverter stanchionLimitConverter() {
        return new ShortForms.LimitConverter();
    }

    @Bean
    @ConfigurationPropertiesBinding
    static ShortForms.PlanConverter stanchionPlanConverter() {
        return new ShortForms.PlanConverter();
    }

    @Bean
    @ConfigurationPropertiesBinding
    static ShortForms.WaitTimeConverter stanchionWaitTimeConverter() {
        return new ShortForms.WaitTimeConverter();
    }

    @Bean
    @ConfigurationPropertiesBinding
    static ShortForms.MaxHoldConverter stanchionMaxHoldConverter() {
        return new ShortForms.MaxHoldConverter();
    }

    @Bean
    static DurationUnits stanchionDurationUnits() {
        return new DurationUnits();
    }

    @Bean
    @ConditionalOnMissingBean(AtomicStore.class)
    MemoryStore stanchionStore(
            StanchionProperties properties,
            ObjectProvider<MicroClock> clock,
            Environment environment,
            ConfigurableListableBeanFactory beans,
            ApplicationEventPublisher events) {
        Stores.requireMemory(properties, environment, beans.getBeanClassLoader());
        return properties
                .memory()
                .open(
                        clock.getIfUnique(MicroClock::system),
                        pressure -> events.publishEvent(new MemoryPressure(pressure)));
    }

    @Bean
    StoreNeeds storeNeeds() {
        return new StoreNeeds();
    }

    @Bean
    @ConditionalOnMissingBean
    AtomicCounters atomicCounters(AtomicStore store, StanchionProperties properties) {
        return new AtomicCounters(store, properties.keyPrefix());
    }

    @Bean
    @ConditionalOnMissingBean
    AtomicValues atomicValues(AtomicStore store, StanchionProperties properties) {
        return new AtomicValues(store, properties.keyPrefix());
    }

    @Bean
    @ConditionalOnMissingBean
    DenialLog guardDenialLog(ObjectProvider<MicroClock> clock) {
        return new DenialLog(clock.getIfUnique(MicroClock::system));
    }

    @Bean
    @ConditionalOnMissingBean
    GuardListeners guardListeners(ObjectProvider<GuardListener> listeners) {
        return new GuardListeners(listeners.orderedStream().toList());
    }

    @Bean
    @ConditionalOnMissingBean(Sleeper.class)
    SystemSleeper guardSleeper() {
        return new SystemSleeper();
    }

    @Bean
    @ConditionalOnMissingBean
    GuardExecutor guardExecutor(Sleeper sleeper) {
        return new GuardExecutor(sleeper);
    }

    @Bean
    @ConditionalOnMissingBean(GuardExpressions.class)
    SpelExpressions guardExpressions(ConfigurableListableBeanFactory beans, ObjectProvider<CallVariable> variables) {
        return new SpelExpressions(
                beans, beans.getBeanClassLoader(), variables.orderedStream().toList());
    }

    @Bean
    @ConditionalOnMissingBean(Fallbacks.class)
    BeanFallbacks guardFallbacks(BeanFactory beans) {
        return new BeanFallbacks(beans);
    }

    @Bean
    @ConditionalOnMissingBean
    GuardWeaver guardWeaver(
            StanchionProperties properties,
            ObjectProvider<GuardBinder> binders,
            ObjectProvider<ResultAdapter> adapters) {
        List<GuardBinder> arranged = new GuardOrder(properties.order())
                .arrange(binders.orderedStream().toList());
        return new GuardWeaver(
                properties.enabled() ? arranged : List.of(),
                new MergedAnnotationSource(),
                adapters.orderedStream().toList());
    }

    @Bean
    @ConditionalOnMissingBean
    PolicyReloader policyReloader(
            ConfigurableEnvironment environment,
            StanchionProperties started,
            RateLimitPolicies rateLimits,
            LockPolicies locks,
            ApplicationEventPublisher events) {
        return new PolicyReloader(environment, started, rateLimits, locks, events::publishEvent);
    }

    /** What weaves and checks, unless guards are disabled. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnBooleanProperty(name = "stanchion.enabled", matchIfMissing = true)
    @Import(GuardProxies.class)
    static final class Guarding {

        @Bean
        @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
        static GuardAdvisor outerGuardAdvisor(
                Environment environment,
                ObjectProvider<GuardExecutor> executor,
                ObjectProvider<GuardWeaver> weaver,
                ObjectProvider<CallOrigin> origin) {
            return new GuardAdvisor(
                    Stage.BEFORE_AUTHORIZATION,
                    GuardOrder.of(environment).beforeAuthorization(),
                    executor::getObject,
                    weaver::getObject,
                    () -> origin.getIfAvailable(() -> CallOrigin.UNKNOWN));
        }

        @Bean
        @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
        static GuardAdvisor innerGuardAdvisor(
                Environment environment,
                ObjectProvider<GuardExecutor> executor,
                ObjectProvider<GuardWeaver> weaver,
                ObjectProvider<CallOrigin> origin) {
            return new GuardAdvisor(
                    Stage.AFTER_AUTHORIZATION,
                    GuardOrder.of(environment).afterAuthorization(),
                    executor::getObject,
                    weaver::getObject,
                    () -> origin.getIfAvailable(() -> CallOrigin.UNKNOWN));
        }

        @Bean
        GuardDoctor guardDoctor(
                ConfigurableListableBeanFactory beans,
                GuardWeaver weaver,
                StanchionProperties properties,
                AtomicStore store,
                ObjectProvider<GuardCheck> checks) {
            return new GuardDoctor(
                    beans,
                    weaver,
                    properties,
                    Stores.name(store),
                    checks.orderedStream().toList());
        }

        @Bean
        StoreNeedsCheck storeNeedsCheck(StoreNeeds needs, ObjectProvider<AtomicStore> store) {
            return new StoreNeedsCheck(needs, store);
        }

        @Bean
        ForwardedHeadersCheck forwardedHeadersCheck(Environment environment, StanchionProperties properties) {
            return new ForwardedHeadersCheck(environment, properties);
        }

        @Bean
        Bucket4jCheck bucket4jCheck(ConfigurableListableBeanFactory beans) {
            return new Bucket4jCheck(beans.getBeanClassLoader());
        }

        @Bean
        static LazyInitializationExcludeFilter guardDoctorIsNeverLazy() {
            return LazyInitializationExcludeFilter.forBeanTypes(GuardDoctor.class);
        }

        /** There may be transactions. */
        @Configuration(proxyBeanMethods = false)
        @ConditionalOnClass(TransactionInterceptor.class)
        static final class Transactions {

            @Bean
            TransactionOrderCheck transactionOrderCheck(Environment environment, ObjectProvider<Advisor> advisors) {
                return new TransactionOrderCheck(GuardOrder.of(environment).afterAuthorization(), advisors);
            }
        }
    }
}
