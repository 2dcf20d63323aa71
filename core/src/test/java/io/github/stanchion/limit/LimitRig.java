package io.github.stanchion.limit;

import io.github.stanchion.guard.Fallback;
import io.github.stanchion.guard.Guard;
import io.github.stanchion.guard.GuardConfigurationException;
import io.github.stanchion.guard.GuardEvent;
import io.github.stanchion.guard.GuardExecutor;
import io.github.stanchion.guard.GuardExpression;
import io.github.stanchion.guard.GuardListeners;
import io.github.stanchion.guard.GuardPlan;
import io.github.stanchion.guard.GuardedCall;
import io.github.stanchion.guard.GuardedMethod;
import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** Policies, stores, clock, facade and annotated methods, wired as an application wires them. */
final class LimitRig {

    final RigClock clock = new RigClock();
    final RigStore store = new RigStore(clock);
    final RigStore local = new RigStore(clock);
    final List<GuardEvent> events = new ArrayList<>();
    final Map<String, GuardExpression> expressions = new HashMap<>();
    final Map<String, Fallback> fallbacks = new HashMap<>();
    final RateLimitPolicies policies;
    final RateLimiters limiters;
    final RateLimitBinder binder;

    LimitRig() {
        this(RateLimitPolicies.builder(), RateLimitResolver.NONE);
    }

    LimitRig(String name, RateLimitSettings settings) {
        this(RateLimitPolicies.builder().configured(Map.of(name, settings)), RateLimitResolver.NONE);
    }

    LimitRig(RateLimitPolicies.Builder builder, RateLimitResolver plans) {
        policies = builder.build();
        limiters = RateLimiters.builder(policies, store)
                .localStore(local)
                .listeners(new GuardListeners(List.of(events::add)))
                .sleeper(clock)
                .ticker(() -> clock.micros() * 1_000)
                .statuses((method, result, error) ->
                        result instanceof Integer status ? status : error == null ? 200 : 500)
                .plans(plans)
                .build();
        binder = new RateLimitBinder(limiters, this::compile, (reference, method, origin) -> {
            Fallback fallback = fallbacks.get(reference);
            if (fallback == null) {
                throw new GuardConfigurationException(
                        "Fallback '" + reference + "' of " + origin + " is missing", "add it");
            }
            return fallback;
        });
    }

    /** Parameters by name, {@code #result}, {@code #error}, {@code #status}, {@code #reserved}, and what a test adds. */
    private GuardExpression compile(String text, GuardedMethod method, String origin) {
        GuardExpression added = expressions.get(text);
        if (added != null) {
            return added;
        }
        Parameter[] parameters = method.method().getParameters();
        for (int i = 0; i < parameters.length; i++) {
            int index = i;
            if (text.equals("#" + parameters[i].getName())) {
                return (call, end) -> call.arguments()[index];
            }
        }
        return switch (text) {
            case "#result" -> (call, end) -> Objects.requireNonNull(end).result();
            case "#error" -> (call, end) -> Objects.requireNonNull(end).error();
            case "#status" -> (call, end) -> Objects.requireNonNull(end).status();
            case "#reserved" -> (call, end) -> Objects.requireNonNull(end).reserved();
            default ->
                throw new GuardConfigurationException(
                        "Expression '" + text + "' of " + origin + " is unknown", "add it");
        };
    }

    /** The method of this name of {@code type}, guarded. */
    Guarded guarded(Class<?> type, String method) {
        GuardedMethod guarded = method(type, method);
        return new Guarded(guarded, Objects.requireNonNull(binder.bind(guarded)));
    }

    static GuardedMethod method(Class<?> type, String name) {
        Method found = Arrays.stream(type.getDeclaredMethods())
                .filter(method -> method.getName().equals(name))
                .findFirst()
                .orElseThrow();
        return new GuardedMethod(found, type, new Declared());
    }

    <E extends GuardEvent> List<E> events(Class<E> type) {
        return events.stream().filter(type::isInstance).map(type::cast).toList();
    }

    List<RateOutcome> outcomes() {
        return events(RateLimitDecision.class).stream()
                .map(RateLimitDecision::outcome)
                .toList();
    }

    Map<RateLimitSettled.Outcome, Long> settlements() {
        Map<RateLimitSettled.Outcome, Long> sums = new LinkedHashMap<>();
        events(RateLimitSettled.class).forEach(event -> sums.merge(event.outcome(), event.permits(), Long::sum));
        return sums;
    }

    /** A guarded method, to be called. */
    final class Guarded {

        final GuardedMethod method;
        final Guard guard;

        Guarded(GuardedMethod method, Guard guard) {
            this.method = method;
            this.guard = guard;
        }

        @Nullable
        Object call(Callable<?> body, @Nullable Object... arguments) {
            GuardPlan plan = new GuardPlan(method, List.of(guard));
            try {
                return new GuardExecutor(clock).execute(plan, new RigCall(method, body, arguments));
            } catch (RuntimeException | Error unchecked) {
                throw unchecked;
            } catch (Throwable checked) {
                throw new AssertionError(checked);
            }
        }

        /** Whether a call that does nothing is admitted. */
        boolean admits(@Nullable Object... arguments) {
            try {
                call(() -> "ok", arguments);
                return true;
            } catch (RateLimitExceededException refused) {
                return false;
            }
        }

        /** How many of so many calls are admitted. */
        int admitted(int calls, @Nullable Object... arguments) {
            int admitted = 0;
            for (int i = 0; i < calls; i++) {
                admitted += admits(arguments) ? 1 : 0;
            }
            return admitted;
        }
    }

    static final class RigCall implements GuardedCall {

        private final GuardedMethod method;
        private final Callable<?> body;
        private final @Nullable Object[] arguments;

        RigCall(GuardedMethod method, Callable<?> body, @Nullable Object... arguments) {
            this.method = method;
            this.body = body;
            this.arguments = arguments;
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
            return arguments;
        }

        @Override
        public @Nullable Object proceed() throws Exception {
            return body.call();
        }
    }

    private record Declared() implements GuardedMethod.AnnotationSource {

        @Override
        public <A extends Annotation> List<A> find(Method method, Class<?> targetClass, Class<A> type) {
            A[] own = method.getAnnotationsByType(type);
            return List.of(own.length > 0 ? own : targetClass.getAnnotationsByType(type));
        }
    }
}
