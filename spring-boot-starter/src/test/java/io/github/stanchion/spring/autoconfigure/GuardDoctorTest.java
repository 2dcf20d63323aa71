package io.github.stanchion.spring.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bucket4j.Bucket;
import io.github.stanchion.annotation.RateLimited;
import io.github.stanchion.weave.GuardAspect;
import io.github.stanchion.weave.GuardWeaver;
import io.github.stanchion.weave.Woven;
import java.io.InputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarOutputStream;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestHeader;

class GuardDoctorTest {

    private final ApplicationContextRunner contexts =
            new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(StanchionAutoConfiguration.class));

    @Test
    void undefinedPolicyStopsTheStartWithTheNameThatWasMeant() {
        start(Misspelt.class, "stanchion.rate-limits.search=100/1m")
                .describes("Rate limit 'serach' on Misspelt.find is defined nowhere.")
                .advises("Did you mean 'search'? Else set stanchion.rate-limits.serach.limit, or the attribute limit.");
    }

    @Test
    void privateMethodStopsTheStart() {
        start(Private.class)
                .describes("Guarded method Private.find is private, and no proxy can guard it.")
                .advises("weave it with AspectJ and set stanchion.weaving=aspectj.");
    }

    @Test
    void staticMethodStopsTheStart() {
        start(Static.class).describes("Guarded method Static.find is static, and no proxy can guard it.");
    }

    @Test
    void finalMethodStopsTheStart() {
        start(Final.class).describes("Guarded method Final.find is final, and no proxy can guard it.");
    }

    @Test
    void finalClassStopsTheStart() {
        start(FinalClass.class)
                .describes("is in the final class " + FinalClass.class.getName() + ", which no proxy can extend.");
    }

    @Test
    void wovenMethodUnderProxiesStopsTheStart() {
        start(Marked.class)
                .describes("Guarded method Marked.find is woven by AspectJ, and stanchion.weaving is proxy.")
                .advises("Set stanchion.weaving=aspectj, or do not weave it.");
    }

    @Test
    void wovenMethodMayBePrivateUnderAspectj() {
        contexts.withBean(Marked.class)
                .withPropertyValues("stanchion.weaving=aspectj")
                .run(context -> {
                    assertThat(context).hasNotFailed().hasSingleBean(GuardAspect.Binding.class);
                    assertThat(context.getBean(GuardWeaver.class).plans()).hasSize(1);
                });
    }

    @Test
    void keyThatReadsAForwardingHeaderStopsTheStartUnlessAProxyIsTrusted() {
        start(Forwarded.class)
                .describes("Key '#address' of rate limit 'find' on Forwarded.find reads the header X-Forwarded-For,")
                .advises("set stanchion.web.client-ip.trusted-proxies");
        start(ForwardedByPosition.class, "stanchion.rate-limits.find.key=#p0").describes("reads the header Forwarded,");
        contexts.withBean(Forwarded.class)
                .withPropertyValues("stanchion.web.client-ip.trusted-proxies=10.0.0.0/8")
                .run(context -> assertThat(context).hasNotFailed());
    }

    @Test
    void aspectjWithoutAspectjStopsTheStart() {
        contexts.withPropertyValues("stanchion.weaving=aspectj")
                .withClassLoader(new FilteredClassLoader("org.aspectj"))
                .run(context -> assertThat(context)
                        .getFailure()
                        .hasMessageContaining("stanchion.weaving is aspectj, and AspectJ is not on the class path"));
    }

    @Test
    void secondCopyOfBucket4jStopsTheStart(@TempDir Path folder) throws Exception {
        Path jar = folder.resolve("bucket4j-core-8.10.1.jar");
        String bucket = "io/github/bucket4j/Bucket.class";
        ClassLoader classes = getClass().getClassLoader();
        try (JarOutputStream copy = new JarOutputStream(Files.newOutputStream(jar));
                InputStream file = classes.getResourceAsStream(bucket)) {
            copy.putNextEntry(new ZipEntry(bucket));
            file.transferTo(copy);
        }

        try (URLClassLoader both = new URLClassLoader(new URL[] {jar.toUri().toURL()}, classes)) {
            StartFailure.of(contexts.withClassLoader(both))
                    .describes("Bucket4j is on the class path twice")
                    .describesPattern("bucket4j_jdk17-core-[0-9.]+\\.jar and bucket4j-core-8\\.10\\.1\\.jar\\.")
                    .advises("exclude the other, com.bucket4j:bucket4j-core, from the dependency that brings it.");
        }
    }

    @Test
    void oneCopyOfBucket4jThatTwoClassLoadersKnowIsOne() throws Exception {
        URL jar = Bucket.class.getProtectionDomain().getCodeSource().getLocation();
        try (URLClassLoader again =
                new URLClassLoader(new URL[] {jar}, getClass().getClassLoader())) {
            contexts.withClassLoader(again).run(context -> assertThat(context).hasNotFailed());
        }
    }

    @Test
    void sweepIntervalOutOfRangeNamesItsProperty() {
        contexts.withPropertyValues("stanchion.memory.sweep-interval=2d")
                .run(context ->
                        assertThat(context).getFailure().rootCause().hasMessageContaining("Sweep interval 'PT48H'"));
        contexts.withPropertyValues("stanchion.memory.sweep-interval=2d")
                .run(context ->
                        assertThat(context).getFailure().hasStackTraceContaining("stanchion.memory.sweep-interval"));
    }

    @Test
    void expressionWithAnUnknownNameStopsTheStart() {
        start(WrongKey.class)
                .describes("Expression '#txt' (@RateLimited(key) on WrongKey.find, WrongKey.find) names '#txt',")
                .advises("Available are #error, #p0, #reserved, #result, #root, #status, #text.");
    }

    @Test
    void expressionInAFileNamesTheProperty() {
        start(Misspelt.class, "stanchion.rate-limits.serach.limit=1/1m", "stanchion.rate-limits.serach.cost=#n")
                .describes("Expression '#n' (stanchion.rate-limits.serach.cost, Misspelt.find) names '#n'");
    }

    @Test
    void limitInAFileNamesTheProperty() {
        start(Misspelt.class, "stanchion.rate-limits.serach.limit=5 per minute")
                .describes("Limit '5 per minute' of stanchion.rate-limits.serach.limit cannot be read.");
    }

    @Test
    void missingFallbackStopsTheStart() {
        start(WrongFallback.class)
                .describes("Fallback 'cached' (@RateLimited(fallback) on WrongFallback.find, WrongFallback.find)"
                        + " does not fit the guarded method.")
                .advises("Declare it as 'String cached(String)'; an exception may follow as the last parameter.");
    }

    @Test
    void twoNamesOnOneAnnotationStopTheStart() {
        start(TwoNames.class).describes("has two names, 'a' and 'b'");
    }

    @Test
    void orderWithoutAKindOrWithAnUnknownWordStopsTheStart() {
        start(Fine.class, "stanchion.order=authorization,lock")
                .describes("In property stanchion.order 'rate-limit' is missing.");
        start(Fine.class, "stanchion.order=rate-limit,authorization")
                .describes("In property stanchion.order 'lock' is missing.")
                .advises("Add it where its guards are to stand.");
        start(Fine.class, "stanchion.order=rate-limit,lock")
                .describes("In property stanchion.order 'authorization' is missing.");
        start(Fine.class, "stanchion.order=rate-limit,authorisation,authorization,lock")
                .describes("In property stanchion.order 'authorisation' is no kind of guard.")
                .advises("Did you mean 'authorization'?");
        start(Fine.class, "stanchion.order=rate-limit,authorization,transaction")
                .describes("In property stanchion.order 'transaction' cannot be placed.");
        start(Fine.class, "stanchion.order=rate-limit,authorization,lock,lock")
                .describes("In property stanchion.order 'lock' stands twice.");
    }

    @Test
    void unknownKeyAndMissingUnitAreAnalysedAtStart() {
        start(Fine.class, "stanchion.rate-limits.search.capcity=5")
                .describes("Property stanchion.rate-limits.search.capcity '5'")
                .describes("is unknown.")
                .advises("Did you mean 'capacity'?");
        start(Fine.class, "stanchion.memory.sweep-interval=5")
                .describes("Property stanchion.memory.sweep-interval '5'")
                .describes("has no unit.")
                .advises("Write '5s' for seconds; units are ms, s, m, h and d.");
    }

    @Test
    void beanMadeBeforeTheGuardsStopsTheStart() {
        StartFailure.of(contexts.withUserConfiguration(EagerConfiguration.class))
                .describes("Guarded method Fine.find is not guarded in bean 'fine', which was made before the guards.")
                .advises("inject it lazily there.");
    }

    @Test
    void lazyApplicationIsExaminedToo() {
        StartFailure.of(contexts.withInitializer(context -> context.addBeanFactoryPostProcessor(
                                new org.springframework.boot.LazyInitializationBeanFactoryPostProcessor()))
                        .withBean(Misspelt.class))
                .describes("is defined nowhere");
    }

    @Test
    void policyThatNothingUsesIsWarnedOf() {
        try (Logs logs = new Logs()) {
            contexts.withBean(Fine.class)
                    .withPropertyValues("stanchion.rate-limits.serach=100/1m")
                    .run(context -> assertThat(logs.lines())
                            .contains("WARNING: Rate limit 'serach' is used by no annotation; check the spelling of"
                                    + " stanchion.rate-limits.serach, or remove it"));
        }
    }

    @Test
    void requestHandlerWithoutAKeyIsWarnedOf() {
        try (Logs logs = new Logs()) {
            contexts.withBean(Handlers.class).run(context -> assertThat(logs.lines())
                    .filteredOn(line -> line.startsWith("WARNING"))
                    .containsExactlyInAnyOrder(
                            "WARNING: Rate limit 'open' on Handlers.open has no key, so all callers share it; set key,"
                                    + " as in \"#ip\" or \"#principal\"",
                            "WARNING: Rate limit 'patient' on Handlers.patient lets requests wait for up to 9s; set"
                                    + " max-wait to 5s or less"));
        }
    }

    @Test
    void addressThatTheServerReplacesIsWarnedOf() {
        String trusted = "stanchion.web.client-ip.trusted-proxies=10.0.0.0/8";
        assertThat(warnings(trusted, "server.forward-headers-strategy=framework"))
                .containsExactly("WARNING: Property stanchion.web.client-ip.trusted-proxies is set beside"
                        + " server.forward-headers-strategy=framework, which replaces the caller's address first and"
                        + " believes everybody; keep one of the two");
        assertThat(warnings(trusted, "server.forward-headers-strategy=none")).isEmpty();
        assertThat(warnings("server.forward-headers-strategy=framework")).isEmpty();
    }

    private List<String> warnings(String... properties) {
        try (Logs logs = new Logs()) {
            contexts.withPropertyValues(properties)
                    .run(context -> assertThat(context).hasNotFailed());
            return logs.lines().stream()
                    .filter(line -> line.startsWith("WARNING"))
                    .toList();
        }
    }

    @Test
    void allGuardedMethodsAreCounted() {
        try (Logs logs = new Logs()) {
            contexts.withBean(Fine.class).withBean(Whole.class).run(context -> assertThat(logs.lines())
                    .contains("INFO: 4 guards on 4 methods, store memory, weaving proxy"));
        }
    }

    private StartFailure start(Class<?> bean, String... properties) {
        return StartFailure.of(contexts.withBean(bean).withPropertyValues(properties));
    }

    public static class Fine {

        @RateLimited(limit = "1/1m")
        public String find(String text) {
            return text;
        }
    }

    @RateLimited(limit = "1/1m")
    public static class Whole {

        public String one() {
            return "";
        }

        public String two() {
            return "";
        }

        @RateLimited(limit = "2/1m")
        public String three() {
            return "";
        }

        String hidden() {
            return "";
        }
    }

    public static class Misspelt {

        @RateLimited("serach")
        public String find(String text) {
            return text;
        }
    }

    public static class Private {

        @RateLimited(limit = "1/1m")
        private String find(String text) {
            return text;
        }

        public String call() {
            return find("");
        }
    }

    public static class Static {

        @RateLimited(limit = "1/1m")
        public static String find(String text) {
            return text;
        }
    }

    public static class Final {

        @RateLimited(limit = "1/1m")
        public final String find(String text) {
            return text;
        }
    }

    public static final class FinalClass {

        @RateLimited(limit = "1/1m")
        public String find(String text) {
            return text;
        }
    }

    public static class Marked {

        @Woven // as the weaver would
        @RateLimited(limit = "1/1m")
        private String find(String text) {
            return text;
        }

        public String call() {
            return find("");
        }
    }

    public static class WrongKey {

        @RateLimited(limit = "1/1m", key = "#txt")
        public String find(String text) {
            return text;
        }
    }

    public static class WrongFallback {

        @RateLimited(limit = "1/1m", fallback = "cached")
        public String find(String text) {
            return text;
        }

        public String cached(int number) {
            return "" + number;
        }
    }

    public static class TwoNames {

        @RateLimited(value = "a", name = "b", limit = "1/1m")
        public String find(String text) {
            return text;
        }
    }

    public static class Handlers {

        @GetMapping
        @RateLimited(name = "open", limit = "1/1m")
        public String open() {
            return "";
        }

        @GetMapping
        @RateLimited(name = "keyed", limit = "1/1m", key = "#text")
        public String keyed(String text) {
            return text;
        }

        @GetMapping
        @RateLimited(name = "patient", limit = "1/1m", key = "#text", maxWait = "9s")
        public String patient(String text) {
            return text;
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class EagerConfiguration {

        @Bean
        Fine fine() {
            return new Fine();
        }

        @Bean
        static Needy needy(Fine fine) {
            return new Needy(fine);
        }
    }

    record Needy(Fine fine) implements BeanPostProcessor, org.springframework.core.PriorityOrdered {

        @Override
        public int getOrder() {
            return HIGHEST_PRECEDENCE;
        }
    }

    static class Forwarded {
        @RateLimited(name = "find", limit = "1/1m", key = "#address")
        public void find(@RequestHeader("X-Forwarded-For") String address) {}
    }

    static class ForwardedByPosition {
        @RateLimited(name = "find", limit = "1/1m")
        public void find(@RequestHeader("Forwarded") String address) {}
    }
}
