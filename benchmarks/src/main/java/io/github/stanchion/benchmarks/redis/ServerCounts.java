package io.github.stanchion.benchmarks.redis;

import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a server has done since it started, or between two looks at it.
 *
 * @param calls of each command, by its name in lower case, those that scripts made included
 * @param cpuMicros processor time of the whole server
 */
public record ServerCounts(Map<String, Long> calls, double cpuMicros) {

    static final ServerCounts NONE = new ServerCounts(Map.of(), 0);

    private static final Pattern CALLS = Pattern.compile("cmdstat_([^:]+):calls=(\\d+)");
    private static final Pattern CPU = Pattern.compile("used_cpu_(?:sys|user):([0-9.]+)");

    /** Reads the sections of INFO that tell. */
    static ServerCounts of(String commandstats, String cpu) {
        Map<String, Long> calls = new HashMap<>();
        Matcher entry = CALLS.matcher(commandstats);
        while (entry.find()) {
            calls.put(entry.group(1), Long.valueOf(entry.group(2)));
        }
        // Of this program's own looks, and of clients that keep a connection alive.
        calls.remove("info");
        calls.remove("ping");
        double micros = 0;
        Matcher part = CPU.matcher(cpu);
        while (part.find()) {
            micros += Double.parseDouble(part.group(1)) * 1_000_000;
        }
        return new ServerCounts(calls, micros);
    }

    long of(String command) {
        return calls.getOrDefault(command, 0L);
    }

    long all() {
        return calls.values().stream().mapToLong(Long::longValue).sum();
    }

    public ServerCounts since(ServerCounts before) {
        Map<String, Long> difference = new HashMap<>();
        calls.forEach((command, count) -> difference.put(command, count - before.of(command)));
        return new ServerCounts(difference, cpuMicros - before.cpuMicros);
    }

    ServerCounts plus(ServerCounts other) {
        Map<String, Long> sum = new HashMap<>(calls);
        other.calls.forEach((command, count) -> sum.merge(command, count, Long::sum));
        return new ServerCounts(sum, cpuMicros + other.cpuMicros);
    }
}
