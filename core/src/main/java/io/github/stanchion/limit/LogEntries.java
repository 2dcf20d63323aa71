package io.github.stanchion.limit;

import io.github.stanchion.store.Cells;
import io.github.stanchion.store.Effect;
import io.github.stanchion.store.Exact;
import io.github.stanchion.store.Value;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * When the permits of a sliding log were taken, one entry each, oldest first, those of the last window alone.
 *
 * <p>Cells: the first entry's time, then the difference from each entry to the next.
 */
final class LogEntries {

    /** The largest limit: entries are rewritten whole. */
    static final int MOST_PERMITS = 100;

    private final long limit;
    private final long window;
    private final long now;
    private long[] times = {};
    private boolean repaired;
    private boolean changed;

    private LogEntries(long limit, long windowMicros, long now) {
        this.limit = limit;
        this.window = windowMicros;
        this.now = now;
    }

    static LogEntries read(long limit, long windowMicros, @Nullable Value current, long now) {
        LogEntries entries = new LogEntries(limit, windowMicros, now);
        if (current != null) {
            entries.readCells(RateState.cells(current));
        }
        return entries;
    }

    /** Checks a policy's numbers, for decisions and settlements alike. */
    static void requireCountable(long limit, long windowMicros) {
        if (limit < 1 || limit > MOST_PERMITS) {
            throw new IllegalArgumentException("Limit '" + limit + "' is out of range for a log; use 1 to "
                    + MOST_PERMITS + ", or a sliding window");
        }
        if (windowMicros < Bandwidth.SHORTEST_PERIOD_MICROS || windowMicros > Bandwidth.LONGEST_PERIOD_MICROS) {
            throw new IllegalArgumentException(
                    "Window '" + windowMicros + "' us is out of range; use 1 ms to 366 days");
        }
    }

    private void readCells(Cells cells) {
        if (cells.size() > 2 * MOST_PERMITS) {
            throw RateState.unreadable(cells.size() + " cells");
        }
        long[] stored = cells.toArray();
        for (int i = 1; i < stored.length; i++) {
            long difference = stored[i];
            stored[i] += stored[i - 1];
            if (difference < 0 || !Exact.is(stored[i])) {
                throw RateState.unreadable(cells.toString());
            }
        }
        if (stored[stored.length - 1] - now > CountableRates.TOLERATED_STEP_MICROS) {
            // All that lies ahead is cut, not only what is too far, so that times keep rising.
            repaired = true;
            changed = true;
            for (int i = 0; i < stored.length; i++) {
                stored[i] = Math.min(stored[i], now);
            }
        }
        int ended = 0;
        while (ended < stored.length && stored[ended] <= now - window) {
            ended++;
        }
        times = Arrays.copyOfRange(stored, ended, stored.length);
    }

    boolean repaired() {
        return repaired;
    }

    long remaining() {
        return limit - times.length;
    }

    /** Microseconds until {@code permits} would be admitted; 0 if they are now. */
    long waitFor(long permits) {
        long over = times.length + permits - limit;
        return over <= 0 ? 0 : times[(int) over - 1] + window - now;
    }

    long untilFull() {
        return times.length == 0 ? 0 : last() + window - now;
    }

    /** The time that a permit taken now gets: times rise, even where the clock has stepped back. */
    long stamp() {
        return times.length == 0 ? now : Math.max(now, last());
    }

    private long last() {
        return times[times.length - 1];
    }

    void take(long permits) {
        changed |= permits > 0;
        long time = stamp();
        int live = times.length;
        times = Arrays.copyOf(times, live + (int) permits);
        Arrays.fill(times, live, times.length, time);
    }

    /** Charges up to {@code permits}, at most to the deepest debt; returns what was charged. */
    long takeIntoDebt(long permits, long maxDebt) {
        long charged = Math.min(permits, Math.max(0, limit + maxDebt - times.length));
        take(charged);
        return charged;
    }

    /** Takes out up to {@code permits} entries of that time; returns how many. */
    long giveBack(long permits, long stamp) {
        int kept = 0;
        long returned = 0;
        long[] left = new long[times.length];
        for (long time : times) {
            if (time == stamp && returned < permits) {
                returned++;
            } else {
                left[kept++] = time;
            }
        }
        changed |= returned > 0;
        times = Arrays.copyOf(left, kept);
        return returned;
    }

    /** Writes what has changed; without entries it is absent. */
    Effect effect() {
        if (!changed) {
            return Effect.keep();
        }
        if (times.length == 0) {
            return Effect.delete();
        }
        long[] cells = times.clone();
        for (int i = 1; i < cells.length; i++) {
            cells[i] = times[i] - times[i - 1];
        }
        return RateState.store(Cells.of(cells), untilFull());
    }
}
