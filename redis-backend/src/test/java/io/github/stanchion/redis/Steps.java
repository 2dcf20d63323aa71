package io.github.stanchion.redis;

import io.github.stanchion.store.AtomicStore;
import io.github.stanchion.store.Cells;
import io.github.stanchion.store.KeySpace;
import io.github.stanchion.store.KeyedOperation;
import io.github.stanchion.store.StoreKey;
import io.github.stanchion.testkit.Probe;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Short words for what the tests of the store do. */
final class Steps {

    static final long DAY = TimeUnit.DAYS.toMicros(1);
    static final String PREFIX = "stanchion";
    private static final long PATIENCE_SECONDS = 60;

    private Steps() {}

    static StoreKey key(String subject) {
        return KeySpace.of(PREFIX, Probe.KIND, "steps").key(subject);
    }

    static Probe.Add add(long delta) {
        return new Probe.Add(delta, 1L << 50, DAY);
    }

    static Probe.Add add(long delta, long most) {
        return new Probe.Add(delta, most, DAY);
    }

    static KeyedOperation<?> step(String subject, Probe<?> operation) {
        return new KeyedOperation<>(key(subject), operation);
    }

    static KeyedOperation<?> advisory(String subject, Probe<?> operation) {
        return new KeyedOperation<>(key(subject), operation, true);
    }

    /** The sum under a key; 0 if there is none. */
    static long sum(AtomicStore store, StoreKey key) {
        return store.execute(key, add(0)).total();
    }

    /** The number in the one cell that was seen; -1 if there was none. */
    static long number(Probe.Seen seen) {
        return seen.value() instanceof Cells cells ? cells.get(0) : -1;
    }

    static <T> T await(CompletionStage<T> stage) throws Exception {
        return stage.toCompletableFuture().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    /** Looks again and again until it is so. */
    static void until(String what, BooleanSupplier condition) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - end > 0) {
                throw new AssertionError("Not so within " + PATIENCE_SECONDS + " s: " + what);
            }
            Thread.sleep(2);
        }
    }
}
