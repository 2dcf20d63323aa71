package io.github.stanchion.limit;

import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/** Reads costs: integers from 0 on. */
final class RateCost {

    private static final BigInteger MOST = BigInteger.valueOf(Long.MAX_VALUE);

    private RateCost() {}

    /** The cost that {@code text} says by itself, null if it is an expression, or none is given. */
    static @Nullable Long constant(@Nullable String text) {
        if (text == null || !text.matches("-?\\d{1,18}")) {
            return null;
        }
        return Long.parseLong(text);
    }

    /**
     * What an expression came to.
     *
     * @param what names the expression for the message, as in {@code "Cost"}
     * @throws IllegalArgumentException if it is no integer, or negative
     */
    static long of(@Nullable Object value, String what, String name) {
        if (value instanceof Integer || value instanceof Long || value instanceof Short || value instanceof Byte) {
            long cost = ((Number) value).longValue();
            if (cost >= 0) {
                return cost;
            }
        } else if (value instanceof BigInteger big && big.signum() >= 0) {
            return big.min(MOST).longValueExact();
        }
        boolean number = value instanceof Number;
        throw new IllegalArgumentException(what + " '"
                + (number ? value : value == null ? "null" : value.getClass().getName())
                + "' of rate limit '" + name + "' is no integer from 0 on; make the expression return one");
    }
}
