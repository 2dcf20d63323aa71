package io.github.stanchion.limit;

import io.github.stanchion.store.Cells;
import io.github.stanchion.store.Effect;
import io.github.stanchion.store.Value;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How much of each bandwidth of an interval limit is used, and since when its current period runs.
 *
 * <p>Cells: (ts, used) per bandwidth. Numbers of periods are compared as quotients before anything is multiplied, and use that
 * would take more than a century to go, as a changed limit may leave, is cut to a century less the period that may lie ahead:
 * so all products stay within 2^53.
 */
final class IntervalUses {

    private static final int PAIR = 2;
    private static final long MOST_USED = 1L << 52;

    private final boolean aligned;
    private final BucketShape shape;
    private final long now;
    private final long[] since;
    private final long[] used;
    private boolean repaired;
    private boolean changed;

    private IntervalUses(boolean aligned, BucketShape shape, long now) {
        this.aligned = aligned;
        this.shape = shape;
        this.now = now;
        this.since = new long[shape.size()];
        this.used = new long[shape.size()];
    }

    static IntervalUses read(boolean aligned, BucketShape shape, @Nullable Value current, long now) {
        IntervalUses uses = new IntervalUses(aligned, shape, now);
        if (current == null) {
            for (int i = 0; i < uses.used.length; i++) {
                uses.since[i] = uses.start(shape.get(i));
            }
        } else {
            uses.readCells(RateState.cells(current));
        }
        return uses;
    }

    private void readCells(Cells cells) {
        if (cells.size() % PAIR != 0 || cells.size() > BucketShape.MOST * PAIR) {
            throw RateState.unreadable(cells.size() + " cells");
        }
        long latest = Long.MIN_VALUE;
        long most = 0;
        for (int i = 0; i < cells.size(); i += PAIR) {
            long count = cells.get(i + 1);
            if (count < 0 || count > MOST_USED) {
                throw RateState.unreadable(cells.toString());
            }
            latest = Math.max(latest, cells.get(i));
            most = Math.max(most, count);
        }
        for (int i = 0; i < used.length; i++) {
            // Bandwidths match by position; one without a counterpart takes the latest start and the largest use.
            boolean counterpart = i * PAIR < cells.size();
            since[i] = counterpart ? cells.get(i * PAIR) : latest;
            used[i] = counterpart ? cells.get(i * PAIR + 1) : most;
            advance(i);
        }
    }

    private void advance(int i) {
        Bandwidth bandwidth = shape.get(i);
        long period = bandwidth.periodMicros();
        long refill = bandwidth.refill();
        long most = CountableRates.CENTURY_MICROS / period - 1;
        if (Bandwidth.ceilDiv(used[i], refill) > most) {
            used[i] = most * refill;
        }
        if (since[i] > latestStart(bandwidth)) {
            since[i] = aligned ? latestStart(bandwidth) : now;
            repaired = true;
            changed = true;
        }
        long passed = Math.floorDiv(now - since[i], period);
        if (passed > 0) {
            since[i] += passed * period;
            used[i] = passed >= Bandwidth.ceilDiv(used[i], refill) ? 0 : used[i] - passed * refill;
        }
        if (used[i] == 0 && now >= since[i]) {
            since[i] = start(bandwidth);
        }
    }

    /** Where a period that begins now begins. */
    private long start(Bandwidth bandwidth) {
        return aligned ? Math.floorDiv(now, bandwidth.periodMicros()) * bandwidth.periodMicros() : now;
    }

    /**
     * How far ahead of a clock that stepped back a period may begin. An aligned one cannot begin anew: moved to the period that
     * runs, its use would be gone at that one's end. So it waits for the next, and nothing stands still for over two periods.
     */
    private long latestStart(Bandwidth bandwidth) {
        return aligned ? start(bandwidth) + bandwidth.periodMicros() : now + CountableRates.TOLERATED_STEP_MICROS;
    }

    boolean repaired() {
        return repaired;
    }

    long remaining() {
        long least = Long.MAX_VALUE;
        for (int i = 0; i < used.length; i++) {
            least = Math.min(least, shape.get(i).capacity() - used[i]);
        }
        return least;
    }

    long waitFor(long permits) {
        long longest = 0;
        for (int i = 0; i < used.length; i++) {
            longest = Math.max(
                    longest, untilGone(i, used[i] + permits - shape.get(i).capacity()));
        }
        return longest;
    }

    long untilFull() {
        long longest = 0;
        for (int i = 0; i < used.length; i++) {
            longest = Math.max(longest, used[i] == 0 ? since[i] - now : untilGone(i, used[i]));
        }
        return longest;
    }

    /** Microseconds until {@code permits} of the use are gone; 0 if there is nothing to wait for. */
    private long untilGone(int i, long permits) {
        if (permits <= 0) {
            return 0;
        }
        Bandwidth bandwidth = shape.get(i);
        return since[i] + Bandwidth.ceilDiv(permits, bandwidth.refill()) * bandwidth.periodMicros() - now;
    }

    void take(long permits) {
        changed |= permits > 0;
        for (int i = 0; i < used.length; i++) {
            used[i] += permits;
        }
    }

    /** Charges up to {@code permits}, at most to the deepest debt; returns the permits that were let off. */
    long takeIntoDebt(long permits, long maxDebt) {
        long forgiven = 0;
        for (int i = 0; i < used.length; i++) {
            long room = Math.max(0, shape.get(i).capacity() + maxDebt - used[i]);
            long charged = Math.min(permits, room);
            changed |= charged > 0;
            used[i] += charged;
            forgiven = Math.max(forgiven, permits - charged);
        }
        return forgiven;
    }

    /** Gives back up to {@code permits} where the period is still the stamped one; returns the most that one got. */
    long giveBack(long permits, List<Long> stamp) {
        long most = 0;
        for (int i = 0; i < used.length; i++) {
            long returned = since[i] == stamp.get(i) ? Math.min(permits, used[i]) : 0;
            changed |= returned > 0;
            used[i] -= returned;
            most = Math.max(most, returned);
        }
        return most;
    }

    List<Long> stamp() {
        List<Long> stamp = new ArrayList<>(since.length);
        for (long each : since) {
            stamp.add(each);
        }
        return stamp;
    }

    /** Writes what has changed; without any use it is absent. */
    Effect effect() {
        if (!changed) {
            return Effect.keep();
        }
        long[] cells = new long[used.length * PAIR];
        for (int i = 0; i < used.length; i++) {
            cells[i * PAIR] = since[i];
            cells[i * PAIR + 1] = used[i];
        }
        return RateState.store(Cells.of(cells), untilFull());
    }
}
