package io.github.stanchion.spring.metrics;

import io.github.stanchion.limit.RateLimitSettled;
import io.github.stanchion.limit.RateLimitVerdict;
import io.github.stanchion.limit.RateOutcome;
import io.github.stanchion.limit.RateSource;
import io.github.stanchion.store.MicroClock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * What one rate limit has decided in this process since its start.
 *
 * <p>Thread-safe; counting takes no lock and makes no object. A figure read while calls are counted may lack the latest.
 */
public final class RateLimitCounts {

    private final String name;
    private final Map<RateOutcome, Map<RateSource, LongAdder>> decisions = new EnumMap<>(RateOutcome.class);
    private final Map<CallOutcome, LongAdder> calls = adders(CallOutcome.class);
    private final Map<RateLimitSettled.Outcome, LongAdder> settlements = adders(RateLimitSettled.Outcome.class);
    private final LongAdder permits = new LongAdder();
    private final LongAdder missingKeys = new LongAdder();
    private final LongAdder unknownPlans = new LongAdder();
    private volatile long lastRejectionMicros;
    private volatile @Nullable Degradation degradation;

    RateLimitCounts(String name) {
        this.name = name;
        for (RateOutcome outcome : RateOutcome.values()) {
            decisions.put(outcome, adders(RateSource.class));
        }
    }

    /** An adder for each constant; looking one up makes no object. */
    private static <E extends Enum<E>> Map<E, LongAdder> adders(Class<E> type) {
        Map<E, LongAdder> adders = new EnumMap<>(type);
        for (E each : type.getEnumConstants()) {
            adders.put(each, new LongAdder());
        }
        return adders;
    }

    private static <K, V> V at(Map<K, V> all, K key) {
        return Objects.requireNonNull(all.get(key));
    }

    /** The policy's name. */
    public String name() {
        return name;
    }

    void decided(RateLimitVerdict verdict, MicroClock clock) {
        RateOutcome outcome = verdict.outcome();
        at(at(decisions, outcome), verdict.source()).increment();
        at(calls, CallOutcome.of(verdict)).increment();
        if (outcome == RateOutcome.ADMITTED || outcome == RateOutcome.DELAYED) {
            permits.add(verdict.permits());
        } else if (!outcome.isAdmitted()) {
            lastRejectionMicros = clock.micros();
        }
    }

    void settled(RateLimitSettled.Outcome outcome) {
        at(settlements, outcome).increment();
    }

    void missedKey() {
        missingKeys.increment();
    }

    void missedPlan() {
        unknownPlans.increment();
    }

    void degraded(@Nullable Degradation now) {
        degradation = now;
    }

    /** Decisions of this outcome by this source. */
    public long decisions(RateOutcome outcome, RateSource source) {
        return at(at(decisions, outcome), source).sum();
    }

    /** Decisions of this outcome. */
    public long decisions(RateOutcome outcome) {
        long sum = 0;
        for (LongAdder bySource : at(decisions, outcome).values()) {
            sum += bySource.sum();
        }
        return sum;
    }

    /** Calls as all kinds of guards count them. */
    public long calls(CallOutcome outcome) {
        return at(calls, outcome).sum();
    }

    /** How often charges were corrected. */
    public long settlements(RateLimitSettled.Outcome outcome) {
        return at(settlements, outcome).sum();
    }

    /** Permits charged before calls ran. */
    public long permits() {
        return permits.sum();
    }

    /** Calls whose key was null. */
    public long missingKeys() {
        return missingKeys.sum();
    }

    /** Calls whose plan was null or none of the policy's. */
    public long unknownPlans() {
        return unknownPlans.sum();
    }

    /** When a call was last refused, null if none was. */
    public @Nullable Instant lastRejection() {
        long micros = lastRejectionMicros;
        return micros == 0 ? null : Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
    }

    /** What the policy runs on while its store is away, null while it is not. */
    public @Nullable Degradation degradation() {
        return degradation;
    }
}
