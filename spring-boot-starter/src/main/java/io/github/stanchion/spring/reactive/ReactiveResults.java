package io.github.stanchion.spring.reactive;

import io.github.stanchion.guard.GuardExecutor;
import io.github.stanchion.guard.GuardPlan;
import io.github.stanchion.guard.GuardedCall;
import io.github.stanchion.guard.GuardedMethod;
import io.github.stanchion.guard.ResultAdapter;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.springframework.core.ReactiveAdapter;
import org.springframework.core.ReactiveAdapterRegistry;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Guards methods that return a {@code Mono}, a {@code Flux} or anything that Spring adapts to them.
 *
 * <p>The method runs when the result is subscribed to, once per subscription, each of which is guarded. The subscriber's
 * {@code ContextView} is the call's {@link GuardedCall#context()}, unless the caller has given it one. Thread-safe.
 */
public final class ReactiveResults implements ResultAdapter {

    private final ReactiveAdapterRegistry registry;

    public ReactiveResults(ReactiveAdapterRegistry registry) {
        this.registry = registry;
    }

    @Override
    public boolean supports(GuardedMethod method) {
        // The registry would adapt stages too, but to a result that each subscriber starts anew.
        return !CompletionStage.class.isAssignableFrom(method.returnType()) && adapterFor(method) != null;
    }

    @Override
    public Object adapt(GuardExecutor executor, GuardPlan plan, GuardedCall call) {
        ReactiveAdapter adapter = Objects.requireNonNull(adapterFor(plan.method()));
        return adapter.isMultiValue()
                ? adapter.fromPublisher(Flux.deferContextual(
                        context -> new Subscribed(executor, plan, new SubscribedCall(call, context), adapter).flux()))
                : adapter.fromPublisher(Mono.deferContextual(
                        context -> new Subscribed(executor, plan, new SubscribedCall(call, context), adapter).mono()));
    }

    private @Nullable ReactiveAdapter adapterFor(GuardedMethod method) {
        return registry.getAdapter(method.returnType());
    }
}
