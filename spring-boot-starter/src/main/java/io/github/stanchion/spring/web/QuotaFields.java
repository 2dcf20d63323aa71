package io.github.stanchion.spring.web;

import io.github.stanchion.spring.web.RateLimitHeaderSettings.Format;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Writes quotas as HTTP fields: draft-ietf-httpapi-ratelimit-headers (since version 08) in the syntax of RFC 9651, or the
 * older {@code X-RateLimit-*}. Immutable and thread-safe.
 */
final class QuotaFields {

    private static final String POLICY = "RateLimit-Policy";
    private static final String LIMIT = "RateLimit";
    private static final String X_LIMIT = "X-RateLimit-Limit";
    private static final String X_REMAINING = "X-RateLimit-Remaining";
    private static final String X_RESET = "X-RateLimit-Reset";

    /** The largest integer of a structured field. */
    private static final long LARGEST = 999_999_999_999_999L;

    private static final Comparator<Quota> LEAST_LEFT = Comparator.comparing((Quota quota) -> !quota.violated())
            .thenComparingLong(Quota::remaining)
            .thenComparing(Comparator.comparingLong(Quota::resetSeconds).reversed());

    private final RateLimitHeaderSettings settings;

    QuotaFields(RateLimitHeaderSettings settings) {
        this.settings = settings;
    }

    /** Sets the fields that an answer of this status carries, and removes those that it does not. */
    void write(List<Quota> quotas, int status, Sink sink) {
        List<Quota> told = told(quotas, status);
        if (settings.format() == Format.DRAFT) {
            sink.set(POLICY, told.isEmpty() ? null : policies(told));
            sink.set(LIMIT, told.isEmpty() ? null : limits(told));
        } else if (settings.format() == Format.X_RATELIMIT) {
            Quota least = told.stream().min(LEAST_LEFT).orElse(null);
            sink.set(X_LIMIT, least == null ? null : Long.toString(least.quota()));
            sink.set(X_REMAINING, least == null ? null : Long.toString(left(least)));
            sink.set(X_RESET, least == null ? null : Long.toString(least.resetSeconds()));
        }
    }

    private List<Quota> told(List<Quota> quotas, int status) {
        if (status >= 300 && status < 400) {
            return List.of();
        }
        boolean refused = status == 429 && quotas.stream().anyMatch(Quota::violated);
        if (refused) {
            return quotas.stream().filter(Quota::violated).toList();
        }
        Predicate<Quota> which =
                switch (settings.on()) {
                    case ALWAYS -> quota -> true;
                    case LOW -> Quota::isLow;
                    case REJECTED -> quota -> false;
                };
        return quotas.stream().filter(which).toList();
    }

    private static String policies(List<Quota> quotas) {
        StringBuilder text = new StringBuilder(40 * quotas.size());
        for (Quota quota : quotas) {
            item(text, quota)
                    .append(";q=")
                    .append(integer(quota.quota()))
                    .append(";w=")
                    .append(integer(quota.windowSeconds()));
            partition(text, quota);
        }
        return text.toString();
    }

    private static String limits(List<Quota> quotas) {
        StringBuilder text = new StringBuilder(40 * quotas.size());
        for (Quota quota : quotas) {
            item(text, quota)
                    .append(";r=")
                    .append(integer(left(quota)))
                    .append(";t=")
                    .append(integer(quota.resetSeconds()));
            partition(text, quota);
        }
        return text.toString();
    }

    private static long left(Quota quota) {
        return Math.max(0, quota.remaining());
    }

    private static long integer(long value) {
        return Math.min(value, LARGEST);
    }

    private static StringBuilder item(StringBuilder text, Quota quota) {
        if (text.length() > 0) {
            text.append(", ");
        }
        text.append('"');
        String name = quota.policy();
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c == '"' || c == '\\') {
                text.append('\\').append(c);
            } else if (c >= ' ' && c < 0x7f) {
                text.append(c);
            } else {
                int end = name.offsetByCodePoints(i, 1);
                percentEncode(text, name.substring(i, end));
                i = end - 1;
            }
        }
        return text.append('"');
    }

    /** Strings of structured fields are ASCII; what is not, is written as in URLs. */
    private static void percentEncode(StringBuilder text, String characters) {
        for (byte octet : characters.getBytes(StandardCharsets.UTF_8)) {
            text.append('%').append(HexFormat.of().withUpperCase().toHexDigits(octet));
        }
    }

    private static void partition(StringBuilder text, Quota quota) {
        if (quota.partition() != null) {
            text.append(";pk=:").append(quota.partition()).append(':');
        }
    }

    /** Where fields are set. */
    @FunctionalInterface
    interface Sink {

        /** Sets a field in place of its former value, or removes it if the value is null. */
        void set(String field, @Nullable String value);
    }
}
