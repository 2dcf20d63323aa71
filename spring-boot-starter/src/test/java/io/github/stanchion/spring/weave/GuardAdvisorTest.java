package io.github.stanchion.spring.weave;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.stanchion.annotation.RateLimited;
import io.github.stanchion.guard.GuardListener;
import io.github.stanchion.guard.GuardRejectedException;
import io.github.stanchion.spring.autoconfigure.StanchionAutoConfiguration;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.AliasFor;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.access.prepost.PreAuthorize;
import org.springframework.security.authentication.TestingAuthenticationToken;
import org.springframework.security.config.annotation.method.configuration.EnableMethodSecurity;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.annotation.EnableTransactionManagement;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.AbstractPlatformTransactionManager;
import org.springframework.transaction.support.DefaultTransactionStatus;

class GuardAdvisorTest {

    private final ApplicationContextRunner contexts = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(StanchionAutoConfiguration.class))
            .withBean(NotingBinder.class);

    @Test
    void annotationsAreFoundWhereSpringFindsThem() {
        contexts.withBean(Annotated.class).run(context -> {
            Annotated bean = context.getBean(Annotated.class);
            NotingBinder binder = context.getBean(NotingBinder.class);

            assertThat(entered(binder, bean::direct)).containsExactly("enter direct");
            assertThat(entered(binder, bean::aliased)).containsExactly("enter via alias");
            assertThat(entered(binder, bean::repeated)).containsExactly("enter one+two");
            assertThat(entered(binder, bean::declared)).containsExactly("enter interface");
            assertThat(entered(binder, bean::redeclared)).containsExactly("enter nearer");
            assertThat(entered(binder, bean::ofClass)).containsExactly("enter class");
            assertThat(entered(binder, bean::notPublic)).isEmpty();
            assertThat(entered(binder, bean::defaulted)).containsExactly("enter default");
            assertThat(entered(binder, bean::inherited)).containsExactly("enter declared for another");
        });
    }

    @Test
    void inheritedMethodIsGuardedForEachClassByItself() {
        contexts.withBean(LeftHeir.class).withBean(RightHeir.class).run(context -> {
            NotingBinder binder = context.getBean(NotingBinder.class);

            assertThat(entered(binder, context.getBean(LeftHeir.class)::common)).containsExactly("enter left");
            assertThat(entered(binder, context.getBean(RightHeir.class)::common))
                    .containsExactly("enter right");
            assertThat(entered(binder, context.getBean(LeftHeir.class)::common)).containsExactly("enter left");
        });
    }

    @Test
    void guardsStandAroundAuthorizationAndTransactionAsTheDocumentsSay() {
        SecurityContextHolder.getContext().setAuthentication(new TestingAuthenticationToken("bob", "", "ROLE_USER"));
        try {
            contexts.withUserConfiguration(Others.class)
                    .withBean(Everything.class)
                    .run(context -> {
                        NotingBinder binder = context.getBean(NotingBinder.class);
                        Everything bean = context.getBean(Everything.class);

                        bean.all(true);
                        assertThat(binder.notes())
                                .containsExactly(
                                        "rate limit",
                                        "authorized",
                                        "enter all",
                                        "begin",
                                        "body",
                                        "commit",
                                        "left all returned done");

                        binder.notes().clear();
                        assertThatThrownBy(() -> bean.all(false)).isInstanceOf(AccessDeniedException.class);
                        assertThat(binder.notes()).containsExactly("rate limit", "authorized");
                    });
        } finally {
            SecurityContextHolder.clearContext();
        }
    }

    @Test
    void orderCanBeTurned() {
        SecurityContextHolder.getContext().setAuthentication(new TestingAuthenticationToken("bob", "", "ROLE_USER"));
        try {
            contexts.withUserConfiguration(Others.class)
                    .withBean(Everything.class)
                    .withPropertyValues("stanchion.order=lock,authorization,rate-limit")
                    .run(context -> {
                        context.getBean(Everything.class).all(true);
                        assertThat(context.getBean(NotingBinder.class).notes())
                                .containsExactly(
                                        "enter all",
                                        "authorized",
                                        "rate limit",
                                        "begin",
                                        "body",
                                        "commit",
                                        "left all returned done");
                    });
        } finally {
            SecurityContextHolder.clearContext();
        }
    }

    @Test
    void refusalOfAnInnerGuardReachesTheCallerAsItIs() {
        contexts.withBean(Annotated.class).run(context -> {
            context.getBean(NotingBinder.class).refuse();

            assertThatThrownBy(context.getBean(Annotated.class)::direct)
                    .isInstanceOf(GuardRejectedException.class)
                    .hasNoCause();
        });
    }

    @Test
    void exceptionOfTheMethodReachesTheCallerAsItIs() {
        contexts.withBean(Annotated.class).run(context -> assertThatThrownBy(context.getBean(Annotated.class)::failing)
                .isExactlyInstanceOf(java.io.IOException.class)
                .hasMessage("disk"));
    }

    private static List<String> entered(NotingBinder binder, Runnable call) {
        binder.notes().clear();
        call.run();
        return binder.notes().stream().filter(note -> note.startsWith("enter")).toList();
    }

    @Retention(RetentionPolicy.RUNTIME)
    @Noted
    @interface Renamed {

        @AliasFor(annotation = Noted.class, attribute = "value")
        String name();
    }

    interface Declaring {

        @Noted("interface")
        void declared();

        @Noted("further")
        void redeclared();

        @Noted("default")
        default void defaulted() {}
    }

    interface ForAnother {

        @Noted("declared for another")
        void inherited();
    }

    static class Base {

        public void inherited() {}
    }

    @Noted("class")
    static class Annotated extends Base implements Declaring, ForAnother {

        @Noted("direct")
        public void direct() {}

        @Renamed(name = "via alias")
        public void aliased() {}

        @Noted("one")
        @Noted("two")
        public void repeated() {}

        @Override
        public void declared() {}

        @Noted("nearer")
        @Override
        public void redeclared() {}

        public void ofClass() {}

        void notPublic() {}

        public void failing() throws java.io.IOException {
            throw new java.io.IOException("disk");
        }
    }

    static class Heritage {

        public void common() {}
    }

    interface Left {

        @Noted("left")
        void common();
    }

    interface Right {

        @Noted("right")
        void common();
    }

    static class LeftHeir extends Heritage implements Left {}

    static class RightHeir extends Heritage implements Right {}

    static class Everything {

        private final NotingBinder binder;

        @Autowired
        Everything(NotingBinder binder) {
            this.binder = binder;
        }

        @RateLimited(limit = "100/1m")
        @PreAuthorize("@judge.permits(#allowed)")
        @Noted("all")
        @Transactional
        public String all(boolean allowed) {
            binder.notes().add("body");
            return "done";
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableTransactionManagement
    @EnableMethodSecurity
    static class Others {

        @Bean
        GuardListener listener(ApplicationContext context) {
            return event -> context.getBean(NotingBinder.class).notes().add("rate limit");
        }

        @Bean
        Judge judge(NotingBinder binder) {
            return new Judge(binder.notes()::add);
        }

        @Bean
        Transactions transactionManager(NotingBinder binder) {
            return new Transactions(binder.notes()::add);
        }
    }

    record Judge(Consumer<String> notes) {

        public boolean permits(boolean allowed) {
            notes.accept("authorized");
            return allowed;
        }
    }

    static final class Transactions extends AbstractPlatformTransactionManager {

        private static final long serialVersionUID = 1L;

        private final transient Consumer<String> notes;

        Transactions(Consumer<String> notes) {
            this.notes = notes;
        }

        @Override
        protected Object doGetTransaction() {
            return this;
        }

        @Override
        protected void doBegin(Object transaction, TransactionDefinition definition) {
            notes.accept("begin");
        }

        @Override
        protected void doCommit(DefaultTransactionStatus status) {
            notes.accept("commit");
        }

        @Override
        protected void doRollback(DefaultTransactionStatus status) {
            notes.accept("rollback");
        }
    }
}
