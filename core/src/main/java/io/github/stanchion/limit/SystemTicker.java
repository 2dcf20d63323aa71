package io.github.stanchion.limit;

import java.util.function.LongSupplier;

/** Nanoseconds since an arbitrary instant, never going back: how long this process has known something. */
final class SystemTicker implements LongSupplier {

    @Override
    public long getAsLong() {
        return System.nanoTime();
    }
}
