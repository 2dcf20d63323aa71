package io.github.stanchion.memory;

import io.github.stanchion.store.Value;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * The state of one key, changed in place by whoever has won its word.
 *
 * <p>The word is free, busy or dead. It is won by compare-and-set, after some spinning by giving up the processor between
 * tries: steps on a slot take a fraction of a microsecond, so nobody is ever parked. All other fields belong to the winner;
 * giving the word back publishes them. A dead slot has left its table, or is about to: who meets one looks the key up again.
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

    @SuppressWarnings("UnusedVariable") // read and written through WORD
    private volatile long word = BUSY;

    private @Nullable Value value;
    private long collectAt = NEVER;

    /** Wins the word, waiting for others; false if the slot is dead. */
    boolean take() {
        for (int spins = 0; ; spins++) {
            long seen = word;
            if (seen == DEAD) {
                return false;
            }
            if (seen == FREE && WORD.compareAndSet(this, FREE, BUSY)) {
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
            "ThreadPriorityCheck") // whoever holds a word needs a processor, and parking would cost more than the step
    static void giveWay() {
        Thread.yield();
    }

    /** Wins the word if nobody has it. */
    boolean tryTake() {
        return word == FREE && WORD.compareAndSet(this, FREE, BUSY);
    }

    /** Gives the word back; by its winner alone, as all that follows. */
    void free() {
        WORD.setRelease(this, FREE);
    }

    /** Gives the slot up for ever. */
    void kill() {
        WORD.setRelease(this, DEAD);
    }

    /** The value, null in a fresh slot. */
    @Nullable
    Value value() {
        return value;
    }

    void put(Value next, long collectAtMicros) {
        value = next;
        collectAt = collectAtMicros;
    }

    /** Whether the value may be dropped at {@code nowMicros}; a mere hint to others than the winner of the word. */
    boolean collectableAt(long nowMicros) {
        return collectAt <= nowMicros;
    }
}
