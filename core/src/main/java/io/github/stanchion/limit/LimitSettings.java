package io.github.stanchion.limit;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How much a rate limit allows, as given: texts, or a structure; exactly one of the three forms.
 *
 * @param limit {@code <refill>/<period>[ burst <capacity>]}, all of which must hold
 * @param bandwidths the same, by another name
 * @param capacity how many permits there are at most; default: refill
 * @param refill how many permits come per period; default: capacity
 * @param period in which the refill comes
 */
public record LimitSettings(
        @Nullable List<String> limit,
        @Nullable List<String> bandwidths,
        @Nullable Long capacity,
        @Nullable Long refill,
        @Nullable Duration period) {

    private static final int MOST_BANDWIDTHS = 8;
    private static final long MOST_PERMITS = 1_000_000_000_000L;
    private static final Duration SHORTEST = Duration.ofMillis(1);
    private static final Duration LONGEST = Duration.ofDays(366);

    public LimitSettings {
        limit = limit == null || limit.isEmpty() ? null : List.copyOf(limit);
        bandwidths = bandwidths == null || bandwidths.isEmpty() ? null : List.copyOf(bandwidths);
    }

    /** Limits as texts. */
    public static LimitSettings of(String... limit) {
        return new LimitSettings(List.of(limit), null, null, null, null);
    }

    boolean isEmpty() {
        return limit == null && bandwidths == null && capacity == null && refill == null && period == null;
    }

    /** Whether the setting of this name is given; {@code limit} asks for any form. */
    boolean gives(String setting) {
        return switch (setting) {
            case "limit" -> limit != null;
            case "bandwidths" -> bandwidths != null;
            case "capacity" -> capacity != null;
            case "refill" -> refill != null;
            case "period" -> period != null;
            default -> false;
        };
    }

    /** The bandwidths, each positive and within bounds. */
    List<Band> bands() {
        boolean structured = capacity != null || refill != null || period != null;
        if ((limit != null ? 1 : 0) + (bandwidths != null ? 1 : 0) + (structured ? 1 : 0) > 1) {
            String second = limit == null || bandwidths == null ? "capacity, refill, period" : "bandwidths";
            String first = limit == null ? "bandwidths" : "limit";
            throw new RateSettingException(
                    first,
                    "Limit",
                    String.join(", ", Objects.requireNonNull(limit == null ? bandwidths : limit)),
                    "is given twice, as " + first + " and as " + second,
                    "keep one of them");
        }
        List<Band> bands = texts();
        if (bands.isEmpty()) {
            bands = List.of(structure());
        }
        if (bands.size() > MOST_BANDWIDTHS) {
            throw new RateSettingException(
                    bands.get(0).setting(),
                    "Number of bandwidths",
                    String.valueOf(bands.size()),
                    "is too large",
                    "use at most " + MOST_BANDWIDTHS);
        }
        bands.forEach(this::check);
        return bands;
    }

    private List<Band> texts() {
        if (limit != null) {
            return limit.stream().map(text -> LimitText.band("limit", text)).toList();
        }
        if (bandwidths != null) {
            return bandwidths.stream()
                    .map(text -> LimitText.band("bandwidths", text))
                    .toList();
        }
        return List.of();
    }

    private Band structure() {
        Long permits = refill == null ? capacity : refill;
        if (permits == null) {
            throw new RateSettingException(
                    "limit", "Limit", "", "is missing", "give limit, as in '100/1m', or capacity and period");
        }
        if (period == null) {
            throw new RateSettingException(
                    capacity == null ? "refill" : "capacity",
                    "Limit",
                    String.valueOf(permits),
                    "has no period",
                    "set period, as in '1m'");
        }
        long most = capacity == null ? permits : capacity;
        String setting = capacity == null ? "refill" : "capacity";
        return new Band(setting, most + " of " + permits + "/" + period, most, permits, period);
    }

    private void check(Band band) {
        requireWithin(setting(band, "capacity"), band.text(), "capacity", band.capacity());
        requireWithin(setting(band, "refill"), band.text(), "refill", band.refill());
        boolean positive = !band.period().isNegative() && !band.period().isZero();
        if (!positive || band.period().compareTo(SHORTEST) < 0 || band.period().compareTo(LONGEST) > 0) {
            throw new RateSettingException(
                    setting(band, "period"),
                    "Limit",
                    band.text(),
                    positive ? "has a period that is out of range" : "has a period that is not positive",
                    "use a period from 1ms to 366d");
        }
    }

    /** Which setting to blame for {@code part} of the bandwidth: its own, unless it was read from a text. */
    private String setting(Band band, String part) {
        return gives(part) ? part : band.setting();
    }

    private static void requireWithin(String setting, String text, String part, long permits) {
        if (permits <= 0) {
            throw new RateSettingException(
                    setting,
                    "Limit",
                    text,
                    "has a " + part + " that is not positive",
                    "use 1 or more permits; to refuse every call, use a plan that is 'blocked'");
        }
        if (permits > MOST_PERMITS) {
            throw new RateSettingException(
                    setting, "Limit", text, "is too large", "use at most " + MOST_PERMITS + " permits");
        }
    }

    /** One bandwidth as given, with the setting and text it was read from. */
    record Band(String setting, String text, long capacity, long refill, Duration period) {

        long periodMicros() {
            return PolicyCompiler.micros(period);
        }

        /** What each of {@code instances} may allow so that all together allow no more, or 1 each if that is less. */
        Band share(int instances, boolean sliding) {
            long part = Math.max(1, capacity / instances);
            return sliding
                    ? new Band(setting, text, part, part, period)
                    : new Band(setting, text, part, refill, period.multipliedBy(instances));
        }
    }
}
