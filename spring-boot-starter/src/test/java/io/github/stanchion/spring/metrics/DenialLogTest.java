package io.github.stanchion.spring.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.stanchion.guard.GuardEvent;
import java.lang.System.Logger;
import java.util.ArrayList;
import java.util.List;
import java.util.ResourceBundle;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class DenialLogTest {

    private final AtomicLong micros = new AtomicLong(7);
    private final Lines lines = new Lines();
    private final DenialLog log = new DenialLog(micros::get, lines);

    @Test
    void eachIsDebugAndOneAMinuteIsWarningWithTheCountSince() {
        for (int i = 0; i < 100; i++) {
            log.onEvent(new Refusal("search"));
        }
        assertThat(lines.debug).hasSize(100);
        assertThat(lines.warning).singleElement().asString().startsWith("Rejected 1 call by test 'search' ");

        micros.addAndGet(59_999_999);
        log.onEvent(new Refusal("search"));
        assertThat(lines.warning).hasSize(1);

        micros.addAndGet(1);
        log.onEvent(new Refusal("search"));
        assertThat(lines.warning).hasSize(2);
        assertThat(lines.warning.get(1)).startsWith("Rejected 101 calls by test 'search' ");
    }

    @Test
    void otherEventsAreNoDenials() {
        log.onEvent(new Other());

        assertThat(lines.debug).isEmpty();
        assertThat(lines.warning).isEmpty();
    }

    @Test
    void policiesAreCountedApart() {
        log.onEvent(new Refusal("a"));
        log.onEvent(new Refusal("b"));
        assertThat(lines.warning).hasSize(2);
    }

    @Test
    void manyThreadsLoseNoDenialAndWriteOneLineAMinute() throws InterruptedException {
        ExecutorService threads = Executors.newFixedThreadPool(8);
        CountDownLatch start = new CountDownLatch(1);
        for (int t = 0; t < 8; t++) {
            threads.execute(() -> {
                awaitQuietly(start);
                for (int i = 0; i < 1_000; i++) {
                    log.onEvent(new Refusal("search"));
                }
            });
        }
        start.countDown();
        threads.shutdown();
        assertThat(threads.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
        assertThat(lines.warning).hasSize(1);
        long first = count(lines.warning.get(0));
        micros.addAndGet(60_000_000);
        log.onEvent(new Refusal("search"));
        assertThat(first + count(lines.warning.get(1))).isEqualTo(8_001);
    }

    private static long count(String line) {
        return Long.parseLong(line.replaceAll("^Rejected ([0-9]+) .*", "$1"));
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private record Refusal(String name) implements GuardEvent {

        @Override
        public String kind() {
            return "test";
        }

        @Override
        public Supplier<String> rejection() {
            return () -> "Call rejected by test '" + name + "'";
        }
    }

    private record Other() implements GuardEvent {

        @Override
        public String kind() {
            return "test";
        }

        @Override
        public String name() {
            return "search";
        }
    }

    private static final class Lines implements Logger {

        private final List<String> debug = new ArrayList<>();
        private final List<String> warning = new ArrayList<>();

        @Override
        public String getName() {
            return "lines";
        }

        @Override
        public boolean isLoggable(Level level) {
            return true;
        }

        @Override
        public synchronized void log(Level level, ResourceBundle bundle, String msg, Throwable thrown) {
            (level == Level.WARNING ? warning : debug).add(msg);
        }

        @Override
        public synchronized void log(Level level, ResourceBundle bundle, String format, Object... params) {
            (level == Level.WARNING ? warning : debug).add(format);
        }
    }
}
