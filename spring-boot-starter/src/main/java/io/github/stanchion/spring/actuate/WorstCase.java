package io.github.stanchion.spring.actuate;

import io.github.stanchion.annotation.RateAlgorithm;
import io.github.stanchion.limit.Bandwidth;
import io.github.stanchion.limit.RateLimitPolicy;
import java.util.Locale;
import java.util.stream.Collectors;

/** Says in words how much a limit lets through at the very most. */
final class WorstCase {

    private static final String[] UNITS = {"d", "h", "m", "s", "ms"};
    private static final long[] UNIT_MICROS = {86_400_000_000L, 3_600_000_000L, 60_000_000L, 1_000_000L, 1_000L};

    private WorstCase() {}

    /** {@code at most 200 in any 1m} for 100 per minute; of several bandwidths each holds. */
    static String of(RateLimitPolicy policy) {
        if (policy.isUnlimited()) {
            return "no bound";
        }
        if (policy.isBlocked()) {
            return "nothing";
        }
        String bounds = policy.bandwidths().stream()
                .map(bandwidth -> of(policy.algorithm(), bandwidth))
                .collect(Collectors.joining(", and "));
        return policy.maxDebt() == 0 ? bounds : bounds + "; settling may add a debt of up to " + policy.maxDebt();
    }

    private static String of(RateAlgorithm algorithm, Bandwidth bandwidth) {
        long capacity = bandwidth.capacity();
        String window = " in any " + period(bandwidth.periodMicros());
        return switch (algorithm) {
            case TOKEN_BUCKET -> "at most " + (capacity + bandwidth.refill()) + window;
            // What a period leaves over adds up to the capacity, which the next period cannot exceed either.
            case INTERVAL -> "at most " + (capacity + Math.min(capacity, bandwidth.refill())) + window;
            case SLIDING_WINDOW -> "fewer than " + 2 * capacity + window;
            case SLIDING_LOG -> "at most " + capacity + window;
        };
    }

    private static String period(long micros) {
        for (int i = 0; i < UNITS.length; i++) {
            if (micros % UNIT_MICROS[i] == 0) {
                return String.format(Locale.ROOT, "%d%s", micros / UNIT_MICROS[i], UNITS[i]);
            }
        }
        return String.format(Locale.ROOT, "%dus", micros);
    }
}
