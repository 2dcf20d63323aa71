package io.github.stanchion.spring.reactive;

import io.github.stanchion.guard.Admission;
import io.github.stanchion.guard.CallScope;
import io.github.stanchion.guard.GuardExecutor;
import io.github.stanchion.guard.GuardPlan;
import io.github.stanchion.guard.GuardedCall;
import io.github.stanchion.guard.Outcome;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.springframework.core.ReactiveAdapter;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * One subscription: enters the guards, runs the method, leaves the guards.
 *
 * <p>An admission is taken exactly once, by the body or by whoever gives up before it, and left exactly once, whatever races
 * with a cancellation: nothing that a guard has taken is lost.
 */
final class Subscribed {

    private final GuardExecutor executor;
    private final GuardPlan plan;
    private final GuardedCall call;
    private final ReactiveAdapter adapter;
    private final AtomicBoolean taken = new AtomicBoolean();
    private final AtomicBoolean left = new AtomicBoolean();
    private final CallScope caller;
    private volatile @Nullable Object last;

    Subscribed(GuardExecutor executor, GuardPlan plan, SubscribedCall call, ReactiveAdapter adapter) {
        this.executor = executor;
        this.plan = plan;
        this.call = call;
        this.adapter = adapter;
        this.caller = Objects.requireNonNull(call.subscriber().getOrDefault(CallScope.class, CallScope.current()));
    }

    Mono<Object> mono() {
        return enter().flatMap(admission -> {
            if (admission instanceof Admission.Admitted admitted) {
                return take() ? runMono(admitted) : Mono.empty();
            }
            return Mono.from(answered((Admission.Ended) admission));
        });
    }

    Flux<Object> flux() {
        return enter().flatMapMany(admission -> {
            if (admission instanceof Admission.Admitted admitted) {
                return take() ? runFlux(admitted) : Flux.empty();
            }
            return answered((Admission.Ended) admission);
        });
    }

    private Mono<Admission> enter() {
        return Mono.create(sink -> {
            CompletableFuture<Admission> entering = caller.supply(() -> executor.enterAsync(plan, call));
            sink.onCancel(() -> {
                if (!entering.cancel(false)) {
                    giveUp(entering);
                }
            });
            CompletableFuture<Admission> unused = entering.whenComplete((admission, cancelled) -> {
                if (admission != null) {
                    sink.success(admission);
                }
            });
        });
    }

    private boolean take() {
        return taken.compareAndSet(false, true);
    }

    private void giveUp(CompletableFuture<Admission> entering) {
        if (entering.join() instanceof Admission.Admitted admitted && take()) {
            leaveQuietly(admitted, new Outcome.NotRun(new CancellationException("The subscriber has cancelled")));
        }
    }

    private Mono<Object> runMono(Admission.Admitted admitted) {
        return Mono.<Object>from(body(admitted))
                .map(Optional::of)
                .defaultIfEmpty(Optional.empty())
                .flatMap(value -> leave(admitted, new Outcome.Returned(value.orElse(null)))
                        .flatMap(ended -> ended.failure() == null ? Mono.justOrEmpty(value) : Mono.from(failed(ended))))
                .onErrorResume(error -> Mono.from(leaveFailed(admitted, error)))
                .doOnCancel(() -> cancel(admitted));
    }

    private Flux<Object> runFlux(Admission.Admitted admitted) {
        return Flux.<Object>from(body(admitted))
                .doOnNext(element -> last = element)
                .concatWith(Flux.defer(() -> leave(admitted, new Outcome.Returned(last))
                        .flatMapMany(ended -> ended.failure() == null ? Flux.empty() : failed(ended))))
                .onErrorResume(error -> leaveFailed(admitted, error))
                .doOnCancel(() -> cancel(admitted));
    }

    private Publisher<?> body(Admission.Admitted admitted) {
        try {
            Publisher<?> body = published(admitted.proceed());
            return admitted.isScoped() ? scoped(body, admitted) : body;
        } catch (Throwable error) {
            return Mono.error(error);
        }
    }

    /** The body finds what guards hold in the context, and ends when one of them says so. */
    private Publisher<?> scoped(Publisher<?> body, Admission.Admitted admitted) {
        Sinks.Empty<Void> stop = Sinks.empty();
        admitted.stoppableBy(() -> stop.tryEmitError(new CancellationException("A guard has stopped the body")));
        return Flux.from(body)
                .takeUntilOther(stop.asMono())
                .contextWrite(context -> context.put(CallScope.class, admitted.scope()));
    }

    private Publisher<?> published(@Nullable Object result) {
        if (result == null) {
            return Mono.error(
                    new NullPointerException(call.method().displayName() + " returned null instead of a publisher"));
        }
        return result instanceof Publisher<?> publisher ? publisher : adapter.toPublisher(result);
    }

    private Flux<Object> leaveFailed(Admission.Admitted admitted, Throwable error) {
        return left.get()
                ? Flux.error(error)
                : leave(admitted, new Outcome.Threw(error)).flatMapMany(this::failed);
    }

    private Mono<Admission.Ended> leave(Admission.Admitted admitted, Outcome outcome) {
        return left.compareAndSet(false, true) ? Mono.fromCompletionStage(() -> admitted.leave(outcome)) : Mono.empty();
    }

    private void cancel(Admission.Admitted admitted) {
        if (left.compareAndSet(false, true)) {
            leaveQuietly(admitted, new Outcome.Cancelled());
        }
    }

    private static void leaveQuietly(Admission.Admitted admitted, Outcome outcome) {
        CompletionStage<Admission.Ended> unused = admitted.leave(outcome);
    }

    /** What a guard has answered instead of the method, or its refusal. */
    private Flux<Object> answered(Admission.Ended ended) {
        return ended.outcome() instanceof Outcome.Returned returned ? elements(returned.value()) : failed(ended);
    }

    /** What the method would publish: the elements of a collection, where it publishes several. */
    private Flux<Object> elements(@Nullable Object value) {
        return adapter.isMultiValue() && value instanceof Iterable<?> several
                ? Flux.fromIterable(several)
                : Flux.from(Mono.justOrEmpty(value));
    }

    /** The fallback's answer to a failure, or the failure. */
    private Flux<Object> failed(Admission.Ended ended) {
        Throwable failure = Objects.requireNonNull(ended.failure());
        if (ended.fallback() == null) {
            return Flux.error(failure);
        }
        try {
            Object answer = ended.fallback().answer(call, failure);
            return ended.fallback().answersValue() || isValueOfSuspending(answer)
                    ? elements(answer)
                    : Flux.from(published(answer));
        } catch (Throwable error) {
            return Flux.error(error);
        }
    }

    /** What answers for a suspending function may suspend itself, of which Spring makes a publisher, or not. */
    private boolean isValueOfSuspending(@Nullable Object answer) {
        return call.method().signature().isSuspending() && !adapter.isMultiValue() && !(answer instanceof Publisher);
    }
}
