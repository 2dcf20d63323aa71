package io.github.stanchion.spring.key;

import io.github.stanchion.guard.GuardExpression.CallEnd;
import io.github.stanchion.guard.GuardedCall;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.expression.BeanResolver;
import org.springframework.expression.ConstructorResolver;
import org.springframework.expression.EvaluationContext;
import org.springframework.expression.IndexAccessor;
import org.springframework.expression.MethodResolver;
import org.springframework.expression.OperatorOverloader;
import org.springframework.expression.PropertyAccessor;
import org.springframework.expression.TypeComparator;
import org.springframework.expression.TypeConverter;
import org.springframework.expression.TypeLocator;
import org.springframework.expression.TypedValue;

/** One evaluation: reads variables off the call when the expression asks for them; assigns nothing. */
final class SpelCallContext implements EvaluationContext {

    private final SpelScope scope;
    private final String[] names;
    private final Variable[] variables;
    private final GuardedCall call;
    private final @Nullable CallEnd end;
    private final @Nullable CallRoot root;
    private final boolean compiled;

    SpelCallContext(
            SpelScope scope,
            String[] names,
            Variable[] variables,
            GuardedCall call,
            @Nullable CallEnd end,
            @Nullable CallRoot root,
            boolean compiled) {
        this.scope = scope;
        this.names = names;
        this.variables = variables;
        this.call = call;
        this.end = end;
        this.root = root;
        this.compiled = compiled;
    }

    @Override
    public @Nullable Object lookupVariable(String name) {
        for (int i = 0; i < names.length; i++) {
            if (names[i].equals(name)) {
                return variables[i].read(call, end);
            }
        }
        return null;
    }

    @Override
    public TypedValue getRootObject() {
        return root == null ? TypedValue.NULL : new TypedValue(root);
    }

    @Override
    public List<PropertyAccessor> getPropertyAccessors() {
        return scope.propertyAccessors();
    }

    @Override
    public List<IndexAccessor> getIndexAccessors() {
        return scope.indexAccessors();
    }

    @Override
    public List<ConstructorResolver> getConstructorResolvers() {
        return scope.constructorResolvers();
    }

    @Override
    public List<MethodResolver> getMethodResolvers() {
        return scope.methodResolvers();
    }

    @Override
    public @Nullable BeanResolver getBeanResolver() {
        return scope.beanResolver();
    }

    @Override
    public TypeLocator getTypeLocator() {
        return scope.typeLocator();
    }

    @Override
    public TypeConverter getTypeConverter() {
        return scope.typeConverter();
    }

    @Override
    public TypeComparator getTypeComparator() {
        return scope.typeComparator();
    }

    @Override
    public OperatorOverloader getOperatorOverloader() {
        return scope.operatorOverloader();
    }

    @Override
    public void setVariable(String name, @Nullable Object value) {
        throw new UnsupportedOperationException("Variable '#" + name + "' cannot be set; expressions only read");
    }

    @Override
    public boolean isAssignmentEnabled() {
        return false;
    }

    @Override
    public boolean isCompilationSupported() {
        return compiled;
    }
}
