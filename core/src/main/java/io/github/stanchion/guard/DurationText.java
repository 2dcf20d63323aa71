package io.github.stanchion.guard;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads durations as annotations and settings write them: {@code 500ms}, {@code 2s}, {@code 1m30s}. */
public final class DurationText {

    private static final Pattern WHOLE = Pattern.compile("(?:\\d+(?:ms|s|m|h|d))+");
    private static final Pattern STEP = Pattern.compile("(\\d+)(ms|s|m|h|d)");
    private static final Map<String, ChronoUnit> UNITS = Map.of(
            "d", ChronoUnit.DAYS,
            "h", ChronoUnit.HOURS,
            "m", ChronoUnit.MINUTES,
            "s", ChronoUnit.SECONDS,
            "ms", ChronoUnit.MILLIS);

    private DurationText() {}

    /**
     * The duration of this text.
     *
     * @throws Unreadable if it is none, also for a number without a unit
     */
    public static Duration parse(String text) {
        String given = text.strip();
        if (!WHOLE.matcher(given).matches()) {
            throw isBare(given)
                    ? new Unreadable("has no unit", "write '" + given + "s' for seconds; units are ms, s, m, h and d")
                    : new Unreadable(
                            "cannot be read", "write a number and a unit (ms, s, m, h, d), as in '500ms' or '1m30s'");
        }
        Duration sum = Duration.ZERO;
        Matcher step = STEP.matcher(given);
        try {
            while (step.find()) {
                ChronoUnit unit = UNITS.getOrDefault(step.group(2), ChronoUnit.SECONDS);
                sum = sum.plus(Duration.of(Long.parseLong(step.group(1)), unit));
            }
            return sum;
        } catch (ArithmeticException | NumberFormatException tooLong) {
            throw new Unreadable("is too long", "use at most 366d");
        }
    }

    private static boolean isBare(String text) {
        return !text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    /** A text that is no duration; whoever knows where it comes from says so. */
    public static final class Unreadable extends IllegalArgumentException {

        private static final long serialVersionUID = 1L;

        private final String trouble;
        private final String remedy;

        private Unreadable(String trouble, String remedy) {
            super(trouble + "; " + remedy);
            this.trouble = trouble;
            this.remedy = remedy;
        }

        /** What is wrong, a predicate. */
        public String trouble() {
            return trouble;
        }

        /** What to do. */
        public String remedy() {
            return remedy;
        }
    }
}
