package io.github.stanchion.spring.actuate;

import io.github.stanchion.guard.GuardEvent;
import io.github.stanchion.guard.GuardListener;
import io.github.stanchion.limit.RateLimitDecision;
import io.github.stanchion.limit.RateOutcome;
import io.github.stanchion.store.MicroClock;
import io.github.stanchion.store.StoreKey;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The subjects whose calls a rate limit has refused most often in this process, also those that shadow mode let through.
 *
 * <p>Keeps {@value #MOST} subjects of each policy, by Space-Saving (Metwally, Agrawal, El Abbadi, 2005): a newcomer takes the
 * place of the least refused and its count, which is how much its own may be too high. Thread-safe; nobody waits: where two
 * newcomers meet, one is not counted.
 */
public final class RefusedSubjects implements GuardListener {

    /** Enough for those that are shown to be right, where any are much refused. */
    private static final int MOST = 64;

    private final Map<String, Tally> tallies = new ConcurrentHashMap<>();
    private final MicroClock clock;

    public RefusedSubjects(MicroClock clock) {
        this.clock = clock;
    }

    @Override
    public boolean hearsCalls() {
        return false;
    }

    @Override
    public boolean hearsRejections() {
        return true;
    }

    @Override
    public void onEvent(GuardEvent event) {
        if (event instanceof RateLimitDecision decision && isRefused(decision)) {
            StoreKey key = decision.key();
            if (key != null) {
                tally(decision.name()).count(key, clock.micros());
            }
        }
    }

    private static boolean isRefused(RateLimitDecision decision) {
        return decision.outcome() == RateOutcome.SHADOW_REJECTED
                || !decision.outcome().isAdmitted() && !decision.verdict().storeFailed();
    }

    private Tally tally(String policy) {
        Tally known = tallies.get(policy);
        return known == null ? tallies.computeIfAbsent(policy, any -> new Tally()) : known;
    }

    /** The most refused subjects of this policy, as its annotation or file spells it; the most refused first. */
    List<Refused> of(String policy) {
        Tally tally = tallies.get(policy);
        return tally == null ? List.of() : tally.ranked();
    }

    /**
     * One subject.
     *
     * @param refused how often it was refused, or a little less
     * @param tooHighBy how much {@code refused} may be too high
     * @param lastMicros when it was last refused
     */
    record Refused(StoreKey subject, long refused, long tooHighBy, long lastMicros) {}

    private static final class Tally {

        private final Map<StoreKey, Count> counts = new ConcurrentHashMap<>();
        private final ReentrantLock replacing = new ReentrantLock();

        private void count(StoreKey subject, long nowMicros) {
            Count known = counts.get(subject);
            if (known == null) {
                known = added(subject);
            }
            if (known != null) {
                known.times.incrementAndGet();
                known.lastMicros = nowMicros;
            }
        }

        private @Nullable Count added(StoreKey subject) {
            if (!replacing.tryLock()) {
                return null;
            }
            try {
                Count known = counts.get(subject);
                if (known != null) {
                    return known;
                }
                long inherited = counts.size() < MOST ? 0 : dropLeast();
                Count fresh = new Count(inherited);
                counts.put(subject, fresh);
                return fresh;
            } finally {
                replacing.unlock();
            }
        }

        private long dropLeast() {
            Map.Entry<StoreKey, Count> least = null;
            for (Map.Entry<StoreKey, Count> entry : counts.entrySet()) {
                if (least == null
                        || entry.getValue().times.get() < least.getValue().times.get()) {
                    least = entry;
                }
            }
            if (least == null) {
                return 0;
            }
            counts.remove(least.getKey());
            return least.getValue().times.get();
        }

        private List<Refused> ranked() {
            return counts.entrySet().stream()
                    .map(entry -> entry.getValue().of(entry.getKey()))
                    .sorted(Comparator.comparingLong(Refused::refused)
                            .thenComparing(Refused::lastMicros)
                            .reversed())
                    .toList();
        }
    }

    private static final class Count {

        private final AtomicLong times;
        private final long inherited;
        private volatile long lastMicros;

        private Count(long inherited) {
            this.inherited = inherited;
            this.times = new AtomicLong(inherited);
        }

        private Refused of(StoreKey subject) {
            return new Refused(subject, times.get(), inherited, lastMicros);
        }
    }
}
