package io.github.stanchion.store;

/** The range in which every store counts exactly: integers that a double holds without rounding. */
public final class Exact {

    /** The largest number that may travel to a store or come back, 2^53 - 1; the smallest is its negative. */
    public static final long MAX = (1L << 53) - 1;

    private Exact() {}

    /** Whether {@code n} is exact on every store. */
    public static boolean is(long n) {
        return n >= -MAX && n <= MAX;
    }

    /**
     * Returns {@code n} if it is exact on every store.
     *
     * @param what names the number in the message, as in {@code "Cell"}
     * @throws IllegalArgumentException if it is not
     */
    public static long require(String what, long n) {
        if (!is(n)) {
            throw new IllegalArgumentException(
                    what + " '" + n + "' is beyond 2^53 - 1; a store cannot count it exactly");
        }
        return n;
    }
}
