package io.github.stanchion.spring.autoconfigure;

import io.github.stanchion.guard.GuardConfigurationException;
import io.github.stanchion.guard.PolicyNames;
import io.github.stanchion.limit.RateLimitPolicies;
import io.github.stanchion.limit.RateLimitPolicy;
import io.github.stanchion.lock.LockPolicies;
import io.github.stanchion.lock.LockSettings;
import io.github.stanchion.spring.metrics.PolicyReload;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.springframework.context.ApplicationEvent;
import org.springframework.context.event.SmartApplicationListener;
import org.springframework.core.env.ConfigurableEnvironment;

/**
 * Reads the settings of policies again and applies them to the running application; state in the store stays.
 *
 * <p>Thread-safe. Called on Spring Cloud's {@code EnvironmentChangeEvent}, and by whoever changes the environment otherwise.
 */
public final class PolicyReloader implements SmartApplicationListener {

    private static final Logger LOG = System.getLogger(PolicyReloader.class.getName());
    private static final String CHANGE_EVENT = "org.springframework.cloud.context.environment.EnvironmentChangeEvent";

    private final ConfigurableEnvironment environment;
    private final StanchionProperties started;
    private final RateLimitPolicies rateLimits;
    private final LockPolicies locks;
    private final Consumer<PolicyReload> reloads;
    private final ReentrantLock reloading = new ReentrantLock();
    private StanchionProperties applied;
    private GuardSwitch switched = GuardSwitch.ON;

    PolicyReloader(
            ConfigurableEnvironment environment,
            StanchionProperties started,
            RateLimitPolicies rateLimits,
            LockPolicies locks,
            Consumer<PolicyReload> reloads) {
        this.environment = environment;
        this.started = started;
        this.rateLimits = rateLimits;
        this.locks = locks;
        this.reloads = reloads;
        this.applied = started;
    }

    /**
     * Applies the settings that the environment has now, and publishes a {@link PolicyReload} about it.
     *
     * @return keys that have changed since the start and need a restart; they go on as they were
     * @throws GuardConfigurationException if a setting cannot work, or a policy in use has vanished: then nothing has changed
     */
    public List<String> reload() {
        List<String> restart;
        try {
            restart = applied();
        } catch (RuntimeException trouble) {
            LOG.log(Level.ERROR, () -> "Policies stay as they are: " + trouble.getMessage());
            reloads.accept(PolicyReload.refused(String.valueOf(trouble.getMessage())));
            throw trouble;
        }
        reloads.accept(PolicyReload.applied(restart));
        return restart;
    }

    private List<String> applied() {
        reloading.lock();
        try {
            StanchionProperties now = PropertiesBinding.bind(environment);
            PropertiesBinding.checkSpellings(environment);
            apply(now);
            List<String> restart = needRestart(now);
            int policies = now.rateLimits().size() + now.locks().size();
            LOG.log(Level.INFO, () -> "Reloaded " + policies + " policies from the properties");
            if (!restart.isEmpty()) {
                LOG.log(
                        Level.WARNING,
                        () -> "Changed properties need a restart to take effect: " + String.join(", ", restart));
            }
            return restart;
        } finally {
            reloading.unlock();
        }
    }

    /**
     * Switches policies off, or on again as their settings say, until the next switch; reloads change nothing about it. For
     * tests. State in the store stays.
     */
    public void switchTo(GuardSwitch which) {
        reloading.lock();
        try {
            switched = which;
            apply(applied);
        } finally {
            reloading.unlock();
        }
    }

    /** The names of all policies, as annotations and properties spell them. */
    public Set<String> policyNames() {
        Map<String, String> names = new HashMap<>();
        Stream.of(limitNames(), locks.names(), applied.rateLimits().keySet())
                .flatMap(Collection::stream)
                .forEach(name -> names.putIfAbsent(PolicyNames.canonical(name), name));
        return new TreeSet<>(names.values());
    }

    private List<String> limitNames() {
        return rateLimits.all().stream().map(RateLimitPolicy::name).toList();
    }

    /** Nothing that is refused is in force for a moment: what is checked last is applied by then. */
    private void apply(StanchionProperties now) {
        Map<String, LockSettings> lockSettings = now.lockSettings(guarding(), locks.names());
        LockSettings lockDefaults = now.lockDefaults(guarding());
        locks.check(lockSettings, lockDefaults);
        rateLimits.reload(now.rateLimitSettings(guarding(), limitNames()), now.rateLimitDefaults(guarding()));
        locks.reload(lockSettings, lockDefaults);
        applied = now;
    }

    private GuardSwitch guarding() {
        return started.enabled() ? switched : GuardSwitch.OFF;
    }

    private List<String> needRestart(StanchionProperties now) {
        List<String> changed = new ArrayList<>();
        compare(now, "enabled", StanchionProperties::enabled, changed);
        compare(now, "weaving", StanchionProperties::weaving, changed);
        compare(now, "order", StanchionProperties::order, changed);
        compare(now, "store", StanchionProperties::store, changed);
        compare(now, "key-prefix", StanchionProperties::keyPrefix, changed);
        compare(now, "memory", StanchionProperties::memory, changed);
        compare(now, "redis", StanchionProperties::redis, changed);
        compare(now, "web", StanchionProperties::web, changed);
        compare(now, "events", StanchionProperties::events, changed);
        compare(now, "rate-limiting", StanchionProperties::rateLimiting, changed);
        compare(now, "locking", StanchionProperties::locking, changed);
        return List.copyOf(changed);
    }

    private void compare(
            StanchionProperties now, String key, Function<StanchionProperties, ?> setting, List<String> changed) {
        if (!Objects.equals(setting.apply(started), setting.apply(now))) {
            changed.add(StanchionProperties.PREFIX + "." + key);
        }
    }

    /** By name, as Spring Cloud is on few class paths. */
    @Override
    public boolean supportsEventType(Class<? extends ApplicationEvent> eventType) {
        return eventType.getName().equals(CHANGE_EVENT);
    }

    /** Reloads; what is wrong is in the log, and the policies stay as they were. */
    @Override
    public void onApplicationEvent(ApplicationEvent event) {
        try {
            reload();
        } catch (RuntimeException inTheLog) {
            LOG.log(Level.DEBUG, "Who changed the environment is not told", inTheLog);
        }
    }
}
