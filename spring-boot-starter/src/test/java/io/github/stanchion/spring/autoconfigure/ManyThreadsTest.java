package io.github.stanchion.spring.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.stanchion.annotation.RateLimited;
import io.github.stanchion.limit.RateLimitExceededException;
import io.github.stanchion.limit.RateLimiters;
import io.github.stanchion.testkit.VirtualClock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/**
 * 10,000 calls at once, each on a virtual thread where the JDK has them, else on as many platform threads as are sensible.
 * The flight recorder tells of virtual threads that hold on to their carrier while they wait.
 */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class ManyThreadsTest {

    private static final boolean VIRTUAL = Runtime.version().feature() >= 21;
    private static final int CALLS = 10_000;

    private final ApplicationContextRunner contexts = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(StanchionAutoConfiguration.class))
            .withBean(Desk.class)
            .withPropertyValues(
                    "stanchion.rate-limits.desk=1000/1d",
                    "stanchion.rate-limits.patient.limit=1000/50ms",
                    "stanchion.rate-limits.patient.algorithm=interval",
                    "stanchion.rate-limits.patient.max-wait=1m",
                    "stanchion.rate-limits.patient.max-waiters=" + CALLS);

    @TempDir
    private Path folder;

    @Test
    void proxyAdmitsExactlyTheLimit() {
        contexts.withBean(VirtualClock.class).run(context -> {
            Desk desk = context.getBean(Desk.class);

            assertThat(admitted(who -> admits(() -> desk.serve(who)))).isEqualTo(1_000);
            assertThat(desk.served()).isEqualTo(2 * 1_000);
        });
    }

    @Test
    void facadeAdmitsExactlyTheLimit() {
        contexts.withBean(VirtualClock.class).run(context -> {
            RateLimiters limiters = context.getBean(RateLimiters.class);

            assertThat(admitted(who -> limiters.tryAcquire("desk", who).admitted()))
                    .isEqualTo(1_000);
        });
    }

    @Test
    void thoseWhoWaitAreAllAdmittedInTheEnd() {
        contexts.run(context -> {
            Desk desk = context.getBean(Desk.class);

            assertThat(admitted(who -> admits(desk::serveLater))).isEqualTo(CALLS);
            assertThat(desk.served()).isEqualTo(2 * CALLS);
        });
    }

    @Test
    void recorderTellsOfThreadsThatHoldOnToTheirCarrier() throws Exception {
        try (Recording recording = recording()) {
            run(1, () -> Holding.class.getDeclaredField("time").getLong(null) > 0);

            assertThat(held(recording)).hasSize(VIRTUAL ? 1 : 0);
        }
    }

    private static boolean admits(Runnable call) {
        try {
            call.run();
            return true;
        } catch (RateLimitExceededException refused) {
            return false;
        }
    }

    /** Of the calls for one subject, after as many for another: first calls load classes and compile expressions, under monitors. */
    private long admitted(Predicate<String> call) throws Exception {
        run(CALLS, () -> call.test("bob"));
        try (Recording recording = recording()) {
            long admitted = run(CALLS, () -> call.test("alice"));

            assertThat(held(recording)).isEmpty();
            return admitted;
        }
    }

    /** Makes that many calls that begin together; how many of them say true. */
    private static long run(int calls, Callable<Boolean> call) throws Exception {
        CountDownLatch start = new CountDownLatch(1);
        List<Future<Boolean>> running = new ArrayList<>();
        ExecutorService threads = threads();
        try {
            for (int i = 0; i < calls; i++) {
                running.add(threads.submit(() -> {
                    start.await();
                    return call.call();
                }));
            }
            start.countDown();
            long count = 0;
            for (Future<Boolean> one : running) {
                count += one.get() ? 1 : 0;
            }
            return count;
        } finally {
            threads.shutdownNow();
        }
    }

    private static ExecutorService threads() throws ReflectiveOperationException {
        return VIRTUAL
                ? (ExecutorService) Executors.class
                        .getMethod("newVirtualThreadPerTaskExecutor")
                        .invoke(null)
                : Executors.newFixedThreadPool(256);
    }

    private static Recording recording() {
        Recording recording = new Recording();
        recording.enable("jdk.VirtualThreadPinned").withoutThreshold();
        recording.start();
        return recording;
    }

    private List<RecordedEvent> held(Recording recording) throws Exception {
        recording.stop();
        Path file = Files.createTempFile(folder, "threads", ".jfr");
        recording.dump(file);
        return RecordingFile.readAllEvents(file);
    }

    static class Desk {

        private final AtomicInteger served = new AtomicInteger();

        public int served() {
            return served.get();
        }

        @RateLimited(name = "desk", key = "#who")
        public void serve(String who) {
            served.incrementAndGet();
        }

        @RateLimited("patient")
        public void serveLater() {
            served.incrementAndGet();
        }
    }

    /** Whoever initialises it waits with a native frame below, which holds any virtual thread to its carrier. */
    static final class Holding {

        static final long time;

        static {
            LockSupport.parkNanos(1_000_000);
            time = System.nanoTime();
        }

        private Holding() {}
    }
}
