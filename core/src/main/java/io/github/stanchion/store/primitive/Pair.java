package io.github.stanchion.store.primitive;

/** A 64-bit integer as the two exact numbers it travels as. */
final class Pair {

    private static final long LOW = 0xFFFFFFFFL;

    private Pair() {}

    /** The upper half, signed. */
    static long high(long n) {
        return n >> 32;
    }

    /** The lower half, never negative. */
    static long low(long n) {
        return n & LOW;
    }

    static long join(long high, long low) {
        return high << 32 | low & LOW;
    }
}
