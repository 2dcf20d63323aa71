package io.github.stanchion.limit;

import io.github.stanchion.guard.GuardConfigurationException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * All that goes by one name: its settings, its policy, and the annotated methods that use it.
 *
 * @param spelling the name as an annotation, else a file, spells it
 * @param live null while neither file nor annotation gives a limit, which only concerns who uses the name
 * @param bound as many as bindings, in their order
 */
record PolicyGroup(
        String spelling,
        @Nullable RateLimitSettings configured,
        @Nullable LiveLimit live,
        List<LimitBinding> bindings,
        List<BoundLimit> bound) {

    /**
     * Makes the policy and compiles what its methods need.
     *
     * @param known other names, to suggest one for a name that is defined nowhere
     * @throws GuardConfigurationException if anything cannot work; nothing has changed then
     */
    static PolicyGroup make(
            String spelling,
            PolicyCompiler compiler,
            RateLimitSettings defaults,
            @Nullable RateLimitSettings configured,
            List<LimitBinding> bindings,
            LimitState state,
            Collection<String> known) {
        List<PolicyLayers> layers = layers(spelling, defaults, configured, bindings);
        checkNames(bindings);
        if (layers.get(0).merged().limits() == null && bindings.isEmpty()) {
            return new PolicyGroup(spelling, configured, null, List.of(), List.of());
        }
        boolean settles = layers.stream().anyMatch(layer -> layer.merged().settle() != null);
        RateLimitPolicy policy = null;
        for (PolicyLayers layer : layers) {
            RateLimitPolicy own = compile(compiler, layer, settles, known);
            if (policy == null) {
                policy = own;
            } else {
                checkSame(layers.get(0), policy, layer, own);
            }
        }
        LiveLimit live = new LiveLimit(Objects.requireNonNull(policy), state);
        List<BoundLimit> bound = new ArrayList<>();
        for (int i = 0; i < bindings.size(); i++) {
            PolicyLayers layer = layers.get(i);
            bound.add(bindings.get(i).maker().make(live, layer.merged(), layer::origin));
        }
        return new PolicyGroup(spelling, configured, live, List.copyOf(bindings), List.copyOf(bound));
    }

    /** Where each setting that is given was given, by its name; of several methods, by the first that gives it. */
    Map<String, String> origins(RateLimitSettings defaults) {
        Map<String, String> origins = new LinkedHashMap<>();
        layers(spelling, defaults, configured, bindings)
                .forEach(layer ->
                        layer.merged().given().forEach(setting -> origins.putIfAbsent(setting, layer.origin(setting))));
        return origins;
    }

    private static List<PolicyLayers> layers(
            String name,
            RateLimitSettings defaults,
            @Nullable RateLimitSettings configured,
            List<LimitBinding> bindings) {
        return bindings.isEmpty()
                ? List.of(new PolicyLayers(name, defaults, null, configured))
                : bindings.stream()
                        .map(binding -> new PolicyLayers(name, defaults, binding, configured))
                        .toList();
    }

    private static RateLimitPolicy compile(
            PolicyCompiler compiler, PolicyLayers layer, boolean settles, Collection<String> known) {
        RateLimitSettings merged = layer.merged();
        if (merged.limits() == null) {
            throw layer.withoutLimit(Suggestion.near(layer.name(), known).orElse(null));
        }
        try {
            return compiler.compile(layer.name(), merged, settles);
        } catch (RateSettingException trouble) {
            throw trouble.at(layer.origin(trouble.setting()));
        }
    }

    private static void checkNames(List<LimitBinding> bindings) {
        for (LimitBinding binding : bindings) {
            LimitBinding first = bindings.get(0);
            boolean same =
                    first.method().qualifiedName().equals(binding.method().qualifiedName());
            if (!same && !(first.named() && binding.named())) {
                throw new GuardConfigurationException(
                        "Rate limit '" + binding.name() + "' gets its name from two methods, "
                                + first.method().qualifiedName() + " and "
                                + binding.method().qualifiedName(),
                        "give one of them a name of its own: @RateLimited(name = ...)");
            }
        }
    }

    /** Who shares a name shares its state, so what decides about the state must not differ from method to method. */
    private static void checkSame(PolicyLayers one, RateLimitPolicy first, PolicyLayers two, RateLimitPolicy second) {
        String differing = !first.bandwidths().equals(second.bandwidths())
                ? "limit"
                : first.algorithm() != second.algorithm()
                        ? "algorithm"
                        : first.maxWaitMicros() != second.maxWaitMicros() ? "max-wait" : null;
        if (differing != null) {
            throw new GuardConfigurationException(
                    "Rate limit '" + one.name() + "' has one " + RateSettingException.attribute(differing) + " by "
                            + one.origin(differing) + " and another by " + two.origin(differing),
                    "give both the same, or give them different names, or set " + PolicyLayers.PROPERTY + one.name()
                            + "." + differing + ", which wins over both");
        }
    }
}
