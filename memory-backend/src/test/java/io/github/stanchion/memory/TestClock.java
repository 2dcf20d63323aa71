package io.github.stanchion.memory;

import io.github.stanchion.store.MicroClock;
import java.util.concurrent.atomic.AtomicLong;

/** Stands still until moved. */
final class TestClock implements MicroClock {

    private final AtomicLong now = new AtomicLong(1_770_000_000_000_000L);

    @Override
    public long micros() {
        return now.get();
    }

    void advance(long micros) {
        now.addAndGet(micros);
    }
}
