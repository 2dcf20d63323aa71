package io.github.stanchion.spring.aot;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.stanchion.annotation.RateLimited;
import io.github.stanchion.spring.autoconfigure.StanchionAutoConfiguration;
import io.github.stanchion.spring.key.CallRoot;
import java.io.IOException;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.aot.generate.ClassNameGenerator;
import org.springframework.aot.generate.DefaultGenerationContext;
import org.springframework.aot.generate.InMemoryGeneratedFiles;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.predicate.RuntimeHintsPredicates;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.aot.ApplicationContextAotGenerator;
import org.springframework.core.annotation.AliasFor;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;
import org.springframework.javapoet.ClassName;

/** What ahead-of-time processing of an application with guarded beans registers. */
class GuardHintsTest {

    private static final String SCRIPTS = "io/github/stanchion/redis/";

    private final RuntimeHints hints = new RuntimeHints();

    @BeforeEach
    void process() {
        try (AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext()) {
            TestPropertyValues.of(
                            "stanchion.rate-limits.metered.limit=1/1m",
                            "stanchion.rate-limits.metered.plan=@plans.of(#p0)")
                    .applyTo(context);
            context.register(StanchionAutoConfiguration.class, Desk.class);
            context.registerBean("spare", Spare.class);
            context.registerBean("plans", Plans.class);
            context.registerBean("the tenants", Tenants.class);
            context.registerBean("unguarded", Unguarded.class);
            new ApplicationContextAotGenerator()
                    .processAheadOfTime(
                            context,
                            new DefaultGenerationContext(
                                    new ClassNameGenerator(ClassName.get(Desk.class)),
                                    new InMemoryGeneratedFiles(),
                                    hints));
        }
    }

    @Test
    void guardedMethodsAndFallbacksCanBeInvokedPrivateAndInheritedOnesToo() {
        assertInvocable(Desk.class, "serve", "closed");
        assertInvocable(Counter.class, "count");
    }

    @Test
    void consoleIsPartOfTheImage() {
        assertThat(RuntimeHintsPredicates.resource().forResource("io/github/stanchion/spring/actuate/console.html"))
                .accepts(hints);
    }

    @Test
    void everyScriptOfTheRedisBackendIsPartOfTheImage() throws IOException {
        Resource[] scripts = new PathMatchingResourcePatternResolver().getResources("classpath*:" + SCRIPTS + "*.lua");

        assertThat(scripts)
                .extracting(Resource::getFilename)
                .contains("run.lua", "rate_bucket.lua", "lock_acquire.lua", "_ttl.lua")
                .allSatisfy(
                        script -> assertThat(RuntimeHintsPredicates.resource().forResource(SCRIPTS + script))
                                .accepts(hints));
    }

    @Test
    void scriptsNeedNotBeThere() {
        RuntimeHints without = new RuntimeHints();
        new GuardHints().registerHints(without, ClassLoader.getPlatformClassLoader());

        assertThat(RuntimeHintsPredicates.resource().forResource(SCRIPTS + "run.lua"))
                .rejects(without);
    }

    @Test
    void interfacesThatAskForGuardsCanBeRead() {
        assertThat(hints).matches(RuntimeHintsPredicates.reflection().onType(Open.class));
    }

    @Test
    void beansThatFallbacksAndExpressionsNameCanBeInvoked() {
        assertInvocable(Spare.class, "serve");
        assertInvocable(Tenants.class, "of");
        assertInvocable(Plans.class, "of");
    }

    @Test
    void whatExpressionsMayReadCanBeInvoked() {
        assertInvocable(Order.class, "customer");
        assertInvocable(Customer.class, "id");
        assertInvocable(CallRoot.class, "getMethod", "getTarget", "getTargetClass", "getArgs");
    }

    @Test
    void annotationsThatOthersStandForCanBeMade() {
        assertThat(hints).matches(RuntimeHintsPredicates.proxies().forInterfaces(RateLimited.class));
    }

    @Test
    void otherBeansAreLeftAlone() {
        Predicate<RuntimeHints> invocable =
                RuntimeHintsPredicates.reflection().onMethodInvocation(Unguarded.class, "call");

        assertThat(hints).matches(invocable.negate());
    }

    private void assertInvocable(Class<?> type, String... methods) {
        for (String name : methods) {
            assertThat(Arrays.stream(type.getDeclaredMethods())
                            .filter(method -> method.getName().equals(name)))
                    .isNotEmpty()
                    .allSatisfy(method -> assertThat(hints)
                            .matches(RuntimeHintsPredicates.reflection().onMethodInvocation(method)));
        }
    }

    record Customer(String id) {}

    record Order(Customer customer) {}

    interface Open {

        @RateLimited(limit = "5/1m")
        void open();
    }

    static class Counter {

        @RateLimited(limit = "5/1m", key = "@'the tenants'.of(#p0)")
        public void count(String who) {}
    }

    static class Desk extends Counter implements Open {

        @RateLimited(limit = "5/1m", key = "#order.customer.id", fallback = "closed")
        public String serve(Order order) {
            return "";
        }

        @SuppressWarnings({"UnusedMethod", "UnusedVariable"}) // the fallback
        private String closed(Order order) {
            return "";
        }

        @RateLimited(name = "other", limit = "5/1m", fallback = "spare::serve")
        public List<String> serveOthers(String who) {
            return List.of();
        }

        @Metered("metered")
        public void meter(String who) {}

        @Override
        public void open() {}
    }

    static class Spare {

        public List<String> serve(String who) {
            return List.of();
        }
    }

    static class Plans {

        public String of(String who) {
            return who;
        }
    }

    static class Tenants {

        public String of(String who) {
            return who;
        }
    }

    static class Unguarded {

        public void call() {}
    }

    @Retention(RetentionPolicy.RUNTIME)
    @RateLimited
    @interface Metered {

        @AliasFor(annotation = RateLimited.class, attribute = "name")
        String value();
    }
}
