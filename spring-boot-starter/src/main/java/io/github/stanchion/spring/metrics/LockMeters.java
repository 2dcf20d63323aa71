package io.github.stanchion.spring.metrics;

import io.github.stanchion.guard.GuardEvent;
import io.github.stanchion.guard.GuardListener;
import io.github.stanchion.lock.LeaseLoss;
import io.github.stanchion.lock.LockEvent;
import io.github.stanchion.lock.LockEvent.LeaseDoubt;
import io.github.stanchion.lock.LockEvent.RenewalOutcome;
import io.github.stanchion.lock.LockOutcome;
import io.github.stanchion.lock.LockPolicies;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Shows what locks tell as Micrometer meters: of locks that a file or an annotation names from the start on, of others from
 * their first call on.
 *
 * <p>Thread-safe. Tags are names of policies, outcomes and reasons, never a key.
 */
public final class LockMeters implements MeterBinder, GuardListener {

    private static final String LOCK = "stanchion.lock.";

    private final LockPolicies policies;
    private final Supplier<Number> holders;
    private final Supplier<Number> waiting;
    private final CopyOnWriteArrayList<Registered> registries = new CopyOnWriteArrayList<>();

    /**
     * @param holders how many locks this process holds
     * @param waiting how many of its calls wait for one
     */
    public LockMeters(LockPolicies policies, Supplier<Number> holders, Supplier<Number> waiting) {
        this.policies = policies;
        this.holders = holders;
        this.waiting = waiting;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        Gauge.builder(LOCK + "holders", holders)
                .description("Locks that this process holds")
                .register(registry);
        Gauge.builder(LOCK + "waiting", waiting)
                .description("Calls of this process that wait for a lock")
                .register(registry);
        Registered registered = new Registered(registry);
        registries.add(registered);
        policies.watch(() -> policies.names().forEach(registered::of));
    }

    @Override
    public void onEvent(GuardEvent event) {
        if (event instanceof LockEvent told) {
            for (Registered registry : registries) {
                registry.of(told.name()).record(told);
            }
        }
    }

    /** The meters of all locks in one registry. */
    private static final class Registered {

        private final MeterRegistry registry;
        private final ConcurrentHashMap<String, OneLock> byName = new ConcurrentHashMap<>();

        private Registered(MeterRegistry registry) {
            this.registry = registry;
        }

        private OneLock of(String name) {
            OneLock known = byName.get(name);
            return known == null ? byName.computeIfAbsent(name, any -> new OneLock(name, registry)) : known;
        }
    }

    /** The meters of one lock. */
    private static final class OneLock {

        private final Map<LockOutcome, Counter> acquisitions;
        private final Map<CallOutcome, Counter> calls;
        private final Map<LeaseLoss, Counter> losses;
        private final Map<RenewalOutcome, Counter> renewals;
        private final Counter vetoes;
        private final Timer wait;
        private final Timer held;
        private final AtomicInteger suspect = new AtomicInteger();
        private final AtomicInteger degraded = new AtomicInteger();

        private OneLock(String name, MeterRegistry registry) {
            Tags tags = Tags.of("name", name);
            acquisitions = counters(
                    LockOutcome.class,
                    outcome -> counter(
                            registry,
                            "acquisitions",
                            "How calls fared with their lock",
                            tags.and("outcome", tag(outcome))));
            calls = counters(CallOutcome.class, outcome -> Counter.builder("stanchion.guard.calls")
                    .description("Decisions of guards of all kinds")
                    .tags(tags.and("kind", "lock", "outcome", outcome.tag()))
                    .register(registry));
            losses = counters(
                    LeaseLoss.class,
                    reason -> counter(registry, "lost", "Locks lost while held", tags.and("reason", tag(reason))));
            renewals = counters(
                    RenewalOutcome.class,
                    outcome -> counter(registry, "renewals", "Renewals of leases", tags.and("outcome", tag(outcome))));
            vetoes = counter(registry, "vetoed", "Commits that a lost lock has kept from happening", tags);
            wait = timer(registry, "wait", "Time until a call had its lock, or had not", tags);
            held = timer(registry, "held", "Time for which locks were held", tags);
            gauge(registry, "suspect", "Locks that have not been renewed for two thirds of their lease", tags, suspect);
            gauge(registry, "degraded", "1 while the lock's store is away", tags, degraded);
        }

        private void record(LockEvent told) {
            if (told instanceof LockEvent.Decided decided) {
                at(acquisitions, decided.outcome()).increment();
                at(calls, CallOutcome.of(decided.outcome())).increment();
                if (decided.outcome() != LockOutcome.REENTERED) {
                    wait.record(decided.waited());
                }
            } else if (told instanceof LockEvent.Released released) {
                held.record(released.held());
            } else if (told instanceof LockEvent.Lost lost) {
                at(losses, lost.reason()).increment();
            } else if (told instanceof LockEvent.Renewed renewed) {
                at(renewals, renewed.outcome()).increment();
            } else if (told instanceof LockEvent.Vetoed) {
                vetoes.increment();
            } else if (told instanceof LockEvent.Suspect doubt) {
                suspect.addAndGet(doubt.change() == LeaseDoubt.BEGUN ? 1 : -1);
            } else if (told instanceof LockEvent.Degraded) {
                degraded.set(1);
            } else if (told instanceof LockEvent.Recovered) {
                degraded.set(0);
            }
        }

        private static <K, V> V at(Map<K, V> all, K key) {
            return Objects.requireNonNull(all.get(key));
        }

        private static <E extends Enum<E>> Map<E, Counter> counters(Class<E> type, Function<E, Counter> maker) {
            Map<E, Counter> counters = new EnumMap<>(type);
            for (E each : type.getEnumConstants()) {
                counters.put(each, maker.apply(each));
            }
            return counters;
        }

        private static Counter counter(MeterRegistry registry, String meter, String description, Tags tags) {
            return Counter.builder(LOCK + meter)
                    .description(description)
                    .tags(tags)
                    .register(registry);
        }

        private static Timer timer(MeterRegistry registry, String meter, String description, Tags tags) {
            return Timer.builder(LOCK + meter)
                    .description(description)
                    .tags(tags)
                    .register(registry);
        }

        private static void gauge(
                MeterRegistry registry, String meter, String description, Tags tags, AtomicInteger value) {
            Gauge.builder(LOCK + meter, value, AtomicInteger::get)
                    .description(description)
                    .tags(tags)
                    .register(registry);
        }

        private static String tag(Enum<?> value) {
            return value.name().toLowerCase(Locale.ROOT);
        }
    }
}
