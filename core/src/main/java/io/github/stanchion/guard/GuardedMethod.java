package io.github.stanchion.guard;

import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.lang.reflect.Type;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * A method together with the class that it is called on, and its annotations as found by the adapter in use.
 *
 * <p>Immutable and thread-safe; made once per method.
 */
public final class GuardedMethod {

    private final Method method;
    private final Class<?> targetClass;
    private final AnnotationSource annotations;
    private final DeclaredSignature signature;

    /**
     * @param method the most specific method: the implementation, where an interface declares it
     * @param targetClass the user's class, never a proxy's
     */
    public GuardedMethod(Method method, Class<?> targetClass, AnnotationSource annotations) {
        this.method = method;
        this.targetClass = targetClass;
        this.annotations = annotations;
        this.signature = DeclaredSignature.of(method);
    }

    public Method method() {
        return method;
    }

    public Class<?> targetClass() {
        return targetClass;
    }

    /** The annotations of this type that hold for the method, in the order of their declaration; may be none. */
    public <A extends Annotation> List<A> annotations(Class<A> type) {
        return annotations.find(method, targetClass, type);
    }

    /** Parameters and result as the source declares them. */
    public DeclaredSignature signature() {
        return signature;
    }

    /** As in {@link DeclaredSignature#returnType}. */
    public Class<?> returnType() {
        return signature.returnType();
    }

    /** As in {@link DeclaredSignature#genericReturnType}. */
    public Type genericReturnType() {
        return signature.genericReturnType();
    }

    /** The name of policies that are given none: {@code Type#method(parameters)}, simple names, overloads apart. */
    public String policyName() {
        return targetClass.getSimpleName() + "#" + parameters(Class::getSimpleName, method.getName());
    }

    /** The method, unmistakably: fully qualified, the subject of policies that have no key. */
    public String qualifiedName() {
        return parameters(Class::getName, targetClass.getName() + "#" + method.getName());
    }

    /** The method for messages: {@code Type.method}. */
    public String displayName() {
        return targetClass.getSimpleName() + "." + method.getName();
    }

    private String parameters(Function<Class<?>, String> naming, String before) {
        return signature.parameterTypes().stream().map(naming).collect(Collectors.joining(",", before + "(", ")"));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof GuardedMethod that
                && method.equals(that.method)
                && targetClass.equals(that.targetClass);
    }

    @Override
    public int hashCode() {
        return method.hashCode() * 31 + targetClass.hashCode();
    }

    @Override
    public String toString() {
        return displayName();
    }

    /**
     * Finds annotations.
     *
     * <p>A method's own annotations replace those of its class. Repeated annotations are unwrapped; how far interfaces and
     * meta-annotations are searched is the source's business.
     */
    @FunctionalInterface
    public interface AnnotationSource {

        <A extends Annotation> List<A> find(Method method, Class<?> targetClass, Class<A> type);
    }
}
