package io.github.stanchion.memory;

import io.github.stanchion.limit.Bandwidth;
import io.github.stanchion.store.Cells;
import io.github.stanchion.store.Value;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * The state of one key, changed in place by whoever has won its word.
 *
 * <p>The word is free, busy, dead, or it is the state itself: a token bucket of one bandwidth is one number, which
 * {@link BucketWord} replaces by compare-and-set without winning anything. A word is won by compare-and-set, after some
 * spinning by giving up the processor between tries: steps on a slot take a fraction of a microsecond, so nobody is ever
 * parked. All other fields belong to the winner; giving the word back publishes them. A dead slot has left its table, or is
 * about to: who meets one looks the key up again.
 *
 * <p>What a state in the word means depends on the bandwidth. That is set once in the life of a slot, so that who compares
 * and sets a state cannot mistake an equal number of another bandwidth for it.
 */
final class Slot {

    static final long FREE = Long.MIN_VALUE;
    static final long BUSY = FREE + 1;
    static final long DEAD = FREE + 2;

    /** The time of collection of a value that is kept until it is deleted. */
    static final long NEVER = Long.MAX_VALUE;

    private static final int SPINS = 64;
    private static final VarHandle WORD;

    static {
        try {
            WORD = MethodHandles.lookup().findVarHandle(Slot.class, "word", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private volatile long word = BUSY;
    private long collectAt = NEVER;
    private @Nullable Value value;
    private @Nullable LiveState live;
    private @Nullable Bandwidth bandwidth;

    /** Wins the word, waiting for others; false if the slot is dead. */
    boolean take() {
        for (int spins = 0; ; spins++) {
            long seen = word;
            if (seen == DEAD) {
                return false;
            }
            if (seen != BUSY && WORD.compareAndSet(this, seen, BUSY)) {
                thaw(seen);
                return true;
            }
            if (spins < SPINS) {
                Thread.onSpinWait();
            } else {
                giveWay();
            }
        }
    }

    /** Lets other threads run. */
    @SuppressWarnings(
            "ThreadPriorityCheck") // who holds a word needs a processor; parking would cost more than the step
    static void giveWay() {
        Thread.yield();
    }

    /** Wins the word if nobody has it. */
    boolean tryTake() {
        long seen = word;
        if (seen == BUSY || seen == DEAD || !WORD.compareAndSet(this, seen, BUSY)) {
            return false;
        }
        thaw(seen);
        return true;
    }

    /** Turns a state in the word into the value that it stands for. */
    private void thaw(long state) {
        if (state != FREE && bandwidth != null) {
            value = BucketWord.cells(bandwidth, state);
            collectAt = BucketWord.fullAt(bandwidth, state);
        }
    }

    /** Gives the word back; by its winner alone, as all that follows. */
    void free() {
        WORD.setRelease(this, FREE);
    }

    /** Gives the word back of a slot that was not changed, with the bucket's state in it that it may have had. */
    void giveBack() {
        if (bandwidth != null && value instanceof Cells cells && BucketWord.fits(bandwidth, cells)) {
            long state = BucketWord.state(bandwidth, cells);
            if (collectAt == BucketWord.fullAt(bandwidth, state)) {
                freeze(bandwidth, state);
                return;
            }
        }
        free();
    }

    /** Gives the slot up for ever. */
    void kill() {
        WORD.setRelease(this, DEAD);
    }

    /** The value, null in a fresh slot. */
    @Nullable
    Value value() {
        return live == null ? value : live.cells();
    }

    boolean isFresh() {
        return value == null && live == null;
    }

    void put(Value next, long collectAtMicros) {
        value = next;
        live = null;
        collectAt = collectAtMicros;
    }

    /** The state in bucket4j's form, if it is in that. */
    @Nullable
    LiveState live() {
        return live;
    }

    /** Makes a state in bucket4j's form the value. */
    void put(LiveState next, long collectAtMicros) {
        value = null;
        live = next;
        collectAt = collectAtMicros;
    }

    /** Whether a state of this bandwidth may be kept in the word. */
    boolean accepts(Bandwidth other) {
        return bandwidth == null || bandwidth.equals(other);
    }

    /** Gives the word back with a bucket's state in it. */
    void freeze(Bandwidth accepted, long state) {
        if (bandwidth == null) {
            bandwidth = accepted;
        }
        value = null;
        live = null;
        WORD.setRelease(this, state);
    }

    /** The word as it is: {@link #FREE}, {@link #BUSY}, {@link #DEAD}, else a state of {@link #bandwidth}. */
    long state() {
        return word;
    }

    /** The bandwidth of a state that was read before. */
    @Nullable
    Bandwidth bandwidth() {
        return bandwidth;
    }

    /** Replaces a state in the word that nobody has touched since it was read. */
    boolean replace(long state, long next) {
        return WORD.compareAndSet(this, state, next);
    }

    /** Whether the value may be dropped at {@code nowMicros}; a mere hint to others than the winner of the word. */
    boolean collectableAt(long nowMicros) {
        long seen = word;
        Bandwidth frozen = bandwidth;
        return (seen > DEAD && frozen != null ? BucketWord.fullAt(frozen, seen) : collectAt) <= nowMicros;
    }
}
