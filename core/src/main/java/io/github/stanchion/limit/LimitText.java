package io.github.stanchion.limit;

import io.github.stanchion.guard.DurationText;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the texts of limits and periods, and writes them. */
final class LimitText {

    private static final Pattern LIMIT = Pattern.compile("(-?\\d+)\\s*/\\s*(\\S+)(?:\\s+burst\\s+(-?\\d+))?");
    private static final Map<String, ChronoUnit> UNITS = units();

    private LimitText() {}

    private static Map<String, ChronoUnit> units() {
        Map<String, ChronoUnit> units = new LinkedHashMap<>();
        units.put("d", ChronoUnit.DAYS);
        units.put("h", ChronoUnit.HOURS);
        units.put("m", ChronoUnit.MINUTES);
        units.put("s", ChronoUnit.SECONDS);
        units.put("ms", ChronoUnit.MILLIS);
        return units;
    }

    /** Reads {@code <refill>/<period>[ burst <capacity>]}. */
    static LimitSettings.Band band(String setting, String text) {
        Matcher matcher = LIMIT.matcher(text.strip());
        if (!matcher.matches()) {
            throw new RateSettingException(
                    setting,
                    "Limit",
                    text,
                    "cannot be read",
                    "write <permits>/<period>, as in '100/1m', or with a burst, as in '100/1m burst 200'");
        }
        long refill = number(setting, text, matcher.group(1));
        Duration period = period(setting, text, matcher.group(2));
        long capacity = matcher.group(3) == null ? refill : number(setting, text, matcher.group(3));
        return new LimitSettings.Band(setting, text, capacity, refill, period);
    }

    private static long number(String setting, String text, String digits) {
        try {
            return Long.parseLong(digits);
        } catch (NumberFormatException tooLong) {
            throw new RateSettingException(
                    setting, "Limit", text, "holds a number that is too large", "use at most 1000000000000 permits");
        }
    }

    private static Duration period(String setting, String limit, String text) {
        try {
            return duration(setting, "Period", text);
        } catch (RateSettingException unreadable) {
            String trouble = isBare(text) ? "has a period without a unit" : "has a period that cannot be read";
            throw new RateSettingException(setting, "Limit", limit, trouble, unreadable.remedy());
        }
    }

    private static boolean isBare(String text) {
        return !text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    /** Reads a duration such as {@code 500ms}, {@code 2s} or {@code 1m30s}; a number without a unit is refused. */
    static Duration duration(String setting, String thing, String text) {
        try {
            return DurationText.parse(text);
        } catch (DurationText.Unreadable trouble) {
            throw new RateSettingException(setting, thing, text, trouble.trouble(), trouble.remedy());
        }
    }

    /** Writes a duration in the largest unit that holds it in whole numbers; micros below a millisecond as {@code us}. */
    static String write(long micros) {
        for (Map.Entry<String, ChronoUnit> unit : UNITS.entrySet()) {
            long length = unit.getValue().getDuration().toNanos() / 1_000;
            if (micros >= length && micros % length == 0) {
                return micros / length + unit.getKey();
            }
        }
        return micros + "us";
    }
}
