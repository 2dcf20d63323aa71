package io.github.stanchion.limit;

import io.github.stanchion.guard.GuardConfigurationException;
import io.github.stanchion.guard.PolicyNames;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** All policies as they are at one moment; immutable, replaced as a whole. */
final class PolicySnapshot {

    private final Map<String, PolicyGroup> groups;
    private final Map<String, LiveLimit> byName;
    private final List<LimitBinding> bindings;
    private final BoundLimit[] bound;

    private PolicySnapshot(Map<String, PolicyGroup> groups, List<LimitBinding> bindings) {
        this.groups = groups;
        this.bindings = bindings;
        this.byName = new HashMap<>();
        IdentityHashMap<LimitBinding, BoundLimit> made = new IdentityHashMap<>();
        groups.forEach((canonical, group) -> {
            if (group.live() != null) {
                byName.put(canonical, group.live());
                byName.put(group.spelling(), group.live());
            }
            for (int i = 0; i < group.bindings().size(); i++) {
                made.put(group.bindings().get(i), group.bound().get(i));
            }
        });
        this.bound = new BoundLimit[bindings.size()];
        for (int i = 0; i < bound.length; i++) {
            bound[i] = Objects.requireNonNull(made.get(bindings.get(i)));
        }
    }

    static PolicySnapshot empty() {
        return new PolicySnapshot(Map.of(), List.of());
    }

    /** The limit bound as the {@code index}th; the hot path. */
    BoundLimit bound(int index) {
        return bound[index];
    }

    /** The policy of this name, in any spelling, null if there is none. */
    @Nullable
    LiveLimit find(String name) {
        LiveLimit exact = byName.get(name);
        return exact != null ? exact : byName.get(PolicyNames.canonical(name));
    }

    /** All groups by canonical name, in alphabetical order. */
    Map<String, PolicyGroup> groups() {
        return Collections.unmodifiableMap(groups);
    }

    List<String> spellings() {
        return groups.values().stream().map(PolicyGroup::spelling).toList();
    }

    List<LimitBinding> bindings() {
        return bindings;
    }

    /** These policies and one more binding, which gets the next index. */
    PolicySnapshot with(LimitBinding binding, Rules rules) {
        String canonical = binding.canonicalName();
        PolicyGroup before = groups.get(canonical);
        List<LimitBinding> together = new ArrayList<>(before == null ? List.of() : before.bindings());
        together.add(binding);
        RateLimitSettings configured = before == null ? null : before.configured();
        Map<String, PolicyGroup> next = new TreeMap<>(groups);
        next.put(canonical, rules.group(together.get(0).name(), configured, together, spellings()));
        List<LimitBinding> all = new ArrayList<>(bindings);
        all.add(binding);
        return new PolicySnapshot(next, List.copyOf(all));
    }

    /** The same bindings under other settings from files. */
    PolicySnapshot reconfigured(Map<String, RateLimitSettings> files, Rules rules) {
        Map<String, String> spelling = new TreeMap<>();
        Map<String, RateLimitSettings> configured = new HashMap<>();
        files.forEach((name, settings) -> {
            String canonical = PolicyNames.canonical(name);
            RateLimitSettings twice = configured.put(canonical, settings);
            String other = spelling.merge(canonical, name, (a, b) -> a.length() >= b.length() ? a : b);
            if (twice != null && !twice.equals(settings)) {
                throw new GuardConfigurationException(
                        "Rate limit '" + other + "' has settings under two spellings that differ",
                        "keep one spelling of " + PolicyLayers.PROPERTY + other);
            }
        });
        Map<String, List<LimitBinding>> bindingsByName = new TreeMap<>();
        for (LimitBinding binding : bindings) {
            bindingsByName
                    .computeIfAbsent(binding.canonicalName(), any -> new ArrayList<>())
                    .add(binding);
            spelling.put(
                    binding.canonicalName(),
                    bindingsByName.get(binding.canonicalName()).get(0).name());
        }
        Map<String, PolicyGroup> next = new TreeMap<>();
        spelling.forEach((canonical, name) -> next.put(
                canonical,
                rules.group(
                        name,
                        configured.get(canonical),
                        bindingsByName.getOrDefault(canonical, List.of()),
                        List.copyOf(spelling.values()))));
        return new PolicySnapshot(next, bindings);
    }

    /** What stays the same from snapshot to snapshot. */
    record Rules(PolicyCompiler compiler, RateLimitSettings defaults, Function<String, LimitState> states) {

        PolicyGroup group(
                String spelling,
                @Nullable RateLimitSettings configured,
                List<LimitBinding> bindings,
                List<String> known) {
            LimitState state = states.apply(PolicyNames.canonical(spelling));
            List<String> others = known.stream()
                    .filter(name -> !name.equals(spelling) && name.indexOf('#') < 0)
                    .toList();
            return PolicyGroup.make(spelling, compiler, defaults, configured, bindings, state, others);
        }
    }
}
