package io.github.stanchion.benchmarks.locks;

import io.github.stanchion.benchmarks.redis.Server;
import io.github.stanchion.benchmarks.redis.ServerCounts;
import io.github.stanchion.redis.RedisUnderTest;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.HdrHistogram.Histogram;

/**
 * How long locks take on the server of {@code REDIS_URL}, else on one of its own: a cycle of one caller, a hand-over among
 * processes that wait, and the wait of many threads of one process. How many commands they send is asserted by tests.
 *
 * <p>The server should have nothing else to do: its processor time is attributed to whoever is measured.
 */
public final class LockLoad {

    private static final int PROCESSES = 20;
    private static final int CALLERS = 64;
    private static final int RIVALS = 8;

    private final int turns;
    private final Duration warmUp;
    private final Duration turn;
    private final String uri;
    private final PrintStream out;
    private final String prefix = "load" + UUID.randomUUID().toString().substring(0, 8);

    /** @param turns that all sides take one after the other, so that a busy moment of the machine hits them all */
    LockLoad(int turns, Duration warmUp, Duration turn, String uri, PrintStream out) {
        this.turns = turns;
        this.warmUp = warmUp;
        this.turn = turn;
        this.uri = uri;
        this.out = out;
    }

    public static void main(String... arguments) throws InterruptedException {
        if (arguments.length > 0) {
            throw new IllegalArgumentException("Option '" + arguments[0] + "' is unknown; this program has none");
        }
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        new LockLoad(3, Duration.ofSeconds(4), Duration.ofSeconds(2), RedisUnderTest.uri(), out).run();
    }

    void run() throws InterruptedException {
        try (Server server = new Server(uri);
                Contest contest = new Contest()) {
            try {
                cycles(server, contest);
                handOvers(contest);
                row("### %d threads of one process want one lock, over and over", CALLERS);
                waits(contest, 1, CALLERS);
                row("### %d processes want one lock, over and over", RIVALS);
                waits(contest, RIVALS, RIVALS);
            } finally {
                server.forget(prefix);
            }
        }
    }

    private List<LockSide> open(LockContender contender, int processes) {
        String own = prefix + contender.name().toLowerCase(Locale.ROOT);
        return IntStream.range(0, processes)
                .mapToObj(i -> contender.open(uri, own))
                .toList();
    }

    private static List<LockContender> waiting() {
        return Arrays.stream(LockContender.values())
                .filter(LockContender::waits)
                .toList();
    }

    /** One process that takes and frees a lock, and what that takes. */
    private static final class Cycling {

        private final LockContender contender;
        private final LockSide side;
        private final Histogram nanos = new Histogram(2);
        private double cpuMicros;

        private Cycling(LockContender contender, LockSide side) {
            this.contender = contender;
            this.side = side;
        }
    }

    private void cycles(Server server, Contest contest) throws InterruptedException {
        List<Cycling> all = new ArrayList<>();
        try {
            for (LockContender contender : LockContender.values()) {
                LockSide side = open(contender, 1).get(0);
                all.add(new Cycling(contender, side));
                contest.cycles(side, warmUp);
            }
            for (int i = 0; i < turns; i++) {
                for (Cycling each : all) {
                    ServerCounts before = server.counts();
                    each.nanos.add(contest.cycles(each.side, turn));
                    each.cpuMicros += server.counts().since(before).cpuMicros();
                }
            }
        } finally {
            all.forEach(each -> each.side.close());
        }
        row("### One caller takes and frees a lock that nobody else wants");
        row("");
        row("| lock | p50 us | p99 us | server CPU us |");
        row("|---|--:|--:|--:|");
        all.forEach(each -> row(
                "| %s | %,.0f | %,.0f | %.1f |",
                each.contender.title(),
                each.nanos.getValueAtPercentile(50) / 1e3,
                each.nanos.getValueAtPercentile(99) / 1e3,
                each.cpuMicros / each.nanos.getTotalCount()));
        row("");
    }

    private void handOvers(Contest contest) throws InterruptedException {
        Map<LockContender, Histogram> all = new EnumMap<>(LockContender.class);
        for (int i = 0; i < turns; i++) {
            for (LockContender contender : waiting()) {
                List<LockSide> processes = open(contender, PROCESSES);
                try {
                    contest.handOvers(processes, i == 0 ? warmUp : warmUp.dividedBy(4));
                    all.computeIfAbsent(contender, same -> new Histogram(2)).add(contest.handOvers(processes, turn));
                } finally {
                    processes.forEach(LockSide::close);
                }
            }
        }
        row("### A lock goes through %d processes that wait for it", PROCESSES - 1);
        row("");
        row("| lock | hand-overs | p50 us | p99 us |");
        row("|---|--:|--:|--:|");
        all.forEach((contender, nanos) -> row(
                "| %s | %,d | %,.0f | %,.0f |",
                contender.title(),
                nanos.getTotalCount(),
                nanos.getValueAtPercentile(50) / 1e3,
                nanos.getValueAtPercentile(99) / 1e3));
        row("");
    }

    private void waits(Contest contest, int processes, int callers) {
        row("");
        row("| lock | cycles/s | p50 ms | p99.9 ms | longest ms | cycles of a thread: fewest, mean |");
        row("|---|--:|--:|--:|--:|--:|");
        Duration time = turn.multipliedBy(turns);
        for (LockContender contender : waiting()) {
            List<LockSide> all = open(contender, processes);
            try {
                contest.waits(all, callers, warmUp);
                List<Histogram> each = contest.waits(all, callers, time);
                Histogram waits = new Histogram(2);
                each.forEach(waits::add);
                row(
                        "| %s | %,.0f | %,.1f | %,.1f | %,.1f | %,d, %,d |",
                        contender.title(),
                        waits.getTotalCount() * 1e9 / time.toNanos(),
                        waits.getValueAtPercentile(50) / 1e6,
                        waits.getValueAtPercentile(99.9) / 1e6,
                        waits.getMaxValue() / 1e6,
                        each.stream().mapToLong(Histogram::getTotalCount).min().orElse(0),
                        waits.getTotalCount() / callers);
            } finally {
                all.forEach(LockSide::close);
            }
        }
        row("");
    }

    private void row(String format, Object... values) {
        out.printf(Locale.ROOT, format + "%n", values);
    }
}
