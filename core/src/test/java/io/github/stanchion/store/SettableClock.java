package io.github.stanchion.store;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** A clock that stands still until a test moves it, in either direction. */
public final class SettableClock implements MicroClock {

    private final AtomicLong micros;

    /** Begins on 2026-01-01T00:00Z. */
    public SettableClock() {
        this(TimeUnit.SECONDS.toMicros(1_767_225_600));
    }

    public SettableClock(long micros) {
        this.micros = new AtomicLong(micros);
    }

    @Override
    public long micros() {
        return micros.get();
    }

    public void advance(Duration by) {
        advanceMicros(TimeUnit.SECONDS.toMicros(by.getSeconds()) + by.getNano() / 1_000);
    }

    public void advanceMicros(long by) {
        micros.addAndGet(by);
    }

    public void set(long now) {
        micros.set(now);
    }
}
