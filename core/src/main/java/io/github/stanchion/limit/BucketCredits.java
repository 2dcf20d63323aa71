package io.github.stanchion.limit;

import io.github.stanchion.store.Cells;
import io.github.stanchion.store.Effect;
import io.github.stanchion.store.Value;
import org.jspecify.annotations.Nullable;

/**
 * What the bandwidths of a bucket hold at one instant, in parts of a permit: read from cells, changed, written back.
 *
 * <p>A cell triple (a, b, r) is the instant a + b/r at which the bucket was, or will be, empty; a alone stands for b = 0 of a
 * single bandwidth. Every product here stays within 2^53: differences of time are compared with quotients first, and only
 * what passes is multiplied.
 */
final class BucketCredits {

    private static final int TRIPLE = 3;

    private final BucketShape shape;
    private final long now;
    private final long[] credit;
    private boolean repaired;
    private boolean changed;

    private BucketCredits(BucketShape shape, long now) {
        this.shape = shape;
        this.now = now;
        this.credit = new long[shape.size()];
    }

    static BucketCredits read(BucketShape shape, @Nullable Value current, long now, long maxWaitMicros, long maxDebt) {
        BucketCredits credits = new BucketCredits(shape, now);
        if (current == null) {
            for (int i = 0; i < credits.credit.length; i++) {
                credits.credit[i] = shape.get(i).fullParts();
            }
        } else {
            credits.readCells(RateState.cells(current), maxWaitMicros, maxDebt);
        }
        return credits;
    }

    private void readCells(Cells cells, long maxWaitMicros, long maxDebt) {
        boolean single = cells.size() == 1;
        int stored = single ? 1 : cells.size() / TRIPLE;
        if (!single) {
            requireTriples(cells);
        }
        for (int i = 0; i < credit.length; i++) {
            Bandwidth bandwidth = shape.get(i);
            // Bandwidths match by position; one without a counterpart takes the latest instant of all.
            int from = i < stored ? i : 0;
            int to = i < stored ? i : stored - 1;
            long at = Long.MIN_VALUE;
            long rest = 0;
            for (int j = from; j <= to; j++) {
                long b = single ? 0 : cells.get(j * TRIPLE + 1);
                boolean sameRate = single || cells.get(j * TRIPLE + 2) == bandwidth.rate();
                // A fraction of another rate counts as the whole microsecond.
                long a = cells.get(j * TRIPLE) + (sameRate || b == 0 ? 0 : 1);
                b = sameRate ? b : 0;
                if (a > at || a == at && b > rest) {
                    at = a;
                    rest = b;
                }
            }
            credit[i] = creditOf(bandwidth, at, rest, maxWaitMicros, maxDebt);
        }
    }

    private static void requireTriples(Cells cells) {
        if (cells.size() % TRIPLE != 0 || cells.size() > BucketShape.MOST * TRIPLE) {
            throw RateState.unreadable(cells.size() + " cells");
        }
        for (int i = 0; i < cells.size(); i += TRIPLE) {
            long b = cells.get(i + 1);
            if (b < 0 || b >= cells.get(i + 2)) {
                throw RateState.unreadable(cells.toString());
            }
        }
    }

    private long creditOf(Bandwidth bandwidth, long a, long b, long maxWaitMicros, long maxDebt) {
        long rate = bandwidth.rate();
        long full = bandwidth.fullParts();
        long age = now - a;
        if (age >= Bandwidth.ceilDiv(full + b, rate)) {
            return full;
        }
        long deepest = maxDebt * bandwidth.parts() + rate * maxWaitMicros;
        if (-age > (deepest + rate * CountableRates.TOLERATED_STEP_MICROS - b) / rate) {
            repaired = true;
            changed = true;
            return -deepest;
        }
        return rate * age - b;
    }

    int size() {
        return credit.length;
    }

    boolean repaired() {
        return repaired;
    }

    /** The whole permits of the tightest bandwidth. */
    long remaining() {
        long least = Long.MAX_VALUE;
        for (int i = 0; i < credit.length; i++) {
            least = Math.min(least, shape.get(i).permitsIn(credit[i]));
        }
        return least;
    }

    long waitFor(long permits) {
        long longest = 0;
        for (int i = 0; i < credit.length; i++) {
            longest = Math.max(longest, shape.get(i).waitFor(permits, credit[i]));
        }
        return longest;
    }

    long untilFull() {
        long longest = 0;
        for (int i = 0; i < credit.length; i++) {
            longest = Math.max(longest, shape.get(i).untilFull(credit[i]));
        }
        return longest;
    }

    void take(long permits) {
        changed |= permits > 0;
        for (int i = 0; i < credit.length; i++) {
            credit[i] -= permits * shape.get(i).parts();
        }
    }

    /** Charges up to {@code permits} without going below the deepest debt; returns the whole permits that were let off. */
    long takeIntoDebt(long permits, long maxDebt) {
        long forgiven = 0;
        for (int i = 0; i < credit.length; i++) {
            long parts = shape.get(i).parts();
            long room = credit[i] - Math.min(credit[i], -maxDebt * parts);
            changed |= room > 0;
            if (permits > room / parts) {
                credit[i] -= room;
                forgiven = Math.max(forgiven, permits - Bandwidth.ceilDiv(room, parts));
            } else {
                credit[i] -= permits * parts;
            }
        }
        return forgiven;
    }

    /** Gives back up to {@code permits}, never above full; returns the whole permits of the bandwidth that got most. */
    long giveBack(long permits) {
        long most = 0;
        for (int i = 0; i < credit.length; i++) {
            Bandwidth bandwidth = shape.get(i);
            long room = bandwidth.fullParts() - credit[i];
            changed |= room > 0;
            long returned = Math.min(permits, room / bandwidth.parts());
            credit[i] = returned < permits ? bandwidth.fullParts() : credit[i] + permits * bandwidth.parts();
            most = Math.max(most, returned);
        }
        return most;
    }

    /** Writes what has changed; a full bucket is absent. */
    Effect effect() {
        return changed ? RateState.store(cells(), untilFull()) : Effect.keep();
    }

    private Cells cells() {
        long[] cells = new long[credit.length * TRIPLE];
        for (int i = 0; i < credit.length; i++) {
            long rate = shape.get(i).rate();
            long ahead = Bandwidth.ceilDiv(credit[i], rate);
            cells[i * TRIPLE] = now - ahead;
            cells[i * TRIPLE + 1] = rate * ahead - credit[i];
            cells[i * TRIPLE + 2] = rate;
        }
        return credit.length == 1 && cells[1] == 0 ? Cells.of(cells[0]) : Cells.of(cells);
    }
}
