package io.github.stanchion.spring.aot;

import io.github.stanchion.guard.DeclaredSignature;
import io.github.stanchion.spring.weave.GuardedMethods;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Method;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.aot.hint.BindingReflectionHintsRegistrar;
import org.springframework.aot.hint.MemberCategory;
import org.springframework.aot.hint.ReflectionHints;
import org.springframework.beans.factory.aot.BeanRegistrationAotContribution;
import org.springframework.beans.factory.aot.BeanRegistrationAotProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.RegisteredBean;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.annotation.MergedAnnotation.Adapt;
import org.springframework.core.annotation.MergedAnnotations;
import org.springframework.core.annotation.MergedAnnotations.SearchStrategy;
import org.springframework.core.env.Environment;
import org.springframework.util.ClassUtils;

/**
 * Registers for reflection what the guards of a bean call or read: its own methods, of which some are guarded and others answer
 * instead, private ones too; what expressions may read of parameters and results; beans that expressions and fallbacks name.
 */
final class GuardedBeanHints implements BeanRegistrationAotProcessor {

    /** {@code @bean} or {@code @'a bean'} in expressions, {@code bean::method} for fallbacks. */
    private static final Pattern BEAN = Pattern.compile("@(\\w+)|@'([^']+)'|^([^:\\s]+)::");

    private static final MemberCategory[] METHODS = {
        MemberCategory.INVOKE_PUBLIC_METHODS, MemberCategory.INVOKE_DECLARED_METHODS
    };

    private final GuardedMethods guardedMethods = new GuardedMethods();
    private final BindingReflectionHintsRegistrar readable = new BindingReflectionHintsRegistrar();

    @Override
    public @Nullable BeanRegistrationAotContribution processAheadOfTime(RegisteredBean bean) {
        Class<?> type = ClassUtils.getUserClass(bean.getBeanClass());
        Set<Method> guarded = guardedMethods.of(type);
        if (guarded.isEmpty()) {
            return null;
        }
        Set<Class<?>> called = beansNamed(guarded, type, bean.getBeanFactory());
        called.add(type);
        return (generation, code) -> {
            ReflectionHints hints = generation.getRuntimeHints().reflection();
            called.forEach(one -> registerMethods(one, hints));
            guarded.forEach(method -> readable.registerReflectionHints(hints, readableTypes(method)));
        };
    }

    /** With inherited ones, and the interfaces, whose annotations count too. */
    private static void registerMethods(Class<?> type, ReflectionHints hints) {
        for (Class<?> each = type; each != null && each != Object.class; each = each.getSuperclass()) {
            hints.registerType(each, METHODS);
        }
        ClassUtils.getAllInterfacesForClassAsSet(type).forEach(each -> hints.registerType(each, METHODS));
    }

    private static Type[] readableTypes(Method method) {
        DeclaredSignature declared = DeclaredSignature.of(method);
        return Stream.concat(
                        Arrays.stream(method.getGenericParameterTypes())
                                .limit(declared.parameterTypes().size()),
                        Stream.of(declared.genericReturnType()))
                .toArray(Type[]::new);
    }

    private static Set<Class<?>> beansNamed(Set<Method> guarded, Class<?> type, ConfigurableListableBeanFactory beans) {
        Stream<AnnotatedElement> annotated = Stream.concat(guarded.stream(), Stream.of(type));
        Stream<String> attributes = annotated
                .flatMap(element -> MergedAnnotations.from(element, SearchStrategy.TYPE_HIERARCHY).stream())
                .flatMap(annotation -> texts(annotation.asMap(Adapt.ANNOTATION_TO_MAP)));
        return Stream.concat(attributes, settings(beans.getBean(Environment.class)))
                .flatMap(text -> BEAN.matcher(text).results())
                .flatMap(found -> Stream.of(1, 2, 3).map(found::group))
                .filter(name -> name != null && beans.containsBean(name))
                .map(beans::getType)
                .filter(Objects::nonNull)
                .map(ClassUtils::getUserClass)
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    /** All strings in an attribute, or in a map of them. */
    private static Stream<String> texts(@Nullable Object value) {
        if (value instanceof Map<?, ?> map) {
            return map.values().stream().flatMap(GuardedBeanHints::texts);
        }
        if (value instanceof Object[] array) {
            return Arrays.stream(array).flatMap(GuardedBeanHints::texts);
        }
        return value instanceof String text ? Stream.of(text) : Stream.empty();
    }

    private static Stream<String> settings(Environment environment) {
        return Binder.get(environment)
                .bind("stanchion", Bindable.mapOf(String.class, String.class))
                .orElseGet(Map::of)
                .values()
                .stream();
    }
}
