package io.github.stanchion.spring.key;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import io.github.stanchion.guard.GuardConfigurationException;
import io.github.stanchion.guard.GuardExpression;
import io.github.stanchion.guard.GuardExpression.CallEnd;
import io.github.stanchion.guard.GuardedCall;
import io.github.stanchion.guard.GuardedMethod;
import java.lang.management.ManagementFactory;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.support.StaticListableBeanFactory;

class SpelExpressionsTest {

    private final StaticListableBeanFactory beans = new StaticListableBeanFactory(Map.of("tenants", new Tenants()));
    private final CallVariable ip = new CallVariable() {
        @Override
        public String name() {
            return "ip";
        }

        @Override
        public Object value(GuardedCall call) {
            return "192.0.2.1";
        }
    };
    private final SpelExpressions expressions =
            new SpelExpressions(beans, getClass().getClassLoader(), List.of(ip));

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            commentCharacter = '~',
            textBlock =
                    """
            #name | bob
            #p0 | bob
            #a1.size | 7
            #order.size + ':' + #name | 7:bob
            #root.method.name | find
            #root.args[0] | bob
            #root.target.label() | target
            #root.targetClass.simpleName | Service
            #ip + #p0 | 192.0.2.1bob
            @tenants.of(#name) | tenant-bob
            'fixed' | fixed
            {#name, #ip} | [bob, 192.0.2.1]
            #order.tags.![length()] | [1, 2]
            #order.tags.?[length() > 1] | [bb]
            #order.labels[colour] | red
            #order.record.tenant | acme
            T(java.lang.Math).max(#order.size, 9) | 9
            #name?.length() | 3
            """)
    void readsTheCall(String text, String value) {
        GuardExpression expression = compile(text);

        assertThat(expression.evaluate(call("bob", new Order(7)), null)).hasToString(value);
        assertThat(expression.evaluate(call("bob", new Order(7)), null)).hasToString(value);
        assertThat(expression.evaluate(call("bob", new Order(7)), null))
                .as("compiled")
                .hasToString(value);
    }

    @Test
    void readsTheEndOfTheCall() {
        CallEnd end = new CallEnd("done", null, 204, 5);

        assertThat(compile("#result + #status").evaluate(call("bob", null), end))
                .isEqualTo("done204");
        assertThat(compile("#error == null ? #reserved : 0").evaluate(call("bob", null), end))
                .isEqualTo(5L);
    }

    @Test
    void refusesToReadTheEndBeforeIt() {
        assertThatThrownBy(() -> compile("#result").evaluate(call("bob", null), null))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'#result' is read before the call has ended");
    }

    @Test
    void parameterNamedAsAnEndVariableIsReadBeforeTheEnd() {
        GuardedMethod method = method("update");
        GuardExpression expression = expressions.compile("#status", method, "key");
        GuardedCall call = new Call(method, new Service(), new Object[] {"open"});

        assertThat(expression.evaluate(call, null)).isEqualTo("open");
        assertThat(expression.evaluate(call, new CallEnd(null, null, 200, 1))).isEqualTo(200);
    }

    @Test
    void parameterHidesVariableOfTheSameName() {
        GuardedMethod method = method("fromAddress");
        GuardExpression expression = expressions.compile("#ip", method, "key");

        assertThat(expression.evaluate(new Call(method, new Service(), new Object[] {"mine"}), null))
                .isEqualTo("mine");
    }

    @Test
    void unknownVariableIsFoundAtStartWithTheNamesThatAre() {
        assertThatExceptionOfType(GuardConfigurationException.class)
                .isThrownBy(() -> compile("#nam"))
                .satisfies(error -> {
                    assertThat(error.description())
                            .isEqualTo("Expression '#nam' (key of rate limit 'search', Service.find) names '#nam',"
                                    + " which the method does not have");
                    assertThat(error.action())
                            .isEqualTo("Available are #error, #ip, #name, #order, #p0, #p1, #reserved, #result, #root,"
                                    + " #status.");
                });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"#order.find(#nam)", "#name == null ? #nam : 1", "#order[#nam]", "{#nam}", "!#nam", "#nam?.x"})
    void unknownVariableIsFoundAnywhere(String text) {
        assertThatThrownBy(() -> compile(text))
                .isInstanceOf(GuardConfigurationException.class)
                .hasMessageContaining("names '#nam'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"name", "name + ':'", "#order.find(name)", "name.length()", "{name}"})
    void forgottenHashIsFoundAtStart(String text) {
        assertThatThrownBy(() -> compile(text))
                .isInstanceOf(GuardConfigurationException.class)
                .hasMessageContaining("reads 'name', which is nothing by itself; Write '#name' for the parameter");
    }

    @Test
    void unreadableExpressionIsFoundAtStart() {
        assertThatThrownBy(() -> compile("#name +"))
                .isInstanceOf(GuardConfigurationException.class)
                .hasMessageStartingWith(
                        "Expression '#name +' (key of rate limit 'search', Service.find) cannot be read");
        assertThatThrownBy(() -> compile("")).isInstanceOf(GuardConfigurationException.class);
    }

    @Test
    void unknownBeanAndFunctionAreFoundAtStart() {
        assertThatThrownBy(() -> compile("@tenant.of(#name)"))
                .isInstanceOf(GuardConfigurationException.class)
                .hasMessageContaining("names the bean '@tenant', and there is none");
        assertThatThrownBy(() -> compile("#hash(#name)"))
                .isInstanceOf(GuardConfigurationException.class)
                .hasMessageContaining("calls the function '#hash'");
    }

    @Test
    void missingParameterNamesNameTheRemedy() throws Exception {
        // The JDK's own classes carry no parameter names.
        GuardedMethod method = new GuardedMethod(
                String.class.getMethod("concat", String.class), String.class, SpelExpressionsTest::none);

        assertThatThrownBy(() -> expressions.compile("#str", method, "key"))
                .isInstanceOf(GuardConfigurationException.class)
                .hasMessageContaining("compiled without parameter names")
                .hasMessageContaining("-parameters");
        assertThat(expressions.compile("#p0", method, "key").evaluate(new Call(method, "a", new Object[] {"b"}), null))
                .isEqualTo("b");
    }

    @Test
    void expressionsAssignNothing() {
        assertThatThrownBy(() -> compile("#name = 'eve'").evaluate(call("bob", null), null))
                .isInstanceOf(RuntimeException.class);
    }

    @Test
    void evaluatesByteCodeThatAllocatesNextToNothing() {
        GuardExpression expression = compile("#order.tenant + ':' + #name");
        GuardedCall call = call("bob", new Order(7));
        for (int i = 0; i < 20_000; i++) {
            expression.evaluate(call, null);
        }

        assertThat(((SpelGuardExpression) expression).isCompiled()).isTrue();
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < 10_000; i++) {
            expression.evaluate(call, null);
        }
        long perCall = (threads.getCurrentThreadAllocatedBytes() - before) / 10_000;
        assertThat(perCall).as("bytes: context, StringBuilder, text").isLessThan(250);
    }

    @Test
    void otherTypesThanTheFirstAreInterpreted() {
        GuardedMethod method = method("any");
        GuardExpression expression = expressions.compile("#thing.label()", method, "key");
        for (int i = 0; i < 5; i++) {
            assertThat(expression.evaluate(new Call(method, new Service(), new Object[] {new Service()}), null))
                    .isEqualTo("target");
        }
        for (int i = 0; i < 20; i++) {
            assertThat(expression.evaluate(new Call(method, new Service(), new Object[] {new Tenants()}), null))
                    .isEqualTo("tenants");
            assertThat(expression.evaluate(new Call(method, new Service(), new Object[] {new Service()}), null))
                    .isEqualTo("target");
        }
        assertThat(((SpelGuardExpression) expression).isCompiled()).isFalse();
    }

    @Test
    void argumentsThatFailDoNotMakeAnExpressionSlow() {
        GuardExpression expression = compile("#name.length()");
        for (int i = 0; i < 5; i++) {
            expression.evaluate(call("bob", null), null);
        }
        for (int i = 0; i < 100; i++) {
            assertThatThrownBy(() -> expression.evaluate(call(null, null), null))
                    .isInstanceOf(RuntimeException.class);
        }

        assertThat(((SpelGuardExpression) expression).isCompiled()).isTrue();
        assertThat(expression.evaluate(call("bob", null), null)).isEqualTo(3);
    }

    private GuardExpression compile(String text) {
        return expressions.compile(text, method("find"), "key of rate limit 'search'");
    }

    private GuardedCall call(@Nullable String name, @Nullable Order order) {
        return new Call(method("find"), new Service(), new @Nullable Object[] {name, order});
    }

    private static GuardedMethod method(String name) {
        Method method = Arrays.stream(Service.class.getMethods())
                .filter(candidate -> candidate.getName().equals(name))
                .findFirst()
                .orElseThrow();
        return new GuardedMethod(method, Service.class, SpelExpressionsTest::none);
    }

    private static <A extends java.lang.annotation.Annotation> List<A> none(
            Method method, Class<?> targetClass, Class<A> type) {
        return List.of();
    }

    @SuppressWarnings("ArrayRecordComponent") // as the call itself: read-only
    record Call(GuardedMethod method, Object target, @Nullable Object[] arguments) implements GuardedCall {

        @Override
        public @Nullable Object proceed() {
            return null;
        }
    }

    public static final class Service {

        public String find(String name, Order order) {
            return order == null ? name : name + order.getSize();
        }

        public String update(String status) {
            return status;
        }

        public String fromAddress(String ip) {
            return ip;
        }

        public Object any(Object thing) {
            return thing;
        }

        public String label() {
            return "target";
        }
    }

    public static final class Tenants {

        public String of(String name) {
            return "tenant-" + name;
        }

        public String label() {
            return "tenants";
        }
    }

    public record Owner(String tenant) {}

    public static final class Order {

        private final int size;

        Order(int size) {
            this.size = size;
        }

        public int getSize() {
            return size;
        }

        public String getTenant() {
            return "acme";
        }

        public Owner getRecord() {
            return new Owner("acme");
        }

        public List<String> getTags() {
            return List.of("a", "bb");
        }

        public Map<String, String> getLabels() {
            return Map.of("colour", "red");
        }

        public String find(String name) {
            return name;
        }
    }
}
