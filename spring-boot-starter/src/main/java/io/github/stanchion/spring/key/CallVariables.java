package io.github.stanchion.spring.key;

import io.github.stanchion.guard.GuardExpression.CallEnd;
import io.github.stanchion.guard.GuardedMethod;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.core.DefaultParameterNameDiscoverer;
import org.springframework.core.ParameterNameDiscoverer;

/**
 * The variables that expressions of one method may name: its parameters, {@code #p0} and {@code #a0}, how the call ended, and
 * those of {@link CallVariable} beans.
 */
final class CallVariables {

    private static final ParameterNameDiscoverer PARAMETER_NAMES = new DefaultParameterNameDiscoverer();

    private final Map<String, Variable> named = new LinkedHashMap<>();
    private final Map<String, Variable> byIndex = new LinkedHashMap<>();
    private final boolean parameterNamesMissing;

    CallVariables(GuardedMethod method, List<CallVariable> extras) {
        int count = method.signature().parameterTypes().size();
        for (int i = 0; i < count; i++) {
            byIndex.put("p" + i, Variable.argument(i));
            byIndex.put("a" + i, Variable.argument(i));
        }
        extras.forEach(extra -> named.put(extra.name(), (call, end) -> extra.value(call)));
        @Nullable String @Nullable [] names = PARAMETER_NAMES.getParameterNames(method.method());
        for (int i = 0; names != null && i < count; i++) {
            String name = names[i];
            if (name != null) {
                named.put(name, Variable.argument(i));
            }
        }
        parameterNamesMissing = names == null && count > 0;
        endVariable("result", CallEnd::result);
        endVariable("error", CallEnd::error);
        endVariable("status", CallEnd::status);
        endVariable("reserved", CallEnd::reserved);
    }

    private void endVariable(String name, Function<CallEnd, @Nullable Object> value) {
        Variable atEnd = (call, end) -> value.apply(Objects.requireNonNull(end));
        named.put(name, Variable.atEnd(name, atEnd, named.get(name)));
    }

    /** Null if there is none of this name. */
    @Nullable
    Variable find(String name) {
        Variable variable = named.get(name);
        return variable != null ? variable : byIndex.get(name);
    }

    boolean parameterNamesMissing() {
        return parameterNamesMissing;
    }

    /** All names, for messages. */
    Set<String> names() {
        TreeSet<String> names = new TreeSet<>(named.keySet());
        byIndex.keySet().stream().filter(name -> name.startsWith("p")).forEach(names::add);
        names.add("root");
        return names;
    }
}
