package io.github.stanchion.limit;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How many permits a process may charge ahead and spend by itself, as given.
 *
 * @param permits the most that one process holds of a subject at a time; null for no leasing
 * @param ttl how long it may spend them; default 200 ms
 */
public record LeaseSettings(@Nullable Long permits, @Nullable Duration ttl) {

    private static final Duration USUAL_TTL = Duration.ofMillis(200);

    private static final Duration SHORTEST = Duration.ofMillis(10);
    private static final Duration LONGEST = Duration.ofSeconds(10);
    private static final long LONGEST_HOLD_OFF_MICROS = 50_000;

    boolean isEmpty() {
        return permits == null && ttl == null;
    }

    LeaseSettings over(@Nullable LeaseSettings lower) {
        return lower == null
                ? this
                : new LeaseSettings(permits == null ? lower.permits : permits, ttl == null ? lower.ttl : ttl);
    }

    /**
     * The terms of these settings for a bucket of these bandwidths.
     * @throws RateSettingException if they make no sense there
     */
    LeaseTerms terms(List<LimitSettings.Band> bands) {
        Duration time = ttlOrUsual();
        if (permits == null) {
            throw refused("ttl", time.toString(), "has no permits", "set lease.permits, or drop lease.ttl");
        }
        String value = String.valueOf(permits);
        if (permits < 1) {
            throw refused("permits", value, "is not positive", "use 1 or more, or drop the lease");
        }
        long capacity = PolicyCompiler.leastCapacity(bands);
        long most = capacity / 2;
        if (permits > most) {
            String remedy = most == 0 ? "drop the lease, or raise the limit" : "use 1 to " + most;
            throw refused("permits", value, "is above half of the capacity " + capacity, remedy);
        }
        if (time.compareTo(SHORTEST) < 0 || time.compareTo(LONGEST) > 0) {
            throw refused("ttl", time.toString(), "is out of range", "use 10ms to 10s");
        }
        return new LeaseTerms(permits, time.toNanos(), holdOffMicros(time, bands));
    }

    /**
     * Twice as long at most is held off: less than a lease lives, and so much less than the bucket takes to fill that nothing
     * which flows in is lost. Where a permit takes longer, the store alone knows when to come back.
     */
    private static long holdOffMicros(Duration ttl, List<LimitSettings.Band> bands) {
        double longest = Math.min(LONGEST_HOLD_OFF_MICROS, PolicyCompiler.micros(ttl) / 4);
        double onePermit = 0;
        for (LimitSettings.Band band : bands) {
            double each = (double) band.periodMicros() / band.refill();
            longest = Math.min(longest, band.capacity() * each / 8);
            onePermit = Math.max(onePermit, each);
        }
        return longest < onePermit ? 0 : (long) longest;
    }

    private static RateSettingException refused(String setting, String value, String trouble, String remedy) {
        return new RateSettingException("lease." + setting, "Lease", value, trouble, remedy);
    }

    /** How long leased permits may be spent. */
    public Duration ttlOrUsual() {
        return ttl == null ? USUAL_TTL : ttl;
    }
}
