package io.github.stanchion.spring.autoconfigure;

import io.github.stanchion.guard.GuardConfigurationException;
import io.github.stanchion.memory.MemoryStore;
import io.github.stanchion.spring.autoconfigure.StanchionProperties.StoreType;
import io.github.stanchion.spring.redis.ConfiguredRedis;
import io.github.stanchion.spring.store.LocalStore;
import io.github.stanchion.spring.store.StoreInFront;
import io.github.stanchion.store.AtomicStore;
import io.github.stanchion.store.MicroClock;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import org.jspecify.annotations.Nullable;
import org.springframework.aot.AotDetector;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.core.env.Environment;

/** Says when state is kept in memory, and names stores in reports. */
final class Stores {

    private static final Logger LOG = System.getLogger(Stores.class.getName());

    private Stores() {}

    /**
     * Accepts that no backend has made a store, if that is meant.
     *
     * @throws GuardConfigurationException if the store that the application asks for is not there
     */
    static void requireMemory(StanchionProperties properties, Environment environment, @Nullable ClassLoader classes) {
        StoreType chosen = properties.store();
        if (chosen == null) {
            if (Backend.REDIS.isPresent(classes) && !isSlice(environment)) {
                requireNoRedisAheadOfTime(environment);
                LOG.log(
                        Level.INFO,
                        "Redis backend is on the class path, and nothing says where Redis is, so state stays in memory;"
                                + " set spring.data.redis.url, or stanchion.store");
            }
            return;
        }
        Backend missing = Backend.of(chosen);
        if (missing == null || missing.isPresent(classes) && isSlice(environment)) {
            return;
        }
        String name = Names.kebab(chosen.name());
        throw new GuardConfigurationException(
                "Property stanchion.store is '" + name + "', and there is no " + name + " store",
                cure(missing, classes));
    }

    private static String cure(Backend missing, @Nullable ClassLoader classes) {
        if (!missing.isPresent(classes)) {
            return "Add the module " + missing.module() + ", or remove the property to keep state in memory.";
        }
        return AotDetector.useGeneratedArtifacts()
                ? "Set it when the application is processed ahead of time, too; which store there is, is settled then."
                : "Do not exclude the auto-configuration of the " + Names.kebab(missing.name())
                        + " backend, or remove the property.";
    }

    /** Which store there is was settled when the application was processed; state that is believed shared must not be local. */
    private static void requireNoRedisAheadOfTime(Environment environment) {
        String property = AotDetector.useGeneratedArtifacts() ? ConfiguredRedis.property(environment) : null;
        if (property != null) {
            throw new GuardConfigurationException(
                    "Property " + property + " says where Redis is, and the application was processed ahead of time"
                            + " without a store there",
                    "Set stanchion.store=redis when it is processed, or stanchion.store=memory to keep state in memory.");
        }
    }

    /** Whether only chosen auto-configurations apply, as in a slice of a test, which connects to nothing. */
    private static boolean isSlice(Environment environment) {
        return !environment.getProperty(EnableAutoConfiguration.ENABLED_OVERRIDE_PROPERTY, Boolean.class, true);
    }

    /** What decides while the store is away: the store itself if it lies in this process, else one beside it. */
    static LocalStore local(AtomicStore store, StanchionProperties properties, MicroClock clock) {
        return new LocalStore(
                store instanceof MemoryStore ? store : properties.memory().open(clock));
    }

    /** {@code memory} for a {@code MemoryStore}. */
    static String name(AtomicStore store) {
        String type = StoreInFront.real(store).getClass().getSimpleName();
        return Names.kebab(type.endsWith("Store") ? type.substring(0, type.length() - "Store".length()) : type);
    }
}
