package io.github.stanchion.spring.key;

import io.github.stanchion.guard.GuardConfigurationException;
import io.github.stanchion.guard.GuardExpression;
import io.github.stanchion.guard.GuardExpressions;
import io.github.stanchion.guard.GuardedMethod;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.context.expression.BeanFactoryResolver;
import org.springframework.expression.ParseException;
import org.springframework.expression.spel.SpelCompilerMode;
import org.springframework.expression.spel.SpelParserConfiguration;
import org.springframework.expression.spel.standard.SpelExpression;
import org.springframework.expression.spel.standard.SpelExpressionParser;

/**
 * Expressions in Spring's expression language, read once per method and compiled to byte code.
 *
 * <p>They may name the parameters ({@code #name}, {@code #p0}, {@code #a0}), {@code #root} with {@code method}, {@code target},
 * {@code targetClass} and {@code args}, beans ({@code @tenants.of(#id)}), the variables of {@link CallVariable} beans, and after
 * the call {@code #result}, {@code #error}, {@code #status} and {@code #reserved}. A name that is none of these is found here,
 * when the application starts. Thread-safe.
 */
public final class SpelExpressions implements GuardExpressions {

    private final @Nullable BeanFactory beans;
    private final List<CallVariable> extras;
    private final SpelScope scope;
    private final SpelExpressionParser parser;

    /**
     * @param beans where {@code @name} is looked up; null if expressions may name none
     * @param classLoader of the guarded classes; null for the default
     */
    public SpelExpressions(@Nullable BeanFactory beans, @Nullable ClassLoader classLoader, List<CallVariable> extras) {
        this.beans = beans;
        this.extras = List.copyOf(extras);
        this.scope = SpelScope.of(classLoader, beans == null ? null : new BeanFactoryResolver(beans));
        this.parser = new SpelExpressionParser(new SpelParserConfiguration(SpelCompilerMode.IMMEDIATE, classLoader));
    }

    @Override
    public GuardExpression compile(String text, GuardedMethod method, String origin) {
        SpelExpression expression = parse(text, method, origin);
        SpelNames used = SpelNames.of(expression.getAST());
        CallVariables available = new CallVariables(method, extras);
        Place place = new Place(text, method, origin);
        for (String name : used.variables()) {
            if (available.find(name) == null) {
                throw unknownVariable(name, available, place);
            }
        }
        for (String name : used.bare()) {
            throw place.wrong("reads '" + name + "', which is nothing by itself", withHash(name, available));
        }
        for (String name : used.functions()) {
            throw place.wrong(
                    "calls the function '#" + name + "', and there are none",
                    "Call a method of a bean, as in '@" + name + ".of(#p0)', or of a type, as in 'T(Type)." + name
                            + "(#p0)'.");
        }
        for (String name : used.beans()) {
            if (beans == null || !beans.containsBean(name)) {
                throw place.wrong(
                        "names the bean '@" + name + "', and there is none", "Correct the name, or add the bean.");
            }
        }
        return new SpelGuardExpression(expression, scope, used, available);
    }

    private SpelExpression parse(String text, GuardedMethod method, String origin) {
        try {
            return parser.parseRaw(text);
        } catch (ParseException | IllegalStateException | IllegalArgumentException trouble) {
            throw new GuardConfigurationException(
                    "Expression '" + text + "' (" + origin + ", " + method.displayName() + ") cannot be read: "
                            + trouble.getMessage(),
                    "Correct the expression; texts stand in single quotes.",
                    trouble);
        }
    }

    private static GuardConfigurationException unknownVariable(String name, CallVariables available, Place place) {
        if (available.parameterNamesMissing()) {
            return place.wrong(
                    "names '#" + name + "', and the class was compiled without parameter names",
                    "Compile it with the option -parameters (Boot's Maven parent and Gradle plugin do), or write #p0, #p1, ...");
        }
        return place.wrong(
                "names '#" + name + "', which the method does not have", "Available are " + listed(available) + ".");
    }

    private static String withHash(String name, CallVariables available) {
        return available.find(name) != null
                ? "Write '#" + name + "' for the parameter, or \"'" + name + "'\" for the text."
                : "Write it in single quotes if text is meant; available are " + listed(available) + ".";
    }

    private static String listed(CallVariables available) {
        return available.names().stream().map(name -> "#" + name).collect(Collectors.joining(", "));
    }

    private record Place(String text, GuardedMethod method, String origin) {

        GuardConfigurationException wrong(String how, String action) {
            return new GuardConfigurationException(
                    "Expression '" + text + "' (" + origin + ", " + method.displayName() + ") " + how, action);
        }
    }
}
