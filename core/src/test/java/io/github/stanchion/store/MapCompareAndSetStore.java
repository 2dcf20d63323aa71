package io.github.stanchion.store;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** The two primitives over a map of bytes; collects as early as it may. */
public final class MapCompareAndSetStore extends CompareAndSetStore {

    private final MicroClock clock;
    private final Map<String, Held> held = new ConcurrentHashMap<>();
    private final LongAdder writes = new LongAdder();
    private final AtomicInteger releases = new AtomicInteger();
    private volatile Trouble beforeWrite = key -> true;

    public MapCompareAndSetStore(MicroClock clock, Executor executor) {
        super(EnumSet.of(Capability.STORE_CLOCK, Capability.RETAINS, Capability.FENCING), executor);
        this.clock = clock;
    }

    MapCompareAndSetStore(MicroClock clock, Executor executor, RaceBackoff backoff) {
        super(EnumSet.of(Capability.STORE_CLOCK), executor, backoff);
        this.clock = clock;
    }

    private record Held(String bytes, long collectAt) {}

    /** Called before each write; false loses the race. */
    interface Trouble {
        boolean allows(String key) throws java.io.IOException;
    }

    @Override
    protected Snapshot read(String key) {
        long now = clock.micros();
        Held there = held.get(key);
        boolean gone = there == null || there.collectAt <= now;
        return new Snapshot(gone ? null : bytes(there.bytes), now);
    }

    @Override
    protected boolean compareAndSet(
            String key, byte @Nullable [] expected, byte @Nullable [] next, long collectAfterMicros)
            throws java.io.IOException {
        writes.increment();
        if (!beforeWrite.allows(key)) {
            return false;
        }
        boolean[] written = new boolean[1];
        held.compute(key, (k, there) -> {
            long now = clock.micros();
            byte[] current = there == null || there.collectAt <= now ? null : bytes(there.bytes);
            written[0] = Arrays.equals(current, expected);
            if (!written[0]) {
                return there;
            }
            long collectAt = collectAfterMicros == Effect.Put.NEVER ? Long.MAX_VALUE : now + collectAfterMicros;
            return next == null ? null : new Held(text(next), collectAt);
        });
        return written[0];
    }

    private static byte[] bytes(String text) {
        return text.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, java.nio.charset.StandardCharsets.ISO_8859_1);
    }

    @Override
    protected void release() {
        releases.incrementAndGet();
    }

    void plant(StoreKey key, String text) {
        held.put(key.text(), new Held(text, Long.MAX_VALUE));
    }

    @Nullable
    String text(StoreKey key) {
        Held there = held.get(key.text());
        return there == null ? null : there.bytes;
    }

    void beforeWrite(Trouble trouble) {
        beforeWrite = trouble;
    }

    long writes() {
        return writes.sum();
    }

    int releases() {
        return releases.get();
    }
}
