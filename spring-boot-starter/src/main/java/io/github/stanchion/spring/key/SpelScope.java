package io.github.stanchion.spring.key;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.expression.BeanResolver;
import org.springframework.expression.ConstructorResolver;
import org.springframework.expression.IndexAccessor;
import org.springframework.expression.MethodResolver;
import org.springframework.expression.OperatorOverloader;
import org.springframework.expression.PropertyAccessor;
import org.springframework.expression.TypeComparator;
import org.springframework.expression.TypeConverter;
import org.springframework.expression.TypeLocator;
import org.springframework.expression.spel.support.ReflectiveConstructorResolver;
import org.springframework.expression.spel.support.ReflectiveMethodResolver;
import org.springframework.expression.spel.support.ReflectivePropertyAccessor;
import org.springframework.expression.spel.support.StandardOperatorOverloader;
import org.springframework.expression.spel.support.StandardTypeComparator;
import org.springframework.expression.spel.support.StandardTypeConverter;
import org.springframework.expression.spel.support.StandardTypeLocator;

/** What all evaluations share, so that a call makes nothing but its variables; thread-safe, read-only. */
record SpelScope(
        List<PropertyAccessor> propertyAccessors,
        List<IndexAccessor> indexAccessors,
        List<MethodResolver> methodResolvers,
        List<ConstructorResolver> constructorResolvers,
        TypeLocator typeLocator,
        TypeConverter typeConverter,
        TypeComparator typeComparator,
        OperatorOverloader operatorOverloader,
        @Nullable BeanResolver beanResolver) {

    static SpelScope of(@Nullable ClassLoader classLoader, @Nullable BeanResolver beanResolver) {
        return new SpelScope(
                List.of(new ReflectivePropertyAccessor(false)),
                List.of(),
                List.of(new ReflectiveMethodResolver()),
                List.of(new ReflectiveConstructorResolver()),
                new StandardTypeLocator(classLoader),
                new StandardTypeConverter(),
                new StandardTypeComparator(),
                new StandardOperatorOverloader(),
                beanResolver);
    }
}
