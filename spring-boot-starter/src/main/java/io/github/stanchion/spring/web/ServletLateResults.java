package io.github.stanchion.spring.web;

import io.github.stanchion.guard.Admission;
import io.github.stanchion.guard.GuardExecutor;
import io.github.stanchion.guard.GuardPlan;
import io.github.stanchion.guard.GuardedCall;
import io.github.stanchion.guard.GuardedMethod;
import io.github.stanchion.guard.Outcome;
import io.github.stanchion.guard.ResultAdapter;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.springframework.util.ReflectionUtils;
import org.springframework.web.context.request.RequestAttributes;
import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.context.request.ServletRequestAttributes;
import org.springframework.web.context.request.async.DeferredResult;
import org.springframework.web.context.request.async.WebAsyncTask;

/**
 * Guards handlers of Spring MVC that return a {@code DeferredResult}, {@code WebAsyncTask} or {@code Callable} until that has
 * ended, rather than until they return.
 *
 * <p>Guards are entered on the request's thread, which waits as it does for any handler. They are left by the thread that
 * brings the result, before the client gets it: with a remote store that is a round trip in {@code setResult}. A fallback
 * answers a refusal, not the failure of a result that comes later. Thread-safe.
 */
public final class ServletLateResults implements ResultAdapter {

    private static final Set<Class<?>> TYPES = Set.of(DeferredResult.class, WebAsyncTask.class, Callable.class);

    private final Predicate<GuardedMethod> handlers;

    /** @param handlers which methods to guard so: those that Spring MVC calls */
    public ServletLateResults(Predicate<GuardedMethod> handlers) {
        this.handlers = handlers;
    }

    @Override
    public boolean supports(GuardedMethod method) {
        return TYPES.contains(method.returnType()) && !method.signature().isSuspending() && handlers.test(method);
    }

    @Override
    public Object adapt(GuardExecutor executor, GuardPlan plan, GuardedCall call) {
        if (!(RequestContextHolder.getRequestAttributes() instanceof ServletRequestAttributes request)) {
            throw new IllegalStateException(
                    "Handler " + plan.method().displayName()
                            + " is called outside of a request, where nothing tells when its result is there; call what it calls");
        }
        Class<?> type = plan.method().returnType();
        try {
            Admission admission = entered(executor.enterAsync(plan, call));
            return admission instanceof Admission.Admitted admitted
                    ? run(admitted, call, request)
                    : ended((Admission.Ended) admission, call, type);
        } catch (Throwable failure) {
            return failed(failure, type);
        }
    }

    private static Admission entered(CompletableFuture<Admission> entering)
            throws InterruptedException, ExecutionException {
        try {
            return entering.get();
        } catch (InterruptedException interrupt) {
            Thread.currentThread().interrupt();
            if (entering.cancel(false)) {
                throw interrupt;
            }
            return entering.join();
        }
    }

    private static Object run(Admission.Admitted admitted, GuardedCall call, ServletRequestAttributes request)
            throws Throwable {
        Class<?> type = call.method().returnType();
        Object result;
        try {
            result = admitted.proceed();
            if (result == null) {
                throw new NullPointerException(
                        call.method().displayName() + " returned null instead of a " + type.getSimpleName());
            }
        } catch (Throwable error) {
            return ended(ServletLateResult.left(admitted, new Outcome.Threw(error)), call, type);
        }
        ServletLateResult late = new ServletLateResult(admitted, result);
        late.watch(request.getRequest());
        request.registerDestructionCallback(
                ServletLateResult.class.getName() + System.identityHashCode(late),
                () -> late.requestReturns(request.getRequest()),
                RequestAttributes.SCOPE_REQUEST);
        if (result instanceof DeferredResult<?> deferred) {
            admitted.stoppableBy(() -> stop(deferred));
        }
        return result;
    }

    /** On another thread, as whoever brings a result leaves the guards too. */
    private static void stop(DeferredResult<?> deferred) {
        CompletableFuture<Void> unused = CompletableFuture.runAsync(
                () -> deferred.setErrorResult(new CancellationException("A guard has stopped the body")));
    }

    private static Object ended(Admission.Ended ended, GuardedCall call, Class<?> type) throws Throwable {
        Throwable failure = ended.failure();
        if (failure == null) {
            return answered(((Outcome.Returned) ended.outcome()).value(), type);
        }
        return ended.fallback() == null
                ? failed(failure, type)
                : answered(ended.fallback().answer(call, failure), type);
    }

    private static Object answered(@Nullable Object value, Class<?> type) {
        if (type.isInstance(value)) {
            return value;
        }
        if (type == DeferredResult.class) {
            DeferredResult<@Nullable Object> there = new DeferredResult<>();
            there.setResult(value);
            return there;
        }
        return task(() -> value, type);
    }

    private static Object failed(Throwable failure, Class<?> type) {
        if (type == DeferredResult.class) {
            DeferredResult<Object> failed = new DeferredResult<>();
            failed.setErrorResult(failure);
            return failed;
        }
        return task(
                () -> {
                    ReflectionUtils.rethrowException(failure);
                    return null;
                },
                type);
    }

    private static Object task(Callable<@Nullable Object> task, Class<?> type) {
        return type == WebAsyncTask.class ? new WebAsyncTask<>(task) : task;
    }
}
