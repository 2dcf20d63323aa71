package io.github.stanchion.spring.redis;

import io.github.stanchion.guard.GuardConfigurationException;
import io.github.stanchion.redis.RedisStore;
import io.github.stanchion.redis.RedisStoreBuilder;
import io.github.stanchion.redis.RedisStoreListener;
import io.github.stanchion.redis.RedisStoreStats;
import io.github.stanchion.redis.ServerReport;
import io.github.stanchion.spring.store.RestartableStore;
import io.github.stanchion.spring.store.StoreNeeds;
import io.github.stanchion.store.StoreException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.UnaryOperator;
import org.springframework.context.SmartLifecycle;

/**
 * Lets the store on Redis live with its application: where methods are guarded, its connections are opened and its servers
 * checked at the start; it gives them up when the application stops or pauses, and makes new ones when it goes on.
 *
 * <p>A server that cannot work for the guards stops the start; one that cannot be reached does not, and is checked when it first
 * answers, with warnings alone.
 */
public final class RedisStoreLifecycle implements SmartLifecycle, RedisStoreListener {

    /** After Spring Data Redis' connection factory, whose threads are shared, and stopped before it. */
    private static final int PHASE = 1;

    private static final String EVICTION_CURE =
            "Set maxmemory-policy noeviction, or accept it with stanchion.redis.eviction=accept.";
    private static final Logger LOG = System.getLogger(RedisStoreLifecycle.class.getName());

    private final RestartableStore<RedisStore> store;
    private final StoreNeeds needs;
    private final AtomicBoolean checked = new AtomicBoolean();
    private volatile boolean running;
    private volatile boolean used;
    private volatile RedisStoreStats before = new RedisStoreStats(0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

    /** @param settings of every store that is made */
    public RedisStoreLifecycle(ConfiguredRedis redis, UnaryOperator<RedisStoreBuilder> settings, StoreNeeds needs) {
        this.needs = needs;
        this.store = new RestartableStore<>(
                () -> settings.apply(redis.servers().builder()).listener(this).build());
    }

    /** The store that applications hold. */
    public RestartableStore<RedisStore> store() {
        return store;
    }

    /** Whether a server has been called so far, or tried to. */
    boolean isUsed() {
        return used;
    }

    /** What all stores so far have done. */
    public RedisStoreStats stats() {
        return sum(before, store.behind().stats());
    }

    @Override
    public void start() {
        RedisStore last = store.behind();
        store.start();
        if (store.behind() != last) {
            before = sum(before, last.stats());
        }
        running = true;
        if (needs.isGuarded()) {
            used = true;
            checked.set(true);
            checked.set(checkAtStart());
        }
    }

    /** Whether the servers answered. */
    private boolean checkAtStart() {
        ServerReport report;
        try {
            report = store.behind().inspect();
        } catch (StoreException unreachable) {
            LOG.log(Level.WARNING, "Redis cannot be reached; guards do without it until it answers", unreachable);
            return false;
        }
        for (String error : report.errors()) {
            throw stopping(error);
        }
        if (!report.isReachable()) {
            LOG.log(
                    Level.WARNING,
                    () -> "Redis cannot be reached; guards do without it until it answers: "
                            + RedisStoreLook.troubles(report));
            return false;
        }
        warn(report);
        requireCapabilities();
        return true;
    }

    private void requireCapabilities() {
        needs.require(store.capabilities(), "redis", EVICTION_CURE);
    }

    private static GuardConfigurationException stopping(String error) {
        int cure = error.indexOf("; ");
        return cure < 0
                ? new GuardConfigurationException(error, "See docs/redis.md for what the store needs.")
                : new GuardConfigurationException(error.substring(0, cure), error.substring(cure + 2));
    }

    private static void warn(ServerReport report) {
        report.warnings().forEach(warning -> LOG.log(Level.WARNING, warning));
    }

    @Override
    public void onConnected(String server) {
        used = true;
        checkUnlessDone();
    }

    @Override
    public void onBreaker(String server, boolean open) {
        used = true;
        if (!open) {
            checkUnlessDone();
        }
    }

    /** Checks servers that were not there at the start, or that nobody has needed until now. */
    private void checkUnlessDone() {
        if (checked.compareAndSet(false, true)) {
            store.behind().inspectAsync().whenComplete((report, failed) -> {
                if (report == null || !report.isReachable()) {
                    checked.set(false);
                } else {
                    checkLate(report);
                }
            });
        }
    }

    private void checkLate(ServerReport report) {
        report.errors().forEach(error -> LOG.log(Level.WARNING, error));
        warn(report);
        try {
            requireCapabilities();
        } catch (GuardConfigurationException missing) {
            LOG.log(Level.WARNING, missing.getMessage());
        }
    }

    @Override
    public void stop() {
        running = false;
        checked.set(false);
        store.stop();
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    @Override
    public int getPhase() {
        return PHASE;
    }

    private static RedisStoreStats sum(RedisStoreStats one, RedisStoreStats other) {
        return new RedisStoreStats(
                one.trips() + other.trips(),
                one.scriptsLoaded() + other.scriptsLoaded(),
                one.late() + other.late(),
                one.undone() + other.undone(),
                one.undoFailed() + other.undoFailed(),
                one.signals() + other.signals(),
                one.gaps() + other.gaps(),
                one.coalescedBatches() + other.coalescedBatches(),
                one.coalescedCalls() + other.coalescedCalls(),
                other.openBreakers());
    }
}
