package io.github.stanchion.guard;

import java.lang.reflect.Array;
import java.lang.reflect.GenericArrayType;
import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.lang.reflect.WildcardType;
import java.util.Arrays;
import java.util.List;

/**
 * Parameters and result of a method as its source declares them.
 *
 * <p>They differ from the compiled ones for Kotlin's suspending functions alone, which are compiled to methods that return an
 * {@code Object} and take a continuation of the result last. Needs no Kotlin. Immutable and thread-safe; made once per method.
 */
public final class DeclaredSignature {

    private static final String CONTINUATION = "kotlin.coroutines.Continuation";
    private static final String UNIT = "kotlin.Unit";

    private final List<Class<?>> parameterTypes;
    private final Type genericReturnType;
    private final Class<?> returnType;
    private final boolean suspending;

    private DeclaredSignature(Method method) {
        Class<?>[] compiled = method.getParameterTypes();
        suspending =
                compiled.length > 0 && compiled[compiled.length - 1].getName().equals(CONTINUATION);
        if (suspending) {
            parameterTypes = List.of(Arrays.copyOf(compiled, compiled.length - 1));
            Type result = resultOf(method.getGenericParameterTypes());
            returnType = erased(result);
            genericReturnType = returnType == void.class ? void.class : result;
        } else {
            parameterTypes = List.of(compiled);
            returnType = method.getReturnType();
            genericReturnType = method.getGenericReturnType();
        }
    }

    /** The signature of a compiled method. */
    public static DeclaredSignature of(Method method) {
        return new DeclaredSignature(method);
    }

    /** Whether it is a suspending function of Kotlin; its last argument is then the continuation. */
    public boolean isSuspending() {
        return suspending;
    }

    /** Without the continuation of a suspending function. */
    public List<Class<?>> parameterTypes() {
        return parameterTypes;
    }

    /** What a suspending function comes to, boxed, void for {@code Unit}; else what the method returns. */
    public Class<?> returnType() {
        return returnType;
    }

    /** As {@link #returnType}, with its type arguments. */
    public Type genericReturnType() {
        return genericReturnType;
    }

    /** The T of the last parameter, a {@code Continuation<? super T>}. */
    private static Type resultOf(Type[] parameters) {
        Type continuation = parameters[parameters.length - 1];
        if (!(continuation instanceof ParameterizedType of)) {
            return Object.class;
        }
        Type result = of.getActualTypeArguments()[0];
        return result instanceof WildcardType wildcard && wildcard.getLowerBounds().length > 0
                ? wildcard.getLowerBounds()[0]
                : result;
    }

    private static Class<?> erased(Type type) {
        if (type instanceof Class<?> known) {
            return known.getName().equals(UNIT) ? void.class : known;
        }
        if (type instanceof ParameterizedType parameterized) {
            return erased(parameterized.getRawType());
        }
        if (type instanceof GenericArrayType array) {
            return Array.newInstance(erased(array.getGenericComponentType()), 0).getClass();
        }
        return type instanceof TypeVariable<?> variable
                ? erased(variable.getBounds()[0])
                : erased(((WildcardType) type).getUpperBounds()[0]);
    }
}
