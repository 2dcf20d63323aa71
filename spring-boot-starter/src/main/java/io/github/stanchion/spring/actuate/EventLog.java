package io.github.stanchion.spring.actuate;

import io.github.stanchion.guard.FailurePolicy;
import io.github.stanchion.guard.GuardEvent;
import io.github.stanchion.guard.GuardListener;
import io.github.stanchion.limit.RateLimitDecision;
import io.github.stanchion.limit.RateLimitDegraded;
import io.github.stanchion.limit.RateLimitMissingKey;
import io.github.stanchion.limit.RateLimitRecovered;
import io.github.stanchion.limit.RateLimitSettled;
import io.github.stanchion.limit.RateLimitUnknownPlan;
import io.github.stanchion.limit.RateOutcome;
import io.github.stanchion.lock.LockEvent;
import io.github.stanchion.lock.LockOutcome;
import io.github.stanchion.spring.metrics.PolicyReload;
import io.github.stanchion.spring.store.MemoryPressure;
import io.github.stanchion.store.MicroClock;
import io.github.stanchion.store.StoreException;
import io.github.stanchion.store.StoreKey;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.context.event.EventListener;

/**
 * Remembers what has happened lately in this process, in a ring for each kind of guard and type of event: a flood of refusals
 * pushes out neither the outage that caused it nor what another kind has to tell.
 *
 * <p>Thread-safe. Instants are those of the clock given, which should be the store's.
 */
public final class EventLog implements GuardListener {

    /** The kind of what is about the settings of all guards. */
    static final String POLICIES = "policies";

    private static final String STORE = "store";

    private final Map<Sort, EventRing<Entry>> rings = new ConcurrentHashMap<>();
    private final AtomicLong ids = new AtomicLong();
    private final MicroClock clock;
    private final int size;

    /** @param size how many events of each sort are remembered; 0 = none */
    public EventLog(MicroClock clock, int size) {
        this.clock = clock;
        this.size = size;
    }

    @Override
    public boolean hearsCalls() {
        return false;
    }

    @Override
    public boolean hearsRejections() {
        return size > 0;
    }

    @Override
    public void onEvent(GuardEvent event) {
        if (event instanceof RateLimitDecision decision) {
            if (decision.outcome() == RateOutcome.SHADOW_REJECTED) {
                add(event, "shadow-rejected", Map.of(), decision.key());
            } else if (!decision.outcome().isAdmitted()) {
                add(event, "rejected", Map.of(), decision.key());
            }
        } else if (event instanceof RateLimitDegraded degraded) {
            add(event, "degraded", outage(degraded.answer(), degraded.cause()), null);
        } else if (event instanceof RateLimitRecovered) {
            add(event, "recovered", Map.of(), null);
        } else if (event instanceof RateLimitSettled settled
                && settled.outcome() == RateLimitSettled.Outcome.FORGIVEN) {
            add(event, "forgiven", Map.of("permits", settled.permits()), null);
        } else if (event instanceof RateLimitMissingKey) {
            add(event, "missing-key", Map.of(), null);
        } else if (event instanceof RateLimitUnknownPlan) {
            add(event, "unknown-plan", Map.of(), null);
        } else if (event instanceof LockEvent lock) {
            onLockEvent(lock);
        }
    }

    private void onLockEvent(LockEvent event) {
        if (event instanceof LockEvent.Decided decided) {
            if (decided.outcome() == LockOutcome.SHADOW) {
                add(event, "shadow-rejected", Map.of(), null);
            } else if (decided.rejection() != null) {
                add(event, "rejected", Map.of(), null);
            }
        } else if (event instanceof LockEvent.Lost lost) {
            add(
                    event,
                    "lost",
                    Map.of("reason", word(lost.reason()), "age", lost.age().toString()),
                    null);
        } else if (event instanceof LockEvent.Suspect suspect && suspect.change() == LockEvent.LeaseDoubt.BEGUN) {
            add(event, "suspect", Map.of(), null);
        } else if (event instanceof LockEvent.Vetoed) {
            add(event, "vetoed", Map.of(), null);
        } else if (event instanceof LockEvent.LongHold hold) {
            add(event, "long-hold", Map.of("age", hold.age().toString()), null);
        } else if (event instanceof LockEvent.Degraded degraded) {
            add(event, "degraded", outage(degraded.answer(), degraded.cause()), null);
        } else if (event instanceof LockEvent.Recovered) {
            add(event, "recovered", Map.of(), null);
        }
    }

    private static Map<String, ?> outage(FailurePolicy answer, StoreException cause) {
        return Map.of("runsOn", word(answer), "cause", String.valueOf(cause.getMessage()));
    }

    @EventListener
    void onReload(PolicyReload reload) {
        if (reload.applied()) {
            add(POLICIES, "", "reloaded", Map.of("needRestart", reload.needRestart()), null);
        } else {
            add(POLICIES, "", "reload-refused", Map.of("trouble", String.valueOf(reload.trouble())), null);
        }
    }

    @EventListener
    void onPressure(MemoryPressure pressure) {
        add(STORE, "", word(pressure.now()), Map.of(), null);
    }

    /** An operator has acted by the endpoint. */
    void acted(String kind, String name, Map<String, ?> details) {
        add(kind, name, "action", details, null);
    }

    private void add(GuardEvent event, String type, Map<String, ?> details, @Nullable StoreKey subject) {
        add(event.kind(), event.name(), type, details, subject);
    }

    private void add(String kind, String name, String type, Map<String, ?> details, @Nullable StoreKey subject) {
        if (size > 0) {
            rings.computeIfAbsent(new Sort(kind, type), any -> new EventRing<>(size))
                    .add(new Entry(ids.incrementAndGet(), clock.micros(), kind, name, type, details, subject));
        }
    }

    /** Whom the events of this policy are about. */
    Stream<StoreKey> subjects(String name) {
        return rings.values().stream()
                .flatMap(ring -> ring.all().stream())
                .filter(entry -> entry.name().equals(name))
                .map(Entry::subject)
                .filter(Objects::nonNull);
    }

    /** What is remembered and wanted, the newest first. */
    List<Entry> find(Predicate<Entry> wanted) {
        return rings.values().stream()
                .flatMap(ring -> ring.all().stream())
                .filter(wanted)
                .sorted(Comparator.comparingLong(Entry::id).reversed())
                .toList();
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private record Sort(String kind, String type) {}

    /**
     * One event.
     *
     * @param id greater than that of every earlier one
     * @param name the policy's, empty if it is about none
     * @param subject whom it is about, null if about no single one
     */
    record Entry(
            long id,
            long micros,
            String kind,
            String name,
            String type,
            Map<String, ?> details,
            @Nullable StoreKey subject) {}
}
