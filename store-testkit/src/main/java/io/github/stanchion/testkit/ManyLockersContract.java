package io.github.stanchion.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.stanchion.lock.Lease;
import io.github.stanchion.lock.LockPolicies;
import io.github.stanchion.lock.LockSettings;
import io.github.stanchion.lock.Locks;
import io.github.stanchion.store.AtomicStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * 10,000 calls for one lock, each on a virtual thread where the JDK has them, else on as many platform threads as are sensible.
 *
 * <p>The flight recorder tells of virtual threads that hold on to their carrier while they wait. Time is real.
 */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
public abstract class ManyLockersContract {

    private static final boolean VIRTUAL = Runtime.version().feature() >= 21;
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int CALLS = 10_000;
    private static final int FIRST_CALLS = 10;
    private static final int AT_ONCE = VIRTUAL ? CALLS : 256;

    private int count;

    /** Opens the store; the test closes it. */
    protected abstract AtomicStore store();

    @Test
    void allAreInsideOneAfterTheOtherAndHoldOnToNoCarrier(@TempDir Path folder) throws Exception {
        LockSettings patient =
                LockSettings.builder().wait(PATIENCE).maxWaiters(CALLS).build();
        try (AtomicStore store = store();
                Locks locks = Locks.builder(
                                LockPolicies.builder()
                                        .keyPrefix("kit-"
                                                + UUID.randomUUID().toString().substring(0, 8))
                                        .configured(Map.of("counter", patient))
                                        .build(),
                                store)
                        .build()) {
            // Classes are loaded under a monitor.
            run(FIRST_CALLS, locks);
            try (Recording recording = recording()) {
                run(CALLS, locks);

                assertThat(held(recording, folder)).isEmpty();
            }
            assertThat(count).isEqualTo(FIRST_CALLS + CALLS);
            assertThat(locks.waiting()).isZero();
            assertThat(locks.holding()).isZero();
        }
    }

    /** Makes that many calls, of which all that can wait do before the first one is inside. */
    private void run(int calls, Locks locks) throws Exception {
        List<Future<Integer>> running = new ArrayList<>();
        ExecutorService threads = threads();
        try {
            try (Lease first = locks.acquire("counter", "x")) {
                for (int i = 0; i < calls; i++) {
                    running.add(threads.submit(() -> locks.call("counter", "x", () -> ++count)));
                }
                awaitWaiting(Math.min(calls, AT_ONCE), locks);
                assertThat(first.isHeld()).isTrue();
            }
            for (Future<Integer> each : running) {
                each.get();
            }
        } finally {
            threads.shutdownNow();
        }
    }

    private static void awaitWaiting(int calls, Locks locks) throws InterruptedException {
        long begun = System.nanoTime();
        while (locks.waiting() != calls) {
            assertThat(System.nanoTime() - begun).as("all of them wait in time").isLessThan(PATIENCE.toNanos());
            TimeUnit.MILLISECONDS.sleep(5);
        }
    }

    private static ExecutorService threads() throws ReflectiveOperationException {
        return VIRTUAL
                ? (ExecutorService) Executors.class
                        .getMethod("newVirtualThreadPerTaskExecutor")
                        .invoke(null)
                : Executors.newFixedThreadPool(AT_ONCE);
    }

    private static Recording recording() {
        Recording recording = new Recording();
        recording.enable("jdk.VirtualThreadPinned").withoutThreshold();
        recording.start();
        return recording;
    }

    private static List<RecordedEvent> held(Recording recording, Path folder) throws Exception {
        recording.stop();
        Path file = Files.createTempFile(folder, "threads", ".jfr");
        recording.dump(file);
        return RecordingFile.readAllEvents(file);
    }
}
