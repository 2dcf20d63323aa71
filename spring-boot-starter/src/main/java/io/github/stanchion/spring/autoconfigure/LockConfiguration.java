package io.github.stanchion.spring.autoconfigure;

import io.github.stanchion.guard.Fallbacks;
import io.github.stanchion.guard.GuardExpressions;
import io.github.stanchion.guard.GuardListeners;
import io.github.stanchion.guard.Sleeper;
import io.github.stanchion.lock.LeaseScopes;
import io.github.stanchion.lock.LockBinder;
import io.github.stanchion.lock.LockPolicies;
import io.github.stanchion.lock.Locks;
import io.github.stanchion.lock.ResultCodecs;
import io.github.stanchion.lock.Transactions;
import io.github.stanchion.spring.autoconfigure.StanchionProperties.Notify;
import io.github.stanchion.spring.lock.CommitVetoes;
import io.github.stanchion.spring.lock.JacksonCodecs;
import io.github.stanchion.spring.lock.LogContext;
import io.github.stanchion.spring.lock.OuterTransactionWarning;
import io.github.stanchion.spring.lock.SpringTransactions;
import io.github.stanchion.spring.store.LocalStore;
import io.github.stanchion.store.AtomicStore;
import io.github.stanchion.store.MicroClock;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.MDC;
import org.springframework.aop.Advisor;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Role;
import org.springframework.transaction.ConfigurableTransactionManager;
import org.springframework.transaction.ReactiveTransactionManager;
import org.springframework.web.servlet.mvc.method.annotation.StreamingResponseBody;
import reactor.core.publisher.Mono;
import tools.jackson.databind.json.JsonMapper;

/** Locks: their policies, guards and facade. */
@Configuration(proxyBeanMethods = false)
final class LockConfiguration {

    @Bean
    @ConditionalOnMissingBean
    LockPolicies lockPolicies(StanchionProperties properties) {
        return LockPolicies.builder()
                .keyPrefix(properties.keyPrefix())
                .tokenRetention(properties.locking().tokenRetention())
                .defaults(properties.lockDefaults(properties.guarding()))
                .configured(properties.lockSettings(properties.guarding(), List.of()))
                .build();
    }

    /** Closed before the store, on which it depends. */
    @Bean
    @ConditionalOnMissingBean
    Locks locks(
            LockPolicies policies,
            AtomicStore store,
            LocalStore local,
            GuardListeners listeners,
            Sleeper sleeper,
            StanchionProperties properties,
            ObjectProvider<MicroClock> clock,
            ObjectProvider<ResultCodecs> codecs,
            ObjectProvider<Transactions> transactions,
            ObjectProvider<LeaseScopes> scopes) {
        Locks.Builder builder = Locks.builder(policies, store)
                .localStore(local.store())
                .listeners(listeners)
                .sleeper(sleeper)
                .codecs(codecs.orderedStream()
                        .reduce(ResultCodecs::or)
                        .map(known -> known.or(ResultCodecs.plain()))
                        .orElseGet(ResultCodecs::plain))
                .transactions(transactions.getIfAvailable(() -> Transactions.NONE))
                .scopes(scopes.getIfAvailable(() -> LeaseScopes.NONE))
                .polling(properties.locking().notification() == Notify.POLL);
        // Where a test drives the stores' time, leases age with it.
        clock.ifUnique(driven -> builder.drivenBy(() -> TimeUnit.MICROSECONDS.toNanos(driven.micros())));
        return builder.build();
    }

    @Bean
    @ConditionalOnMissingBean
    LockBinder lockBinder(Locks locks, GuardExpressions expressions, Fallbacks fallbacks) {
        return new LockBinder(locks, expressions, fallbacks);
    }

    @Bean
    LockCheck lockCheck(LockPolicies policies, StanchionProperties properties, ObjectProvider<AtomicStore> store) {
        return new LockCheck(policies, properties.locking().requireSharedStore(), store);
    }

    @Bean
    EachKeyCheck eachKeyCheck() {
        return new EachKeyCheck();
    }

    @Bean
    CacheOrderCheck cacheOrderCheck(ObjectProvider<Advisor> advisors) {
        return new CacheOrderCheck(advisors);
    }

    @Bean
    SharedPrincipalCheck sharedPrincipalCheck() {
        return new SharedPrincipalCheck();
    }

    /** There may be reactive transactions. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass({ReactiveTransactionManager.class, Mono.class})
    static final class InReactiveTransactions {

        @Bean
        ReactiveVetoCheck reactiveVetoCheck(ListableBeanFactory beans) {
            return new ReactiveVetoCheck(beans);
        }
    }

    /** Spring MVC may go on with results of locked methods. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(StreamingResponseBody.class)
    static final class WithMvc {

        @Bean
        LockedResultsCheck lockedResultsCheck() {
            return new LockedResultsCheck();
        }
    }

    /** Results as JSON, for whatever an application's own codecs do not know. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(JsonMapper.class)
    static final class Json {

        @Bean
        JacksonCodecs stanchionJsonCodecs(ObjectProvider<JsonMapper> mapper) {
            return new JacksonCodecs(() -> mapper.getIfUnique(JsonMapper::new));
        }
    }

    /** Locks mind Spring's transactions. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(ConfigurableTransactionManager.class)
    static final class InTransactions {

        @Bean
        @ConditionalOnMissingBean(Transactions.class)
        SpringTransactions stanchionTransactions() {
            return new SpringTransactions();
        }

        @Bean
        @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
        static CommitVetoes commitVetoes() {
            return new CommitVetoes();
        }

        @Bean
        OuterTransactionWarning outerTransactionWarning() {
            return new OuterTransactionWarning();
        }
    }

    /** There may be a log with a context. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(MDC.class)
    static final class Logged {

        @Bean
        @ConditionalOnMissingBean(LeaseScopes.class)
        LogContext lockLogContext() {
            return new LogContext();
        }
    }
}
