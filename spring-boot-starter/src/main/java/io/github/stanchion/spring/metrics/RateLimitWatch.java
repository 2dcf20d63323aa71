package io.github.stanchion.spring.metrics;

import io.github.stanchion.guard.GuardEvent;
import io.github.stanchion.guard.GuardListener;
import io.github.stanchion.limit.RateLimitDecision;
import io.github.stanchion.limit.RateLimitDegraded;
import io.github.stanchion.limit.RateLimitMissingKey;
import io.github.stanchion.limit.RateLimitRecovered;
import io.github.stanchion.limit.RateLimitSettled;
import io.github.stanchion.limit.RateLimitUnknownPlan;
import io.github.stanchion.store.MicroClock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Hears all rate limits and counts what they decide, by policy; never by key.
 *
 * <p>Thread-safe. Instants are those of the clock given, which should be the store's.
 */
public final class RateLimitWatch implements GuardListener {

    private final ConcurrentHashMap<String, RateLimitCounts> byName = new ConcurrentHashMap<>();
    private final List<Consumer<RateLimitCounts>> watchers = new ArrayList<>();
    private final ReentrantLock adding = new ReentrantLock();
    private final MicroClock clock;

    public RateLimitWatch(MicroClock clock) {
        this.clock = clock;
    }

    @Override
    public void onEvent(GuardEvent event) {
        if (event instanceof RateLimitDecision decision) {
            of(decision.name()).decided(decision.verdict(), clock);
        } else if (event instanceof RateLimitSettled settled) {
            of(settled.name()).settled(settled.outcome());
        } else if (event instanceof RateLimitMissingKey missing) {
            of(missing.name()).missedKey();
        } else if (event instanceof RateLimitUnknownPlan unknown) {
            of(unknown.name()).missedPlan();
        } else if (event instanceof RateLimitDegraded degraded) {
            Instant now = Instant.EPOCH.plus(clock.micros(), ChronoUnit.MICROS);
            of(degraded.name()).degraded(new Degradation(degraded.answer(), now));
        } else if (event instanceof RateLimitRecovered recovered) {
            of(recovered.name()).degraded(null);
        }
    }

    /** The counts of this policy, all 0 if nothing has been heard of it; then they exist from now on. */
    public RateLimitCounts of(String name) {
        RateLimitCounts known = byName.get(name);
        return known == null ? added(name) : known;
    }

    private RateLimitCounts added(String name) {
        adding.lock();
        try {
            RateLimitCounts known = byName.get(name);
            if (known != null) {
                return known;
            }
            RateLimitCounts fresh = new RateLimitCounts(name);
            byName.put(name, fresh);
            watchers.forEach(watcher -> watcher.accept(fresh));
            return fresh;
        } finally {
            adding.unlock();
        }
    }

    /** The counts of this policy, null if nothing has been heard of it. */
    public @Nullable RateLimitCounts find(String name) {
        return byName.get(name);
    }

    /** The counts of all policies that have been heard or asked of. */
    public Collection<RateLimitCounts> all() {
        return Collections.unmodifiableCollection(byName.values());
    }

    /** Hands each policy's counts to {@code watcher} once: those known now, and others when they come. */
    void eachOnce(Consumer<RateLimitCounts> watcher) {
        adding.lock();
        try {
            watchers.add(watcher);
            byName.values().forEach(watcher);
        } finally {
            adding.unlock();
        }
    }
}
