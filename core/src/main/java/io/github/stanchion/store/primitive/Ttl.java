package io.github.stanchion.store.primitive;

import io.github.stanchion.store.Counter;
import io.github.stanchion.store.Exact;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What a write does to the time to live of what it writes.
 *
 * <p>Immutable. Times are counted by the store's clock from the moment the write is applied, in microseconds; a fraction of
 * one counts as one.
 */
public final class Ttl {

    /** The longest time to live. */
    public static final Duration LONGEST = Duration.ofDays(3_650);

    static final int KEEP = 0;
    static final int NONE = 1;
    static final int OF = 2;
    static final int ON_CREATE = 3;
    static final int ENSURE = 4;
    static final int RENEW = 5;

    private static final Ttl KEPT = new Ttl(KEEP, 0);
    private static final Ttl ENDLESS = new Ttl(NONE, 0);

    private final int mode;
    private final long micros;

    private Ttl(int mode, long micros) {
        this.mode = mode;
        this.micros = micros;
    }

    /**
     * It ends so long after this write.
     *
     * @throws IllegalArgumentException unless 0 &lt; {@code duration} &lt;= {@link #LONGEST}, as with all that take one
     */
    public static Ttl of(Duration duration) {
        return new Ttl(OF, micros(duration));
    }

    /** What this write creates ends so long after it; what is there keeps its end, or its endlessness. */
    public static Ttl onCreate(Duration duration) {
        return new Ttl(ON_CREATE, micros(duration));
    }

    /**
     * As {@link #onCreate}, but what is there without an end gets this one.
     *
     * <p>So nothing stays for ever because some earlier write forgot its time to live.
     */
    public static Ttl ensure(Duration duration) {
        return new Ttl(ENSURE, micros(duration));
    }

    /** It does not end by itself. */
    public static Ttl none() {
        return ENDLESS;
    }

    /** It keeps its end, or its endlessness; only for writes that create nothing. */
    public static Ttl keep() {
        return KEPT;
    }

    /** What is there with an end, however near, ends so long from now, the endless stays; only for writes that create nothing. */
    public static Ttl renew(Duration duration) {
        return new Ttl(RENEW, micros(duration));
    }

    private static long micros(Duration duration) {
        if (duration.isZero() || duration.isNegative()) {
            throw new IllegalArgumentException("Time to live '" + duration
                    + "' is not positive; give a positive one, or delete what should end now");
        }
        if (duration.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("Time to live '" + duration + "' is over " + LONGEST.toDays()
                    + " days; use Ttl.none() for what should not end");
        }
        return TimeUnit.SECONDS.toMicros(duration.getSeconds()) + (duration.getNano() + 999) / 1_000;
    }

    /** Refuses what cannot say when something new ends. */
    Ttl requireCreating() {
        if (mode == KEEP || mode == RENEW) {
            throw new IllegalArgumentException("Time to live '" + this
                    + "' gives no end to what may be created; use of, onCreate, ensure or none");
        }
        return this;
    }

    /** The number of the mode, as it travels to twins: 0 keep, 1 none, 2 of, 3 on create, 4 ensure, 5 renew. */
    int mode() {
        return mode;
    }

    /** Microseconds; 0 for keep and none. */
    long micros() {
        return micros;
    }

    /** The end of what did not exist. */
    long endOfNew(long nowMicros) {
        return mode == NONE || mode == KEEP ? Counter.ENDLESS : after(nowMicros, micros);
    }

    /** The end of what exists and ends at {@code endsAt}. */
    long endOfExisting(long endsAt, long nowMicros) {
        boolean endless = endsAt == Counter.ENDLESS;
        return switch (mode) {
            case NONE -> Counter.ENDLESS;
            case OF -> after(nowMicros, micros);
            case ENSURE -> endless ? after(nowMicros, micros) : endsAt;
            case RENEW -> endless ? endsAt : after(nowMicros, micros);
            default -> endsAt;
        };
    }

    /** An end so long after now: never the number that means none, whatever the clock shows. */
    private static long after(long nowMicros, long micros) {
        return Math.max(1, Math.min(Exact.MAX, nowMicros + micros));
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Ttl that && mode == that.mode && micros == that.micros;
    }

    @Override
    public int hashCode() {
        return Long.hashCode(micros) * 31 + mode;
    }

    @Override
    public String toString() {
        Duration duration = Duration.of(micros, ChronoUnit.MICROS);
        return switch (mode) {
            case NONE -> "none()";
            case OF -> "of(" + duration + ")";
            case ON_CREATE -> "onCreate(" + duration + ")";
            case ENSURE -> "ensure(" + duration + ")";
            case RENEW -> "renew(" + duration + ")";
            default -> "keep()";
        };
    }
}
