package io.github.stanchion.limit;

import io.github.stanchion.guard.GuardConfigurationException;
import io.github.stanchion.guard.PolicyNames;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * All rate limits of an application by name: from settings and from annotations.
 *
 * <p>Thread-safe. Readers see one immutable snapshot; {@link #reload} validates everything before it replaces it, and resets no
 * state. Names are the same if their letters and digits are, in any case; names made from methods are taken as they are.
 * Settings merge as defaults, annotation, file, the later of which wins.
 */
public final class RateLimitPolicies {

    private final PolicyCompiler compiler;
    private final ConcurrentHashMap<String, LimitState> states = new ConcurrentHashMap<>();
    private volatile PolicySnapshot.Rules rules;
    private final ReentrantLock writing = new ReentrantLock();
    private final List<Runnable> watchers = new CopyOnWriteArrayList<>();
    private volatile PolicySnapshot snapshot;

    private RateLimitPolicies(Builder builder) {
        this.compiler = new PolicyCompiler(builder.keyPrefix, builder.expectedInstances);
        this.rules = new PolicySnapshot.Rules(compiler, builder.defaults, this::state);
        this.snapshot = PolicySnapshot.empty().reconfigured(builder.configured, rules);
    }

    public static Builder builder() {
        return new Builder();
    }

    /** Policies of these settings, by name, under the key prefix {@code stanchion}. */
    public static RateLimitPolicies of(Map<String, RateLimitSettings> configured) {
        return builder().configured(configured).build();
    }

    /** The policy of this name, if it has a limit. */
    public Optional<RateLimitPolicy> find(String name) {
        return Optional.ofNullable(snapshot.find(name)).map(LiveLimit::policy);
    }

    /**
     * The policy of this name.
     *
     * @throws IllegalArgumentException if there is none; the message says which was probably meant
     */
    public RateLimitPolicy get(String name) {
        return live(name).policy();
    }

    /** All policies that have a limit, in alphabetical order. */
    public List<RateLimitPolicy> all() {
        return snapshot.groups().values().stream()
                .map(PolicyGroup::live)
                .filter(Objects::nonNull)
                .map(LiveLimit::policy)
                .toList();
    }

    /** The names of policies from files that no annotation uses, and nobody has asked for yet. */
    public List<String> unused() {
        return snapshot.groups().entrySet().stream()
                .filter(group -> group.getValue().configured() != null
                        && group.getValue().bindings().isEmpty()
                        && !state(group.getKey()).isUsed())
                .map(group -> group.getValue().spelling())
                .toList();
    }

    /** The guarded methods that use the policy of this name, for messages and administration. */
    public List<String> methods(String name) {
        PolicyGroup group = snapshot.groups().get(PolicyNames.canonical(name));
        return group == null
                ? List.of()
                : group.bindings().stream()
                        .map(binding -> binding.method().displayName())
                        .distinct()
                        .toList();
    }

    /**
     * Where the settings of the policy of this name come from, by setting: a property, or an attribute and its method. What is
     * not there has its default.
     */
    public Map<String, String> origins(String name) {
        PolicyGroup group = snapshot.groups().get(PolicyNames.canonical(name));
        return group == null ? Map.of() : group.origins(rules.defaults());
    }

    /** How many calls wait for permits of this policy in this process now. */
    public int waiting(String name) {
        return state(PolicyNames.canonical(name)).waiting();
    }

    /** Whether the policy's store has failed, and is not {@linkplain RateLimitRecovered back} yet. */
    public boolean isDegraded(String name) {
        return state(PolicyNames.canonical(name)).isDegraded();
    }

    /**
     * A policy that is not registered, under the application's defaults and key prefix.
     *
     * @throws IllegalArgumentException if the settings cannot work
     */
    public RateLimitPolicy policy(String name, RateLimitSettings settings) {
        RateLimitSettings merged = settings.over(rules.defaults());
        return compiler.compile(name, merged, merged.settle() != null);
    }

    /**
     * Replaces the settings from files; state in the store stays as it is.
     *
     * @throws GuardConfigurationException if any policy cannot work, or one in use has vanished: then nothing has changed
     */
    public void reload(Map<String, RateLimitSettings> configured) {
        reload(configured, rules.defaults());
    }

    /**
     * As {@link #reload(Map)}, with another lowest layer of settings.
     *
     * @throws GuardConfigurationException as there
     */
    public void reload(Map<String, RateLimitSettings> configured, RateLimitSettings defaults) {
        writing.lock();
        try {
            PolicySnapshot.Rules changed = new PolicySnapshot.Rules(compiler, defaults, this::state);
            PolicySnapshot next = snapshot.reconfigured(configured, changed);
            for (PolicyGroup group : snapshot.groups().values()) {
                boolean used = state(PolicyNames.canonical(group.spelling())).isUsed();
                if (used && group.live() != null && next.find(group.spelling()) == null) {
                    throw new GuardConfigurationException(
                            "Rate limit '" + group.spelling() + "' is in use and has no limit any more",
                            "keep " + PolicyLayers.PROPERTY + group.spelling() + ", or restart the application");
                }
            }
            rules = changed;
            replace(next);
        } finally {
            writing.unlock();
        }
    }

    private void replace(PolicySnapshot next) {
        snapshot = next;
        watchers.forEach(Runnable::run);
    }

    /**
     * Runs {@code watcher} now, and after each change by a reload or a newly bound method, with the change in effect.
     *
     * @param watcher is quick and throws nothing; may be run on any thread, one at a time
     */
    public void watch(Runnable watcher) {
        writing.lock();
        try {
            watchers.add(watcher);
            watcher.run();
        } finally {
            writing.unlock();
        }
    }

    /**
     * Adds an annotation's limit; adding the same again changes nothing.
     *
     * @return the number to find it by
     * @throws GuardConfigurationException if it cannot work, alone or beside others of its name
     */
    int bind(LimitBinding binding) {
        writing.lock();
        try {
            List<LimitBinding> known = snapshot.bindings();
            for (int i = 0; i < known.size(); i++) {
                if (known.get(i).isSameAs(binding)) {
                    return i;
                }
            }
            replace(snapshot.with(binding, rules));
            return known.size();
        } finally {
            writing.unlock();
        }
    }

    BoundLimit bound(int index) {
        return snapshot.bound(index);
    }

    LiveLimit live(String name) {
        LiveLimit live = snapshot.find(name);
        if (live == null) {
            throw unknown(name);
        }
        live.state().use();
        return live;
    }

    LiveLimit live(RateLimitPolicy policy) {
        return new LiveLimit(policy, state(PolicyNames.canonical(policy.name())));
    }

    private IllegalArgumentException unknown(String name) {
        @Nullable PolicyGroup group = snapshot.groups().get(PolicyNames.canonical(name));
        String property = PolicyLayers.PROPERTY + name + ".limit";
        if (group != null) {
            return new IllegalArgumentException("Rate limit '" + name + "' has no limit; set " + property);
        }
        String meant = Suggestion.near(name, snapshot.spellings())
                .map(near -> "did you mean '" + near + "'? Else set ")
                .orElse("set ");
        return new IllegalArgumentException("Rate limit '" + name + "' is defined nowhere; " + meant + property);
    }

    /** No policy is degraded any more; nobody is told. */
    void forgetOutages() {
        states.values().forEach(LimitState::calm);
    }

    private LimitState state(String canonical) {
        return states.computeIfAbsent(canonical, any -> new LimitState());
    }

    /** Collects what the policies of an application have in common. Not thread-safe. */
    public static final class Builder {

        private String keyPrefix = "stanchion";
        private int expectedInstances = 1;
        private RateLimitSettings defaults = RateLimitSettings.none();
        private Map<String, RateLimitSettings> configured = Map.of();

        private Builder() {}

        /** Begins all keys; applications that share it and a store share state. Default {@code stanchion}. */
        public Builder keyPrefix(String prefix) {
            keyPrefix = prefix;
            return this;
        }

        /** How many processes share the limits; each allows that part while the store is away. Default 1. */
        public Builder expectedInstances(int instances) {
            expectedInstances = instances;
            return this;
        }

        /** The lowest layer of settings, below annotations. */
        public Builder defaults(RateLimitSettings lowest) {
            defaults = lowest;
            return this;
        }

        /** The settings from files, by name. */
        public Builder configured(Map<String, RateLimitSettings> byName) {
            configured = byName;
            return this;
        }

        /**
         * The registry.
         *
         * @throws GuardConfigurationException if settings cannot work
         */
        public RateLimitPolicies build() {
            return new RateLimitPolicies(this);
        }
    }
}
