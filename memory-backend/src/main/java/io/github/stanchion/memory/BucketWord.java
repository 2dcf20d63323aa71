package io.github.stanchion.memory;

import io.github.stanchion.limit.Bandwidth;
import io.github.stanchion.limit.BucketShape;
import io.github.stanchion.limit.RateBucket;
import io.github.stanchion.limit.RateBucketSettle;
import io.github.stanchion.limit.RateReply;
import io.github.stanchion.store.Cells;
import io.github.stanchion.store.MicroClock;
import io.github.stanchion.store.Operation;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The native form of a token bucket of one bandwidth: one number, one compare-and-set.
 *
 * <p>The number is r·a + b, the instant at which the bucket is empty in parts of a permit, so the credit at time t is
 * r·t less the number, at most C·p, exactly. {@link RateBucket#apply} decides all else: absence, a state that a step of the
 * clock has left too deep, calls that are to wait or to take more than they need, another bandwidth, times at which r·t
 * leaves the range of a long; so do settlements and joint decisions, on the equal cells.
 */
final class BucketWord {

    /** No credit: the answer to what this form does not decide. */
    static final long NOT_HERE = Long.MIN_VALUE;

    private static final long TOLERATED_STEP_MICROS = 1_000_000;

    private BucketWord() {}

    /**
     * Decides on a slot whose word holds the state, and charges what the call takes.
     *
     * @return the credit before the charge, of which all else follows, or {@link #NOT_HERE} if the slot holds no state of
     *     this bandwidth, or the decision is not one for this form
     */
    static long charge(Slot slot, RateBucket bucket, Bandwidth bandwidth, MicroClock clock) {
        long rate = bandwidth.rate();
        long need = bucket.min() * bandwidth.parts();
        while (true) {
            long empty = slot.state();
            long now = clock.micros() - RateBucket.EPOCH_MICROS;
            if (empty <= Slot.DEAD || !same(bandwidth, slot.bandwidth()) || !clear(bandwidth, now)) {
                return NOT_HERE;
            }
            long credit = Math.min(bandwidth.fullParts(), rate * now - empty);
            if (credit < need) {
                return refuses(bucket, bandwidth, credit) ? credit : NOT_HERE;
            }
            if (bucket.want() != bucket.min()) {
                return NOT_HERE;
            }
            if (need == 0 || slot.replace(empty, rate * now - credit + need)) {
                return credit;
            }
        }
    }

    @SuppressWarnings("ReferenceEquality") // a policy keeps one bandwidth: comparing its numbers is for the odd case
    private static boolean same(Bandwidth asked, @Nullable Bandwidth kept) {
        return asked == kept || kept != null && asked.equals(kept);
    }

    /**
     * The reply that follows from the credit before the charge.
     *
     * <p>Made of plain numbers in one place: so the compiler, where it inlines this into the caller, sees that the reply goes
     * no further than the caller's questions; where not, it costs 56 bytes. HotSpot inlines what has been compiled to 2,500
     * bytes at most, which {@code execute} is, though not by much: each branch here counts, taken or not.
     */
    static RateReply reply(RateBucket bucket, Bandwidth bandwidth, long credit) {
        long rate = bandwidth.rate();
        long missing = bucket.min() * bandwidth.parts() - credit;
        long left = credit;
        long taken = 0;
        long wait = 0;
        if (missing <= 0) {
            taken = bucket.min();
            left = -missing;
        } else {
            wait = (missing + rate - 1) / rate;
        }
        long full = (bandwidth.fullParts() - left + rate - 1) / rate;
        return new RateReply(missing <= 0, taken, bandwidth.permitsIn(left), wait, full, false, List.of());
    }

    /** Whether a credit that does not suffice refuses; else the call may wait for it, or the credit has to be repaired. */
    private static boolean refuses(RateBucket bucket, Bandwidth bandwidth, long credit) {
        long rate = bandwidth.rate();
        long patience = rate * bucket.maxWaitMicros();
        return bucket.min() * bandwidth.parts() - credit > patience
                && -credit <= bucket.maxDebt() * bandwidth.parts() + patience + rate * TOLERATED_STEP_MICROS;
    }

    /** Whether rate times time stays below 2^62, clear of the words that are no states; negative times do not, to be simple. */
    private static boolean clear(Bandwidth bandwidth, long time) {
        return Long.compareUnsigned(time, bandwidth.wordEnd()) < 0;
    }

    /** The bandwidth of an operation that writes buckets of one, else null. */
    static @Nullable Bandwidth bandwidthOf(@Nullable Operation<?> operation) {
        BucketShape shape = operation instanceof RateBucket bucket
                ? bucket.shape()
                : operation instanceof RateBucketSettle settle ? settle.shape() : null;
        return shape != null && shape.size() == 1 ? shape.first() : null;
    }

    /** Whether cells are a bucket's of this bandwidth and fit a word. */
    static boolean fits(Bandwidth bandwidth, Cells cells) {
        return clear(bandwidth, cells.get(0))
                && (cells.size() == 1
                        || cells.size() == 3
                                && cells.get(2) == bandwidth.rate()
                                && cells.get(1) > 0
                                && cells.get(1) < cells.get(2));
    }

    /** The word of cells that fit. */
    static long state(Bandwidth bandwidth, Cells cells) {
        return bandwidth.rate() * cells.get(0) + (cells.size() == 1 ? 0 : cells.get(1));
    }

    /** Inverts {@link #state}. */
    static Cells cells(Bandwidth bandwidth, long state) {
        long rate = bandwidth.rate();
        long rest = Math.floorMod(state, rate);
        long whole = Math.floorDiv(state, rate);
        return rest == 0 ? Cells.of(whole) : Cells.of(whole, rest, rate);
    }

    /** When the bucket is full and as good as absent, in microseconds since 1970. */
    static long fullAt(Bandwidth bandwidth, long state) {
        return RateBucket.EPOCH_MICROS - Math.floorDiv(-state - bandwidth.fullParts(), bandwidth.rate());
    }
}
