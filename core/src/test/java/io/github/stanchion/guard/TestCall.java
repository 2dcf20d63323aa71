package io.github.stanchion.guard;

import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A call of a method that ordinarily returns, or returns a future. */
final class TestCall implements GuardedCall {

    static final GuardedMethod BLOCKING = method("blocking");
    static final GuardedMethod LATER = method("later");

    private final GuardedMethod method;
    private final Callable<?> body;

    private TestCall(GuardedMethod method, Callable<?> body) {
        this.method = method;
        this.body = body;
    }

    static TestCall blocking(Callable<?> body) {
        return new TestCall(BLOCKING, body);
    }

    static TestCall later(Callable<? extends CompletableFuture<?>> body) {
        return new TestCall(LATER, body);
    }

    GuardPlan plan(Guard... guards) {
        return new GuardPlan(method, List.of(guards));
    }

    private static GuardedMethod method(String name) {
        try {
            return new GuardedMethod(Methods.class.getDeclaredMethod(name), Methods.class, new NoAnnotations());
        } catch (NoSuchMethodException missing) {
            throw new AssertionError(missing);
        }
    }

    @Override
    public GuardedMethod method() {
        return method;
    }

    @Override
    public @Nullable Object target() {
        return null;
    }

    @Override
    public @Nullable Object[] arguments() {
        return new Object[0];
    }

    @Override
    public @Nullable Object proceed() throws Exception {
        return body.call();
    }

    /** Found by reflection. */
    interface Methods {
        String blocking();

        CompletableFuture<String> later();
    }

    private record NoAnnotations() implements GuardedMethod.AnnotationSource {

        @Override
        public <A extends java.lang.annotation.Annotation> List<A> find(
                java.lang.reflect.Method method, Class<?> targetClass, Class<A> type) {
            return List.of();
        }
    }
}
