package io.github.stanchion.lock;

import io.github.stanchion.guard.GuardConfigurationException;
import io.github.stanchion.guard.PolicyNames;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The settings of all locks of an application by name, and the annotated methods that use them.
 *
 * <p>Thread-safe. Settings are merged in this order, the later wins: defaults, annotation, file. A lock that no file names has
 * the defaults. {@link #reload} replaces the files' settings while the application runs; locks that are held stay as they are.
 */
public final class LockPolicies {

    static final String PROPERTY = "stanchion.locks.";
    /** Names are a program's, as a rule; those that are made up as it runs must not fill the heap. */
    private static final int MOST_ASKED = 1_024;

    private static final String DEFAULTS = "stanchion.defaults.lock.";

    private final String keyPrefix;
    private final Duration retention;
    private final ReentrantLock writing = new ReentrantLock();
    private final List<BoundLock> bound = new ArrayList<>();
    private final List<Runnable> watchers = new CopyOnWriteArrayList<>();
    private volatile Snapshot snapshot;

    private LockPolicies(Builder builder) {
        this.keyPrefix = builder.keyPrefix;
        this.retention = builder.retention;
        this.snapshot = snapshot(builder.configured, builder.defaults);
    }

    public static Builder builder() {
        return new Builder();
    }

    /** Locks of these settings, by name, under the key prefix {@code stanchion}. */
    public static LockPolicies of(Map<String, LockSettings> configured) {
        return builder().configured(configured).build();
    }

    /** The policy of this name: of its settings from files, else of the defaults. */
    public LockPolicy get(String name) {
        Snapshot now = snapshot;
        LockPolicy known = now.asked.get(name);
        return known == null ? find(now, name) : known;
    }

    private LockPolicy find(Snapshot now, String name) {
        LockPolicy known = now.policies.get(PolicyNames.canonical(name));
        LockPolicy found = known == null ? unfiled(name, now) : known;
        if (now.asked.size() < MOST_ASKED) {
            now.asked.put(name, found);
        }
        return found;
    }

    private LockPolicy unfiled(String name, Snapshot now) {
        writing.lock();
        try {
            return compile(spelling(name, now), now.defaults, setting -> DEFAULTS + setting.property());
        } finally {
            writing.unlock();
        }
    }

    /**
     * A policy that is not registered, under the application's defaults and key prefix.
     *
     * @throws IllegalArgumentException if the settings cannot work
     */
    public LockPolicy policy(String name, LockSettings settings) {
        return LockPolicy.of(name, settings.over(snapshot.defaults), keyPrefix, retention);
    }

    /** The names of locks from files that no annotation uses. */
    public List<String> unused() {
        writing.lock();
        try {
            return snapshot.configured.keySet().stream()
                    .filter(name -> bound.stream().noneMatch(lock -> lock.isCalled(name)))
                    .sorted()
                    .toList();
        } finally {
            writing.unlock();
        }
    }

    /** The guarded methods that use the lock of this name, for messages and administration. */
    public List<String> methods(String name) {
        writing.lock();
        try {
            return bound.stream()
                    .filter(lock -> lock.isCalled(name))
                    .map(lock -> lock.method().displayName())
                    .distinct()
                    .sorted()
                    .toList();
        } finally {
            writing.unlock();
        }
    }

    /**
     * Where the settings of the lock of this name come from, by setting: a property, or an attribute and its method. What is not
     * there has its default.
     */
    public Map<String, String> origins(String name) {
        Snapshot now = snapshot;
        writing.lock();
        try {
            Map<String, String> origins = new LinkedHashMap<>();
            bound.stream().filter(lock -> lock.isCalled(name)).forEach(lock -> layers(lock, now)
                    .addTo(origins));
            LockSettings file = now.find(name);
            new Layers(spelling(name, now), file == null ? LockSettings.none() : file, null, now.defaults)
                    .addTo(origins);
            return origins;
        } finally {
            writing.unlock();
        }
    }

    /** The names of all locks that annotated methods use, and of those from files. */
    public List<String> names() {
        writing.lock();
        try {
            Map<String, String> names = new HashMap<>(snapshot.spellings);
            bound.forEach(lock -> names.putIfAbsent(PolicyNames.canonical(lock.name()), lock.name()));
            return names.values().stream().sorted().toList();
        } finally {
            writing.unlock();
        }
    }

    static boolean isSame(String name, String other) {
        return name.equals(other) || PolicyNames.canonical(name).equals(PolicyNames.canonical(other));
    }

    /**
     * Replaces the settings from files, and the lowest layer.
     *
     * @throws GuardConfigurationException if any cannot work: then nothing has changed
     */
    public void reload(Map<String, LockSettings> configured, LockSettings defaults) {
        writing.lock();
        try {
            Snapshot next = snapshot(configured, defaults);
            List<LockCalls> changed = calls(next);
            for (int i = 0; i < changed.size(); i++) {
                bound.get(i).use(changed.get(i));
            }
            snapshot = next;
            watchers.forEach(Runnable::run);
        } finally {
            writing.unlock();
        }
    }

    /**
     * Whether {@link #reload} would take these settings; changes nothing.
     *
     * @throws GuardConfigurationException if any cannot work
     */
    public void check(Map<String, LockSettings> configured, LockSettings defaults) {
        writing.lock();
        try {
            List<LockCalls> unused = calls(snapshot(configured, defaults));
        } finally {
            writing.unlock();
        }
    }

    private List<LockCalls> calls(Snapshot next) {
        List<LockCalls> changed = new ArrayList<>(bound.size());
        for (BoundLock lock : bound) {
            changed.add(calls(lock, next));
        }
        return changed;
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
     * Adds an annotated method.
     *
     * @return what is known of the method from now on, as of before if it has been bound already
     * @throws GuardConfigurationException if its settings cannot work
     */
    BoundLock bind(BoundLock lock) {
        writing.lock();
        try {
            for (BoundLock known : bound) {
                if (known.method().equals(lock.method())) {
                    return known;
                }
            }
            lock.use(calls(lock, snapshot));
            bound.add(lock);
            watchers.forEach(Runnable::run);
            return lock;
        } finally {
            writing.unlock();
        }
    }

    private LockCalls calls(BoundLock lock, Snapshot now) {
        Layers layers = layers(lock, now);
        return lock.make(compile(layers.name(), layers.merged(), layers), layers);
    }

    private Layers layers(BoundLock lock, Snapshot now) {
        LockSettings file = now.find(lock.name());
        return new Layers(spelling(lock.name(), now), file == null ? LockSettings.none() : file, lock, now.defaults);
    }

    /** As a file spells this name, else the first method that has it: of a lock there is one name in what anybody is told. */
    private String spelling(String name, Snapshot now) {
        String filed = now.spellings.get(PolicyNames.canonical(name));
        return filed != null
                ? filed
                : bound.stream()
                        .map(BoundLock::name)
                        .filter(known -> isSame(known, name))
                        .findFirst()
                        .orElse(name);
    }

    private Snapshot snapshot(Map<String, LockSettings> configured, LockSettings defaults) {
        Map<String, LockPolicy> policies = new HashMap<>();
        configured.forEach((name, settings) -> policies.put(
                PolicyNames.canonical(name),
                compile(name, settings.over(defaults), new Layers(name, settings, null, defaults))));
        Map<String, String> spellings = new HashMap<>();
        configured
                .keySet()
                .forEach(name -> spellings.merge(
                        PolicyNames.canonical(name),
                        name,
                        (one, other) -> one.length() < other.length() ? other : one));
        return new Snapshot(Map.copyOf(configured), spellings, defaults, policies, new ConcurrentHashMap<>());
    }

    private LockPolicy compile(String name, LockSettings merged, Origins origins) {
        try {
            return LockPolicy.of(name, merged, keyPrefix, retention);
        } catch (LockSettingException trouble) {
            throw trouble.at(origins.of(trouble.setting()));
        }
    }

    /** Where a setting was given: a property, or an attribute of an annotation. */
    interface Origins {
        String of(LockSetting setting);
    }

    /** The layers of settings of one lock, of one method if there is one; the later wins: defaults, annotation, file. */
    private record Layers(String name, LockSettings file, @Nullable BoundLock method, LockSettings defaults)
            implements Origins {

        private LockSettings attributes() {
            return method == null ? LockSettings.none() : method.attributes();
        }

        private LockSettings merged() {
            return file.over(attributes()).over(defaults);
        }

        @Override
        public String of(LockSetting setting) {
            if (file.gives(setting)) {
                return PROPERTY + name + "." + setting.property();
            }
            return method != null && (attributes().gives(setting) || !defaults.gives(setting))
                    ? method.origin(setting)
                    : DEFAULTS + setting.property();
        }

        private void addTo(Map<String, String> origins) {
            LockSettings merged = merged();
            for (LockSetting setting : LockSetting.values()) {
                if (merged.gives(setting)) {
                    origins.putIfAbsent(setting.property(), of(setting));
                }
            }
        }
    }

    /**
     * What holds between two reloads.
     *
     * @param spellings of names in files, by canonical name: a variable's has no dashes
     * @param policies by canonical name
     * @param asked the policies that facades have asked for, by the name as they spell it
     */
    private record Snapshot(
            Map<String, LockSettings> configured,
            Map<String, String> spellings,
            LockSettings defaults,
            Map<String, LockPolicy> policies,
            Map<String, LockPolicy> asked) {

        @Nullable
        LockSettings find(String name) {
            LockSettings exact = configured.get(name);
            if (exact != null) {
                return exact;
            }
            return configured.entrySet().stream()
                    .filter(entry -> isSame(entry.getKey(), name))
                    .map(Map.Entry::getValue)
                    .findFirst()
                    .orElse(null);
        }
    }

    /** Collects what the locks of an application have in common. Not thread-safe. */
    public static final class Builder {

        private String keyPrefix = "stanchion";
        private Duration retention = Duration.ofMinutes(10);
        private LockSettings defaults = LockSettings.none();
        private Map<String, LockSettings> configured = Map.of();

        private Builder() {}

        /** Begins all keys; applications that share it and a store share locks. Default {@code stanchion}. */
        public Builder keyPrefix(String prefix) {
            keyPrefix = prefix;
            return this;
        }

        /**
         * How long the fencing token of a lock that nobody holds is remembered, so that none is given twice though the store's
         * clock is set back: 3 s to 366 days, by default 10 minutes. With a clock that never goes back it is 3 s.
         */
        public Builder tokenRetention(Duration time) {
            if (time.compareTo(Duration.ofSeconds(3)) < 0 || time.compareTo(Duration.ofDays(366)) > 0) {
                throw new IllegalArgumentException("Token retention '" + time
                        + "' is out of range; use 3 seconds to 366 days, 10 minutes if in doubt");
            }
            retention = time;
            return this;
        }

        /** The lowest layer of settings, below annotations. */
        public Builder defaults(LockSettings lowest) {
            defaults = lowest;
            return this;
        }

        /** The settings from files, by name. */
        public Builder configured(Map<String, LockSettings> byName) {
            configured = byName;
            return this;
        }

        /**
         * The registry.
         *
         * @throws GuardConfigurationException if settings cannot work
         */
        public LockPolicies build() {
            return new LockPolicies(this);
        }
    }
}
