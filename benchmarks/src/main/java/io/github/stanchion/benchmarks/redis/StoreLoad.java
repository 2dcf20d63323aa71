package io.github.stanchion.benchmarks.redis;

import io.github.stanchion.redis.RedisUnderTest;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;

/**
 * Loads the server of {@code REDIS_URL}, else one of its own, with decisions made in many ways, and prints a table for each
 * scenario, then what states weigh.
 *
 * <p>The server should have nothing else to do: its counters and processor time are attributed to whoever is measured. Only
 * keys under a prefix of this run are used, and deleted at its end.
 */
public final class StoreLoad {

    /** Sides take turns that often in a scenario, so that a busy moment of the machine hits them all. */
    static final int TURNS = 3;

    private final LoadSettings settings;
    private final String uri;
    private final PrintStream out;
    private final Table table;
    private final String prefix = "load" + UUID.randomUUID().toString().substring(0, 8);
    private final List<Result> results = new ArrayList<>();

    StoreLoad(LoadSettings settings, String uri, PrintStream out) {
        this.settings = settings;
        this.uri = uri;
        this.out = out;
        this.table = new Table(out);
    }

    /**
     * What one side did in one scenario.
     *
     * @param sent commands that clients sent; what else the server ran was called by scripts
     * @param bytes of the first subject's state at the end
     */
    record Result(Scenario scenario, Contender contender, Measured measured, long sent, long bytes) {

        double sentPerDecision() {
            return (double) sent / measured.decisions();
        }

        double calledPerDecision() {
            return (double) (measured.counts().all() - sent) / measured.decisions();
        }
    }

    public static void main(String... arguments) {
        LoadSettings settings = LoadSettings.parse(arguments);
        new StoreLoad(settings, RedisUnderTest.uri(), new PrintStream(System.out, true, StandardCharsets.UTF_8)).run();
    }

    List<Result> run() {
        try (Server server = new Server(uri)) {
            out.printf(
                    Locale.ROOT,
                    "Redis %s, Java %s, %d processors; warm-up %s, measured %s in %d turns%n%n",
                    server.version(),
                    Runtime.version(),
                    Runtime.getRuntime().availableProcessors(),
                    settings.warmUp(),
                    settings.measured(),
                    TURNS);
            try {
                load(server, Limit.GRANTED, settings.keys());
                load(server, Limit.DENIED, List.of(1));
                table.print(Weights.measure(uri, prefix + "w", server));
            } finally {
                server.forget(prefix);
            }
        }
        return List.copyOf(results);
    }

    private void load(Server server, Limit limit, List<Integer> keys) {
        int most = keys.stream().mapToInt(Integer::intValue).max().orElse(1);
        Map<Contender, Side> sides = new EnumMap<>(Contender.class);
        try {
            for (Contender contender : Contender.values()) {
                if (settings.runs(contender.title()) && contender.decides(limit)) {
                    sides.put(contender, contender.open(uri, prefix, limit, most));
                }
            }
            try (Callers callers = new Callers(server, 16)) {
                sides.values().forEach(side -> callers.prepare(side, limit, most));
            }
            for (int subjects : keys) {
                for (int threads : settings.threads()) {
                    Scenario scenario = new Scenario(limit, threads, subjects);
                    List<Result> all = measure(server, scenario, sides);
                    table.print(scenario, all);
                    results.addAll(all);
                }
            }
        } finally {
            sides.values().forEach(Side::close);
        }
    }

    private List<Result> measure(Server server, Scenario scenario, Map<Contender, Side> sides) {
        Map<Contender, Measured> sums = new EnumMap<>(Contender.class);
        try (Callers callers = new Callers(server, scenario.threads())) {
            sides.values().forEach(side -> callers.call(side, scenario.subjects(), settings.warmUp()));
            Duration turn = settings.measured().dividedBy(TURNS);
            for (int i = 0; i < TURNS; i++) {
                sides.forEach((contender, side) ->
                        sums.merge(contender, callers.call(side, scenario.subjects(), turn), Measured::plus));
            }
        }
        List<Result> all = new ArrayList<>();
        sides.forEach((contender, side) -> {
            Measured sum = sums.getOrDefault(contender, Measured.nothing());
            requireSameDecisions(scenario, contender, sum);
            // The key that is weighed may have ended since the last turn.
            boolean unusedDecision = side.decide(0);
            all.add(new Result(scenario, contender, sum, side.sent(sum.counts()), server.bytes(side.keys(0))));
        });
        return all;
    }

    private static void requireSameDecisions(Scenario scenario, Contender contender, Measured sum) {
        long expected = scenario.limit().grants() ? sum.decisions() : 0;
        if (sum.granted() != expected) {
            throw new IllegalStateException("Side '" + contender.title() + "' granted " + sum.granted() + " of "
                    + sum.decisions() + " calls where " + expected + " were to be granted; its figures mean nothing");
        }
    }
}
