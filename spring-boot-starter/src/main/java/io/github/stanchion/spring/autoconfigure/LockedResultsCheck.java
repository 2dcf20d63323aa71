package io.github.stanchion.spring.autoconfigure;

import io.github.stanchion.annotation.LockTransactions;
import io.github.stanchion.annotation.OnContention;
import io.github.stanchion.guard.GuardConfigurationException;
import io.github.stanchion.guard.GuardPlan;
import io.github.stanchion.lock.LockGuard;
import io.github.stanchion.lock.LockPolicy;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.core.ResolvableType;
import org.springframework.web.context.request.async.DeferredResult;
import org.springframework.web.context.request.async.WebAsyncTask;
import org.springframework.web.servlet.mvc.method.annotation.ResponseBodyEmitter;
import org.springframework.web.servlet.mvc.method.annotation.StreamingResponseBody;

/** Stops the start where a lock would be free before the result that Spring MVC goes on with has ended. */
final class LockedResultsCheck implements GuardCheck {

    private static final List<Class<?>> STREAMED = List.of(ResponseBodyEmitter.class, StreamingResponseBody.class);
    private static final List<Class<?>> LATE = List.of(DeferredResult.class, WebAsyncTask.class);

    @Override
    public void guarded(GuardPlan plan, Consumer<String> warnings) {
        plan.guards().stream()
                .filter(LockGuard.class::isInstance)
                .map(LockGuard.class::cast)
                .forEach(guard -> check(plan, guard.policy()));
    }

    private static void check(GuardPlan plan, LockPolicy policy) {
        ResolvableType result = ResolvableType.forType(plan.method().genericReturnType());
        Class<?> ongoing = ongoing(plan, result);
        boolean late = isLate(plan, result.toClass());
        if (ongoing != null && policy.tx() != LockTransactions.IGNORE) {
            throw new GuardConfigurationException(
                    "Lock '" + policy.name() + "' on " + plan.method().displayName() + " would end while its '"
                            + ongoing.getSimpleName() + "' goes on",
                    "Return a CompletionStage or a publisher, lock the method that does the work, or set tx to ignore"
                            + " if the lock may end when the method returns.");
        }
        if (late && policy.onContention() == OnContention.SINGLE_FLIGHT) {
            throw new GuardConfigurationException(
                    "Lock '" + policy.name() + "' on " + plan.method().displayName() + " shares results, and its '"
                            + result.toClass().getSimpleName() + "' cannot be shared",
                    "Return a CompletionStage or a Mono, or share the result of the method that computes it.");
        }
    }

    /** What nothing would hold the lock for; null if there is nothing of the kind. */
    private static @Nullable Class<?> ongoing(GuardPlan plan, ResolvableType result) {
        Class<?> streamed = streamed(result);
        return streamed == null && plan.adapter() == null && isLate(plan, result.toClass())
                ? result.toClass()
                : streamed;
    }

    private static boolean isLate(GuardPlan plan, Class<?> type) {
        return LATE.stream().anyMatch(late -> late.isAssignableFrom(type))
                || Callable.class.isAssignableFrom(type) && Handlers.handlesRequests(plan.method());
    }

    /** The type itself, or what it wraps, as a {@code ResponseEntity} does. */
    private static @Nullable Class<?> streamed(ResolvableType type) {
        Class<?> plain = type.toClass();
        if (STREAMED.stream().anyMatch(streamed -> streamed.isAssignableFrom(plain))) {
            return plain;
        }
        for (ResolvableType part : type.getGenerics()) {
            Class<?> found = streamed(part);
            if (found != null) {
                return found;
            }
        }
        return null;
    }
}
