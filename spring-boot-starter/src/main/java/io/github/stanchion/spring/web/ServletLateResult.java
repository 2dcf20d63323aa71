package io.github.stanchion.spring.web;

import io.github.stanchion.guard.Admission;
import io.github.stanchion.guard.CallScope;
import io.github.stanchion.guard.Outcome;
import jakarta.servlet.http.HttpServletRequest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.springframework.util.ReflectionUtils;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.context.request.async.CallableProcessingInterceptor;
import org.springframework.web.context.request.async.DeferredResult;
import org.springframework.web.context.request.async.DeferredResultProcessingInterceptor;
import org.springframework.web.context.request.async.WebAsyncManager;
import org.springframework.web.context.request.async.WebAsyncTask;
import org.springframework.web.context.request.async.WebAsyncUtils;

/**
 * What a handler has returned and Spring MVC waits for, or runs: leaves the guards once, when that has ended.
 *
 * <p>A task that has begun is guarded until it ends, even if its request does not wait for it any more. One that never begins
 * and a deferred result that never comes are over with their request; so is what Spring MVC never got to see.
 */
final class ServletLateResult implements DeferredResultProcessingInterceptor, CallableProcessingInterceptor {

    private enum State {
        WAITING,
        RUNNING,
        LEFT
    }

    private final Admission.Admitted admitted;
    private final Object result;
    private final List<CallScope.Held> held = new ArrayList<>();
    private final AtomicReference<State> state = new AtomicReference<>(State.WAITING);

    /** @param result a {@code DeferredResult}, {@code WebAsyncTask} or {@code Callable} */
    ServletLateResult(Admission.Admitted admitted, Object result) {
        this.admitted = admitted;
        this.result = result instanceof WebAsyncTask<?> task ? task.getCallable() : result;
        admitted.scope().forEach(CallScope.Held.class, held::add);
        Collections.reverse(held);
    }

    void watch(HttpServletRequest request) {
        WebAsyncManager manager = WebAsyncUtils.getAsyncManager(request);
        manager.registerDeferredResultInterceptor(this, this);
        manager.registerCallableInterceptor(this, this);
    }

    /** The request's first thread is done with it. */
    void requestReturns(HttpServletRequest request) {
        if (!WebAsyncUtils.getAsyncManager(request).isConcurrentHandlingStarted()) {
            abandoned();
        }
    }

    @Override
    public <T> void postProcess(NativeWebRequest request, DeferredResult<T> deferred, @Nullable Object value)
            throws Exception {
        if (deferred == result && state.compareAndSet(State.WAITING, State.LEFT)) {
            leave(value);
        }
    }

    @Override
    public <T> void afterCompletion(NativeWebRequest request, DeferredResult<T> deferred) {
        if (deferred == result) {
            abandoned();
        }
    }

    @Override
    public <T> void preProcess(NativeWebRequest request, Callable<T> task) {
        if (task == result) {
            if (!state.compareAndSet(State.WAITING, State.RUNNING)) {
                throw new CancellationException("The request is over");
            }
            held.forEach(CallScope::enter);
        }
    }

    @Override
    public <T> void postProcess(NativeWebRequest request, Callable<T> task, @Nullable Object value) throws Exception {
        if (task == result && state.compareAndSet(State.RUNNING, State.LEFT)) {
            for (int i = held.size() - 1; i >= 0; i--) {
                CallScope.leave(held.get(i));
            }
            leave(value);
        }
    }

    @Override
    public <T> void afterCompletion(NativeWebRequest request, Callable<T> task) {
        if (task == result) {
            abandoned();
        }
    }

    private void abandoned() {
        if (state.compareAndSet(State.WAITING, State.LEFT)) {
            CompletionStage<Admission.Ended> unused = admitted.leave(new Outcome.Cancelled());
        }
    }

    /** What a guard has against a value replaces it; the result's own failure stays. */
    private void leave(@Nullable Object value) throws Exception {
        if (value instanceof Throwable failure) {
            Admission.Ended unused = left(admitted, new Outcome.Threw(failure));
            return;
        }
        Throwable failure = left(admitted, new Outcome.Returned(value)).failure();
        if (failure != null) {
            ReflectionUtils.rethrowException(failure);
        }
    }

    static Admission.Ended left(Admission.Admitted admitted, Outcome outcome) {
        return admitted.leave(outcome).toCompletableFuture().join();
    }
}
