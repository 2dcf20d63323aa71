package io.github.stanchion.memory;

import java.util.function.BooleanSupplier;

/** Waits for what other threads do. */
final class Threads {

    private Threads() {}

    /** Whether the condition comes true before long. */
    static boolean eventually(BooleanSupplier condition) throws InterruptedException {
        for (int i = 0; i < 2_000 && !condition.getAsBoolean(); i++) {
            Thread.sleep(5);
        }
        return condition.getAsBoolean();
    }
}
