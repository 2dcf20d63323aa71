package io.github.stanchion.spring.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.stanchion.annotation.RateLimited;
import io.github.stanchion.annotation.WithLock;
import io.github.stanchion.spring.weave.Noted;
import io.github.stanchion.spring.weave.NotingBinder;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Configuration;
import org.springframework.transaction.annotation.EnableTransactionManagement;
import org.springframework.transaction.annotation.Transactional;

/** Transactions that begin outside of inner guards; {@link Noted} stands for one, a lock. */
class TransactionOrderCheckTest {

    private final ApplicationContextRunner contexts = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(StanchionAutoConfiguration.class))
            .withBean(NotingBinder.class);

    @Test
    void transactionOutsideOfALockStopsTheStart() {
        StartFailure.of(contexts.withUserConfiguration(Early.class).withBean(Locked.class))
                .describes("Transaction of Locked.book, order 500, begins outside of its guard 'lock', order 1000.")
                .advises("Remove the order of @EnableTransactionManagement, so that transactions come last, or set one"
                        + " above 1000.");
    }

    @Test
    void realLockIsOne() {
        ApplicationContextRunner real = new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(StanchionAutoConfiguration.class))
                .withBean(WithALock.class);
        StartFailure.of(real.withUserConfiguration(Early.class))
                .describes("Transaction of WithALock.book, order 500, begins outside of its guard 'lock', order 1000.")
                .advises("Remove the order of @EnableTransactionManagement");
        starts(real.withUserConfiguration(Last.class));
    }

    @Test
    void equalOrderIsNoOrder() {
        StartFailure.of(contexts.withUserConfiguration(Level.class).withBean(Locked.class))
                .describes("order 1000, begins outside");
    }

    @Test
    void transactionInsideOfALockIsFine() {
        starts(contexts.withUserConfiguration(Last.class).withBean(Locked.class));
        starts(contexts.withUserConfiguration(JustInside.class).withBean(Locked.class));
    }

    @Test
    void applicationsWithoutInnerGuardsMayOrderTransactionsAsTheyLike() {
        starts(contexts.withUserConfiguration(Early.class).withBean(Limited.class));
        starts(contexts.withUserConfiguration(Early.class).withBean(Plain.class));
    }

    @Test
    void whatStandsAfterAuthorizationIsInner() {
        StartFailure.of(contexts.withUserConfiguration(Early.class)
                        .withBean(Limited.class)
                        .withPropertyValues("stanchion.order=authorization,rate-limit,lock"))
                .describes("Transaction of Limited.book, order 500, begins outside of its guard 'rate-limit'");
    }

    @Test
    void methodsThatAreNotBothAreFine() {
        starts(contexts.withUserConfiguration(Early.class).withBean(Apart.class));
    }

    @Test
    void thereNeedBeNoTransactions() {
        starts(contexts.withClassLoader(new FilteredClassLoader("org.springframework.transaction"))
                .withBean(Limited.class));
    }

    private static void starts(ApplicationContextRunner contexts) {
        contexts.run(context -> assertThat(context).hasNotFailed());
    }

    @Configuration(proxyBeanMethods = false)
    @EnableTransactionManagement(order = 500)
    static class Early {}

    @Configuration(proxyBeanMethods = false)
    @EnableTransactionManagement(order = 1000)
    static class Level {}

    @Configuration(proxyBeanMethods = false)
    @EnableTransactionManagement(order = 1001)
    static class JustInside {}

    @Configuration(proxyBeanMethods = false)
    @EnableTransactionManagement
    static class Last {}

    public static class Locked {

        @Noted
        @Transactional
        public void book() {}
    }

    public static class WithALock {

        @WithLock("booking")
        @Transactional
        public void book() {}
    }

    public static class Limited {

        @RateLimited(limit = "1/1m")
        @Transactional
        public void book() {}
    }

    public static class Plain {

        @Transactional
        public void book() {}
    }

    public static class Apart {

        @Noted
        public void lock() {}

        @Transactional
        public void book() {}
    }
}
