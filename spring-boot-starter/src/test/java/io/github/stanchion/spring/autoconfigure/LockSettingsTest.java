package io.github.stanchion.spring.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.stanchion.annotation.LeaseRenewal;
import io.github.stanchion.annotation.LockTransactions;
import io.github.stanchion.annotation.OnContention;
import io.github.stanchion.annotation.OnLost;
import io.github.stanchion.annotation.WaitOver;
import io.github.stanchion.annotation.WithLock;
import io.github.stanchion.guard.FailurePolicy;
import io.github.stanchion.guard.GuardMode;
import io.github.stanchion.guard.GuardRejectedException;
import io.github.stanchion.guard.StoreUnavailableException;
import io.github.stanchion.lock.LockGuard;
import io.github.stanchion.lock.LockSettings;
import io.github.stanchion.weave.GuardWeaver;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Future;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.http.ResponseEntity;
import org.springframework.util.ReflectionUtils;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.context.request.async.DeferredResult;
import org.springframework.web.context.request.async.WebAsyncTask;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;
import org.springframework.web.servlet.mvc.method.annotation.StreamingResponseBody;

/** Each setting of a lock by annotation, by file and by both; what stops the start; and what is warned of. */
class LockSettingsTest {

    private final ApplicationContextRunner contexts =
            new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(StanchionAutoConfiguration.class));

    /** A method with the annotation, what that comes to, and the same of a property; null = only files can say it. */
    private record Row(
            @Nullable String method,
            String property,
            @Nullable UnaryOperator<LockSettings.Builder> annotated,
            UnaryOperator<LockSettings.Builder> filed) {}

    static Stream<Arguments> rows() {
        return Stream.of(
                        new Row("key", "key=#b", s -> s.key("#a"), s -> s.key("#b")),
                        new Row("each", "each=false", s -> s.key("#c").each(true), s -> s.each(false)),
                        new Row(
                                "waitTime",
                                "wait=forever",
                                s -> s.wait(Duration.ofSeconds(1)),
                                s -> s.wait(LockSettings.FOREVER)),
                        new Row(
                                "leaseTime",
                                "lease=7s",
                                s -> s.lease(Duration.ofSeconds(9)),
                                s -> s.lease(Duration.ofSeconds(7))),
                        new Row(
                                "renew",
                                "renew=auto",
                                s -> s.renew(LeaseRenewal.NEVER),
                                s -> s.renew(LeaseRenewal.AUTO)),
                        new Row(
                                "maxHold",
                                "max-hold=none",
                                s -> s.maxHold(Duration.ofMinutes(9)),
                                s -> s.maxHold(LockSettings.FOREVER)),
                        new Row(
                                "atLeast",
                                "at-least=7s",
                                s -> s.atLeast(Duration.ofSeconds(9)),
                                s -> s.atLeast(Duration.ofSeconds(7))),
                        new Row(
                                "onContention",
                                "on-contention=fail",
                                s -> s.onContention(OnContention.SKIP),
                                s -> s.onContention(OnContention.FAIL)),
                        new Row("skipValue", "skip-value='b'", s -> s.skipValue("'a'"), s -> s.skipValue("'b'")),
                        new Row(
                                "share",
                                "share=7s",
                                s -> s.share(Duration.ofSeconds(9)),
                                s -> s.share(Duration.ofSeconds(7))),
                        new Row(
                                "shareErrors",
                                "share-errors=false",
                                s -> s.shareErrors(true),
                                s -> s.shareErrors(false)),
                        new Row(
                                "waitOver",
                                "wait-over=fail",
                                s -> s.waitOver(WaitOver.COMPUTE),
                                s -> s.waitOver(WaitOver.FAIL)),
                        new Row("fallback", "fallback=second", s -> s.fallback("first"), s -> s.fallback("second")),
                        new Row(
                                "fallbackOn",
                                "fallback-on=io.github.stanchion.guard.GuardRejectedException",
                                s -> s.fallbackOn(List.of(StoreUnavailableException.class)),
                                s -> s.fallbackOn(List.of(GuardRejectedException.class))),
                        new Row("onLost", "on-lost=warn", s -> s.onLost(OnLost.INTERRUPT), s -> s.onLost(OnLost.WARN)),
                        new Row("reentrant", "reentrant=true", s -> s.reentrant(false), s -> s.reentrant(true)),
                        new Row("maxWaiters", "max-waiters=7", s -> s.maxWaiters(9), s -> s.maxWaiters(7)),
                        new Row(
                                "tx",
                                "tx=forbid",
                                s -> s.tx(LockTransactions.IGNORE),
                                s -> s.tx(LockTransactions.FORBID)),
                        new Row(null, "mode=shadow", null, s -> s.mode(GuardMode.SHADOW)),
                        new Row(null, "on-store-failure=closed", null, s -> s.onStoreFailure(FailurePolicy.CLOSED)),
                        new Row(null, "allow-unlocked=true", null, s -> s.allowUnlocked(true)))
                .map(row -> Arguments.of(row.property, row));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rows")
    void fileWinsOverAnnotationWinsOverDefaults(String property, Row row) {
        LockSettings.Builder none = LockSettings.builder().mode(GuardMode.ENFORCE);
        LockSettings plain = none.build();
        LockSettings filed = row.filed.apply(LockSettings.builder()).build();

        assertThat(effective("plain", "stanchion.locks.x." + property)).isEqualTo(filed.over(plain));
        assertThat(effective("plain", "stanchion.defaults.lock." + property)).isEqualTo(filed.over(plain));
        if (row.method != null && row.annotated != null) {
            LockSettings annotated = row.annotated.apply(LockSettings.builder()).build();
            assertThat(annotated).isNotEqualTo(filed);
            assertThat(effective(row.method)).isEqualTo(annotated.over(plain));
            assertThat(effective(row.method, "stanchion.defaults.lock." + property))
                    .isEqualTo(annotated.over(filed).over(plain));
            assertThat(effective(row.method, "stanchion.locks.x." + property))
                    .isEqualTo(filed.over(annotated).over(plain));
        }
    }

    @Test
    void noAttributeAndNoKeyIsLeftUntested() {
        Set<String> attributes = new LinkedHashSet<>(List.of("value", "name"));
        Set<String> keys = new LinkedHashSet<>();
        rows().map(row -> (Row) row.get()[1]).forEach(row -> {
            keys.add(row.property.replaceAll("=.*", ""));
            if (row.method != null) {
                attributes.add(row.method);
            }
        });

        assertThat(Arrays.stream(WithLock.class.getDeclaredMethods())
                        .map(Method::getName)
                        .collect(Collectors.toSet()))
                .isEqualTo(attributes);
        assertThat(LockProperties.class.getRecordComponents())
                .extracting(Names::key)
                .containsExactlyInAnyOrderElementsOf(keys);
    }

    private LockSettings effective(String method, String... properties) {
        LockSettings[] found = new LockSettings[1];
        contexts.withPropertyValues(properties).run(context -> {
            assertThat(context).hasNotFailed();
            Method guarded = ReflectionUtils.findMethod(Every.class, method, String.class, String.class, List.class);
            assertThat(guarded).as(method).isNotNull();
            LockGuard guard = (LockGuard) context.getBean(GuardWeaver.class)
                    .plan(guarded, Every.class)
                    .guards()
                    .get(0);
            found[0] = guard.policy().settings();
        });
        return found[0];
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("mistakes")
    void mistakeStopsTheStart(Class<?> bean, String property, String description, String action) {
        StartFailure.of(contexts.withBean(bean).withPropertyValues(property))
                .describes(description)
                .advises(action);
    }

    static Stream<Arguments> mistakes() {
        String none = "other=1";
        return Stream.of(
                Arguments.of(
                        Plain.class,
                        "stanchion.locks.x.lease=299ms",
                        "Value 'PT0.299S' of stanchion.locks.x.lease is out of range",
                        "Use 300ms to 300d"),
                Arguments.of(
                        BriefLease.class,
                        none,
                        "Value 'PT0.1S' of @WithLock(leaseTime) on BriefLease.run is out of range",
                        "Use 300ms to 300d"),
                Arguments.of(
                        Plain.class,
                        "stanchion.locks.x.at-least=-1s",
                        "Value 'PT-1S' of stanchion.locks.x.at-least is negative",
                        "Use 0s or more"),
                Arguments.of(
                        Plain.class,
                        "stanchion.locks.x.at-least=2h",
                        "max-hold is shorter than at-least",
                        "Use a longer one, or 'none'"),
                Arguments.of(PrimitiveSkip.class, none, "Lock on PrimitiveSkip.run skips calls", "Set skip-value"),
                Arguments.of(
                        NeverTooLong.class,
                        none,
                        "is shorter than the lease, which is never renewed",
                        "Shorten the lease instead"),
                Arguments.of(
                        EachWithoutKey.class,
                        none,
                        "Lock 'x' on EachWithoutKey.run is for each element",
                        "Give one key"),
                Arguments.of(
                        EachOfAText.class,
                        none,
                        "Key '#id' of lock 'x' on EachOfAText.run is a 'String', which is no collection, array or stream",
                        "Remove each, or give a key that has elements"),
                Arguments.of(
                        Several.class,
                        "stanchion.locks.x.key=#p4",
                        "Key '#p4' of lock 'x' on Several.run is a 'double[]', which is no collection",
                        "Remove each"),
                Arguments.of(
                        Several.class,
                        "stanchion.locks.x.key=#byName",
                        "Key '#byName' of lock 'x' on Several.run is a 'Map', which is no collection",
                        "Remove each"),
                Arguments.of(
                        FutureResult.class, none, "Lock 'x' on FutureResult.run would end while its 'Future'", "tx"),
                Arguments.of(
                        StreamedResult.class,
                        none,
                        "Lock 'x' on StreamedResult.run would end while its 'StreamingResponseBody'",
                        "tx"),
                Arguments.of(
                        DeferredHandler.class,
                        none,
                        "Lock 'x' on DeferredHandler.run would end while its 'DeferredResult' goes on",
                        "Return a CompletionStage or a publisher"),
                Arguments.of(
                        CallableHandler.class,
                        none,
                        "Lock 'x' on CallableHandler.run would end while its 'Callable' goes on",
                        "Return a CompletionStage or a publisher"),
                Arguments.of(
                        TaskOfAService.class,
                        none,
                        "Lock 'x' on TaskOfAService.run would end while its 'WebAsyncTask' goes on",
                        "Return a CompletionStage or a publisher"),
                Arguments.of(
                        EmitterHandler.class,
                        none,
                        "Lock 'x' on EmitterHandler.run would end while its 'SseEmitter' goes on",
                        "Return a CompletionStage or a publisher"),
                Arguments.of(
                        WrappedStream.class,
                        none,
                        "Lock 'x' on WrappedStream.run would end while its 'StreamingResponseBody' goes on",
                        "Return a CompletionStage or a publisher"),
                Arguments.of(
                        SharedDeferred.class,
                        none,
                        "Lock 'x' on SharedDeferred.run shares results, and its 'DeferredResult' cannot be shared",
                        "Return a CompletionStage or a Mono"),
                Arguments.of(
                        Plain.class,
                        "stanchion.locks.x.on-store-failure=open",
                        "of stanchion.locks.x.on-store-failure runs calls without the lock",
                        "Set allow-unlocked: true"),
                Arguments.of(
                        Plain.class,
                        "stanchion.locking.require-shared-store=true",
                        "Property stanchion.locking.require-shared-store is true, and store 'memory' is this process's"
                                + " alone",
                        "Choose a shared store by stanchion.store"));
    }

    @Test
    void openIsAllowedWhereItIsConfirmed() {
        contexts.withBean(Plain.class)
                .withPropertyValues("stanchion.locks.x.on-store-failure=open", "stanchion.locks.x.allow-unlocked=true")
                .run(context -> assertThat(context).hasNotFailed());
    }

    @ParameterizedTest
    @ValueSource(strings = {"#list", "#stream", "#array", "#numbers", "#any", "#byName.keySet()", "{#id}"})
    void lockForEachOfWhatMayHaveElementsStarts(String key) {
        contexts.withBean(Several.class)
                .withPropertyValues("stanchion.locks.x.key=" + key)
                .run(context -> assertThat(context).hasNotFailed());
    }

    @Test
    void lockMayEndBeforeItsResultWhereThatIsSaid() {
        contexts.withBean(ReturningEarly.class)
                .run(context -> assertThat(context).hasNotFailed());
    }

    @Test
    void handlerThatMayWaitForeverIsWarnedOf() {
        assertThat(warnings(ForeverHandler.class))
                .singleElement()
                .asString()
                .contains("Lock 'x' on ForeverHandler.run lets requests wait forever; set wait to 5s or less");
        assertThat(warnings(Forever.class)).isEmpty();
    }

    @Test
    void lockThatNothingUsesIsWarnedOf() {
        assertThat(warnings(Plain.class, "stanchion.locks.reindx.lease=1m"))
                .singleElement()
                .asString()
                .contains("Lock 'reindx' is used by no annotation; check the spelling of stanchion.locks.reindx");
    }

    private List<String> warnings(Class<?> bean, String... properties) {
        try (Logs logs = new Logs()) {
            contexts.withBean(bean).withPropertyValues(properties).run(context -> assertThat(context)
                    .hasNotFailed());
            return logs.lines().stream()
                    .filter(line -> line.startsWith("WARNING: "))
                    .toList();
        }
    }

    /** A method for each attribute. */
    @SuppressWarnings("unused")
    public static class Every {

        @WithLock("x")
        public @Nullable String plain(String a, String b, List<String> c) {
            return a;
        }

        @WithLock(name = "x", key = "#a")
        public @Nullable String key(String a, String b, List<String> c) {
            return a;
        }

        @WithLock(name = "x", key = "#c", each = true)
        public @Nullable String each(String a, String b, List<String> c) {
            return a;
        }

        @WithLock(name = "x", waitTime = "1s")
        public @Nullable String waitTime(String a, String b, List<String> c) {
            return a;
        }

        @WithLock(name = "x", leaseTime = "9s")
        public @Nullable String leaseTime(String a, String b, List<String> c) {
            return a;
        }

        @WithLock(name = "x", renew = LeaseRenewal.NEVER)
        public @Nullable String renew(String a, String b, List<String> c) {
            return a;
        }

        @WithLock(name = "x", maxHold = "9m")
        public @Nullable String maxHold(String a, String b, List<String> c) {
            return a;
        }

        @WithLock(name = "x", atLeast = "9s")
        public @Nullable String atLeast(String a, String b, List<String> c) {
            return a;
        }

        @WithLock(name = "x", onContention = OnContention.SKIP)
        public @Nullable String onContention(String a, String b, List<String> c) {
            return a;
        }

        @WithLock(name = "x", skipValue = "'a'")
        public @Nullable String skipValue(String a, String b, List<String> c) {
            return a;
        }

        @WithLock(name = "x", share = "9s")
        public @Nullable String share(String a, String b, List<String> c) {
            return a;
        }

        @WithLock(name = "x", shareErrors = true)
        public @Nullable String shareErrors(String a, String b, List<String> c) {
            return a;
        }

        @WithLock(name = "x", waitOver = WaitOver.COMPUTE)
        public @Nullable String waitOver(String a, String b, List<String> c) {
            return a;
        }

        @WithLock(name = "x", fallback = "first")
        public @Nullable String fallback(String a, String b, List<String> c) {
            return a;
        }

        @WithLock(name = "x", fallbackOn = StoreUnavailableException.class)
        public @Nullable String fallbackOn(String a, String b, List<String> c) {
            return a;
        }

        @WithLock(name = "x", onLost = OnLost.INTERRUPT)
        public @Nullable String onLost(String a, String b, List<String> c) {
            return a;
        }

        @WithLock(name = "x", reentrant = false)
        public @Nullable String reentrant(String a, String b, List<String> c) {
            return a;
        }

        @WithLock(name = "x", maxWaiters = 9)
        public @Nullable String maxWaiters(String a, String b, List<String> c) {
            return a;
        }

        @WithLock(name = "x", tx = LockTransactions.IGNORE)
        public @Nullable String tx(String a, String b, List<String> c) {
            return a;
        }

        String first(String a, String b, List<String> c) {
            return "first";
        }

        String second(String a, String b, List<String> c) {
            return "second";
        }
    }

    public static class Plain {

        @WithLock("x")
        public void run() {}
    }

    public static class BriefLease {

        @WithLock(leaseTime = "100ms")
        public void run() {}
    }

    public static class PrimitiveSkip {

        @WithLock(onContention = OnContention.SKIP)
        public int run() {
            return 1;
        }
    }

    public static class NeverTooLong {

        @WithLock(renew = LeaseRenewal.NEVER, maxHold = "10s")
        public void run() {}
    }

    public static class EachWithoutKey {

        @WithLock(name = "x", each = true)
        public void run() {}
    }

    public static class EachOfAText {

        @WithLock(name = "x", key = "#id", each = true)
        public void run(String id) {}
    }

    public static class Several {

        @WithLock(name = "x", each = true)
        public void run(
                List<String> list,
                Stream<String> stream,
                String[] array,
                long[] numbers,
                double[] fractions,
                Object any,
                Map<String, String> byName,
                String id) {}
    }

    public static class FutureResult {

        @WithLock("x")
        public @Nullable Future<String> run() {
            return null;
        }
    }

    public static class StreamedResult {

        @WithLock("x")
        public StreamingResponseBody run() {
            return out -> {};
        }
    }

    public static class DeferredHandler {

        @WithLock("x")
        @GetMapping("/")
        public DeferredResult<String> run() {
            return new DeferredResult<>();
        }
    }

    public static class CallableHandler {

        @WithLock("x")
        @GetMapping("/")
        public Callable<String> run() {
            return () -> "";
        }
    }

    public static class TaskOfAService {

        @WithLock("x")
        public WebAsyncTask<String> run() {
            return new WebAsyncTask<>(() -> "");
        }
    }

    public static class EmitterHandler {

        @WithLock("x")
        @GetMapping("/")
        public SseEmitter run() {
            return new SseEmitter();
        }
    }

    public static class WrappedStream {

        @WithLock("x")
        @GetMapping("/")
        public ResponseEntity<StreamingResponseBody> run() {
            return ResponseEntity.ok(out -> {});
        }
    }

    public static class SharedDeferred {

        @WithLock(name = "x", onContention = OnContention.SINGLE_FLIGHT, tx = LockTransactions.IGNORE)
        @GetMapping("/")
        public DeferredResult<String> run() {
            return new DeferredResult<>();
        }
    }

    public static class ReturningEarly {

        @WithLock(name = "x", tx = LockTransactions.IGNORE)
        @GetMapping("/")
        public StreamingResponseBody run() {
            return out -> {};
        }
    }

    public static class ForeverHandler {

        @WithLock(name = "x", waitTime = "forever")
        @GetMapping("/")
        public void run() {}
    }

    public static class Forever {

        @WithLock(name = "x", waitTime = "forever")
        public void run() {}
    }
}
