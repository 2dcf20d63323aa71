package io.github.stanchion.benchmarks.locks;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.stanchion.redis.CommandLog;
import io.github.stanchion.redis.OwnRedis;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a lock costs, as clients send it to one server: ours, Redisson's and that of Spring Integration in one run. */
@Tag("long")
@Timeout(300)
class LockCostsTest {

    private static final int CYCLES = 200;
    private static final int WAITERS = 19;

    private record Costs(double cycle, double handOver) {}

    private static Costs costs(LockContender contender) throws Exception {
        try (OwnRedis server = OwnRedis.start()) {
            List<LockSide> processes = new ArrayList<>();
            ExecutorService threads = Executors.newFixedThreadPool(WAITERS);
            try {
                for (int i = 0; i <= WAITERS; i++) {
                    processes.add(contender.open(server.uri(), "costs"));
                }
                chain(processes, threads, server, "warm");
                double cycle = cycle(processes.get(0), server);
                double handOver = chain(processes, threads, server, "measured");
                return new Costs(cycle, handOver);
            } finally {
                threads.shutdownNow();
                processes.forEach(LockSide::close);
            }
        }
    }

    private static double cycle(LockSide process, OwnRedis server) throws Exception {
        process.take("cycle").free();
        try (CommandLog log = server.commandLog()) {
            for (int i = 0; i < CYCLES; i++) {
                process.take("cycle").free();
            }
            return (double) log.commands().size() / CYCLES;
        }
    }

    /** Commands of a hand-over, once all the others wait. */
    private static double chain(List<LockSide> processes, ExecutorService threads, OwnRedis server, String key)
            throws Exception {
        LockSide.Held held = processes.get(0).take(key);
        List<Future<?>> waiting = new ArrayList<>();
        try (CommandLog log = server.commandLog()) {
            for (LockSide process : processes.subList(1, processes.size())) {
                waiting.add(threads.submit((Callable<Void>) () -> {
                    process.take(key).free();
                    return null;
                }));
            }
            quiet(log);
            held.free();
            for (Future<?> each : waiting) {
                each.get(60, TimeUnit.SECONDS);
            }
            return (double) log.commands().size() / WAITERS;
        }
    }

    /** Until nobody sends anything for a moment: all have asked, and wait. */
    private static void quiet(CommandLog log) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        long last = System.nanoTime();
        while (System.nanoTime() - last < TimeUnit.MILLISECONDS.toNanos(300) && System.nanoTime() < end) {
            if (!log.commands().isEmpty()) {
                last = System.nanoTime();
            }
        }
    }

    @Test
    void ourLockSendsTheFewestCommands() throws Exception {
        Map<LockContender, Costs> all = new EnumMap<>(LockContender.class);
        for (LockContender contender : LockContender.values()) {
            if (contender.waits()) {
                all.put(contender, costs(contender));
            }
        }

        System.out.printf("| lock | commands a cycle | commands a hand-over |%n|---|--:|--:|%n");
        all.forEach((contender, costs) -> System.out.printf(
                Locale.ROOT, "| %s | %.2f | %.2f |%n", contender.title(), costs.cycle(), costs.handOver()));
        Costs ours = all.remove(LockContender.STANCHION);
        assertThat(ours).isNotNull();
        assertThat(ours.cycle()).isEqualTo(2);
        assertThat(ours.handOver()).isLessThanOrEqualTo(2.2);
        assertThat(all.values()).allMatch(others -> others.cycle() >= ours.cycle());
        assertThat(all.values()).allMatch(others -> others.handOver() > ours.handOver());
    }
}
