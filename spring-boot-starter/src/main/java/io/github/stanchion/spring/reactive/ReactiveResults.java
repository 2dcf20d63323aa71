package io.github.stanchion.spring.reactive;

import io.github.stanchion.guard.GuardExecutor;
import io.github.stanchion.guard.GuardPlan;
import io.github.stanchion.guard.GuardedCall;
import io.github.stanchion.guard.GuardedMethod;
import io.github.stanchion.guard.ResultAdapter;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.springframework.core.KotlinDetector;
import org.springframework.core.ReactiveAdapter;
import org.springframework.core.ReactiveAdapterRegistry;
import org.springframework.util.ClassUtils;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Guards methods that return a {@code Mono}, a {@code Flux} or anything that Spring adapts to them, and suspending functions of
 * Kotlin: below a proxy, Spring makes a {@code Mono} of their call, or a {@code Flux} if they return a {@code Flow}, and
 * suspends the caller on what the advice makes of it.
 *
 * <p>The method runs when the result is subscribed to, once per subscription, each of which is guarded. The subscriber's
 * {@code ContextView} is the call's {@link GuardedCall#context()}, unless the caller has given it one. Thread-safe.
 */
public final class ReactiveResults implements ResultAdapter {

    private static final String FLOW = "kotlinx.coroutines.flow.Flow";

    /** What Spring needs to call suspending functions. */
    private static final List<String> COROUTINES =
            List.of("kotlinx.coroutines.reactor.MonoKt", "kotlin.reflect.full.KClasses");

    private final ReactiveAdapterRegistry registry;
    private final boolean coroutines;

    /** @param classLoader of the application, which may lack what suspending functions need */
    public ReactiveResults(ReactiveAdapterRegistry registry, @Nullable ClassLoader classLoader) {
        this.registry = registry;
        this.coroutines = COROUTINES.stream().allMatch(type -> ClassUtils.isPresent(type, classLoader));
    }

    @Override
    public boolean supports(GuardedMethod method) {
        if (method.signature().isSuspending()) {
            return coroutines && KotlinDetector.isSuspendingFunction(method.method());
        }
        // The registry would adapt stages too, but to a result that each subscriber starts anew.
        return !CompletionStage.class.isAssignableFrom(method.returnType()) && adapterFor(method) != null;
    }

    @Override
    public Object adapt(GuardExecutor executor, GuardPlan plan, GuardedCall call) {
        ReactiveAdapter adapter = Objects.requireNonNull(adapterFor(plan.method()));
        Publisher<?> result = adapter.isMultiValue()
                ? Flux.deferContextual(
                        context -> new Subscribed(executor, plan, new SubscribedCall(call, context), adapter).flux())
                : Mono.deferContextual(
                        context -> new Subscribed(executor, plan, new SubscribedCall(call, context), adapter).mono());
        return plan.method().signature().isSuspending() ? result : adapter.fromPublisher(result);
    }

    private @Nullable ReactiveAdapter adapterFor(GuardedMethod method) {
        Class<?> type = method.returnType();
        boolean single = method.signature().isSuspending() && !type.getName().equals(FLOW);
        return registry.getAdapter(single ? Mono.class : type);
    }
}
