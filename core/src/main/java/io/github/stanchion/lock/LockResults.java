package io.github.stanchion.lock;

import io.github.stanchion.annotation.LockTransactions;
import io.github.stanchion.guard.Fallback;
import io.github.stanchion.guard.GuardConfigurationException;
import io.github.stanchion.guard.GuardedMethod;
import java.lang.reflect.Array;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What locks have to know of the results of methods: whether they can be held for, what is empty, what can be shared. */
final class LockResults {

    /** Results of several elements, by name: there need be neither library. */
    private static final Set<String> SEVERAL = Set.of("reactor.core.publisher.Flux", "kotlinx.coroutines.flow.Flow");

    private LockResults() {}

    /** Refuses futures that nothing tells the end of; frameworks know more results that go on. */
    static void requireHoldable(GuardedMethod method, LockPolicy policy) {
        Class<?> type = method.returnType();
        boolean plainFuture = Future.class.isAssignableFrom(type) && !CompletionStage.class.isAssignableFrom(type);
        if (policy.tx() != LockTransactions.IGNORE && plainFuture) {
            throw new GuardConfigurationException(
                    "Lock '" + policy.name() + "' on " + method.displayName() + " would end while its '"
                            + type.getSimpleName() + "' goes on",
                    "return a CompletionStage or a publisher, or set tx = IGNORE if the lock may end when the method returns");
        }
    }

    /** Answers with what is empty of the method's type, or of what its stage comes to; publishers are empty themselves. */
    static Fallback empty(GuardedMethod method, String origin) {
        Class<?> type = method.returnType();
        if (type.isPrimitive() && type != void.class) {
            throw new GuardConfigurationException(
                    "Lock on " + method.displayName() + " skips calls and cannot return null for its '" + type.getName()
                            + "'",
                    "set skip-value (" + origin + "), or return an object");
        }
        Class<?> held = CompletionStage.class.isAssignableFrom(type) ? heldIn(method.genericReturnType()) : type;
        return new SkipAnswer(call -> emptyOf(held));
    }

    /** What the stages of this type come to, as far as that is known. */
    private static Class<?> heldIn(Type stage) {
        Type held = stage instanceof ParameterizedType of ? of.getActualTypeArguments()[0] : Object.class;
        Type raw = held instanceof ParameterizedType of ? of.getRawType() : held;
        return raw instanceof Class<?> known ? known : Object.class;
    }

    private static @Nullable Object emptyOf(Class<?> type) {
        if (type == Optional.class) {
            return Optional.empty();
        }
        if (type.isArray()) {
            return Array.newInstance(type.getComponentType(), 0);
        }
        if (type == List.class || type == Collection.class || type == Iterable.class) {
            return List.of();
        }
        if (type == Set.class) {
            return Set.of();
        }
        if (type == Map.class) {
            return Map.of();
        }
        if (type == Stream.class) {
            return Stream.empty();
        }
        if (type == IntStream.class) {
            return IntStream.empty();
        }
        if (type == LongStream.class) {
            return LongStream.empty();
        }
        return type == DoubleStream.class ? DoubleStream.empty() : null;
    }

    /**
     * The codec for what callers share.
     *
     * @throws GuardConfigurationException if results of this type cannot be shared
     */
    static ResultCodec codec(GuardedMethod method, LockPolicy policy, ResultCodecs codecs) {
        Type type = shared(method);
        ResultCodec codec = type == null ? null : codecs.codecFor(type);
        if (codec == null) {
            throw new GuardConfigurationException(
                    "Lock '" + policy.name() + "' on " + method.displayName() + " shares results of type '"
                            + method.genericReturnType().getTypeName() + "', which nothing turns into bytes",
                    "return a single value, add Jackson, or declare a ResultCodecs bean that knows the type");
        }
        return codec;
    }

    private static @Nullable Type shared(GuardedMethod method) {
        Class<?> type = method.returnType();
        boolean later =
                CompletionStage.class.isAssignableFrom(type) || type.getName().equals("reactor.core.publisher.Mono");
        if (later) {
            return method.genericReturnType() instanceof ParameterizedType of
                    ? of.getActualTypeArguments()[0]
                    : Object.class;
        }
        return SEVERAL.contains(type.getName()) ? null : method.genericReturnType();
    }
}
