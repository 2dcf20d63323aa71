package io.github.stanchion.benchmarks.redis;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/**
 * What to run.
 *
 * @param warmUp of each side before each scenario
 * @param measured of each side in each scenario
 * @param threads numbers of callers
 * @param keys numbers of keys for the limit that grants; the one that denies is a single subject's
 * @param without beginnings of the names of sides to leave out
 */
record LoadSettings(
        Duration warmUp, Duration measured, List<Integer> threads, List<Integer> keys, List<String> without) {

    static final String USAGE =
            "[--warm-up 2] [--measured 3] [--threads 1,8,64] [--keys 1,10000] [--without bucket4j,Redisson]";

    LoadSettings {
        threads.forEach(number -> requireWithin("--threads", number, 1_024));
        keys.forEach(number -> requireWithin("--keys", number, 10_000));
    }

    private static void requireWithin(String option, int number, int most) {
        if (number < 1 || number > most) {
            throw new IllegalArgumentException(
                    "Value '" + number + "' of " + option + " is out of range; use 1 to " + most);
        }
    }

    /** The defaults, but for what the program's arguments say. */
    static LoadSettings parse(String... arguments) {
        Duration warmUp = Duration.ofSeconds(2);
        Duration measured = Duration.ofSeconds(3);
        List<Integer> threads = List.of(1, 8, 64);
        List<Integer> keys = List.of(1, 10_000);
        List<String> without = List.of();
        for (int i = 0; i < arguments.length; i += 2) {
            String option = arguments[i];
            if (i + 1 == arguments.length) {
                throw new IllegalArgumentException("Option '" + option + "' has no value; use " + USAGE);
            }
            String value = arguments[i + 1];
            switch (option) {
                case "--warm-up" -> warmUp = seconds(option, value);
                case "--measured" -> measured = seconds(option, value);
                case "--threads" -> threads = numbers(option, value);
                case "--keys" -> keys = numbers(option, value);
                case "--without" -> without = List.of(value.split(",", -1));
                default -> throw new IllegalArgumentException("Option '" + option + "' is unknown; use " + USAGE);
            }
        }
        return new LoadSettings(warmUp, measured, threads, keys, without);
    }

    private static Duration seconds(String option, String value) {
        double seconds;
        try {
            seconds = Double.parseDouble(value);
        } catch (NumberFormatException notOne) {
            throw new IllegalArgumentException(
                    "Value '" + value + "' of " + option + " is no number; use seconds", notOne);
        }
        if (!(seconds >= 0.01 && seconds <= 3_600)) {
            throw new IllegalArgumentException(
                    "Value '" + value + "' of " + option + " is out of range; use 0.01 to 3600 seconds");
        }
        return Duration.ofMillis(Math.round(seconds * 1_000));
    }

    private static List<Integer> numbers(String option, String value) {
        try {
            return Arrays.stream(value.split(",", -1)).map(Integer::valueOf).toList();
        } catch (NumberFormatException notOne) {
            throw new IllegalArgumentException(
                    "Value '" + value + "' of " + option + " is no list of numbers; use such as 1,8,64", notOne);
        }
    }

    boolean runs(String side) {
        return without.stream().noneMatch(side::startsWith);
    }
}
