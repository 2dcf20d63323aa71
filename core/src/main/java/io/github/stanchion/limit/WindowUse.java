package io.github.stanchion.limit;

import io.github.stanchion.store.Cells;
import io.github.stanchion.store.Effect;
import io.github.stanchion.store.Value;
import org.jspecify.annotations.Nullable;

/**
 * What a sliding window's limit has counted in the current window and the one before.
 *
 * <p>Cells: prev, cur, window number. Counts are cut to the lesser of 2^53 / W and 2^51, at least twice the limit, which a
 * changed limit alone can exceed: so count times window length, and the sum of both counts, stay within 2^53.
 */
final class WindowUse {

    private static final long EXACT = 1L << 53;
    private static final long MOST_USED = 1L << 51;
    private static final long TOLERATED_STEP_MILLIS = CountableRates.TOLERATED_STEP_MICROS / 1_000;

    private final long limit;
    private final long length;
    private final long now;
    private long previous;
    private long current;
    private long window;
    private boolean repaired;
    private boolean changed;

    private WindowUse(long limit, long length, long now) {
        this.limit = limit;
        this.length = length;
        this.now = now;
        this.window = Math.floorDiv(millis(), length);
    }

    static WindowUse read(long limit, long windowMillis, @Nullable Value current, long now) {
        WindowUse use = new WindowUse(limit, windowMillis, now);
        if (current != null) {
            use.readCells(RateState.cells(current));
        }
        return use;
    }

    /** Checks a policy's numbers, for decisions and settlements alike. */
    static void requireCountable(long limit, long windowMillis) {
        if (limit < 1 || limit > Bandwidth.MOST_PERMITS) {
            throw new IllegalArgumentException(
                    "Limit '" + limit + "' is out of range; use 1 to " + Bandwidth.MOST_PERMITS);
        }
        if (windowMillis < 1 || windowMillis > Bandwidth.LONGEST_PERIOD_MICROS / 1_000) {
            throw new IllegalArgumentException(
                    "Window '" + windowMillis + "' ms is out of range; use 1 ms to 366 days");
        }
        if (limit > EXACT / 2 / windowMillis) {
            throw new IllegalArgumentException("Limit '" + limit + "' is too large to count exactly in windows of "
                    + windowMillis + " ms; use at most " + EXACT / 2 / windowMillis + ", or a shorter window");
        }
    }

    private void readCells(Cells cells) {
        if (cells.size() != 3 || cells.get(0) < 0 || cells.get(1) < 0) {
            throw RateState.unreadable(cells.toString());
        }
        long most = Math.min(EXACT / length, MOST_USED);
        long before = Math.min(cells.get(0), most);
        long count = Math.min(cells.get(1), most);
        long stored = cells.get(2);
        if (stored == window - 1) {
            previous = count;
        } else if (stored >= window) {
            if (startsTooFarAhead(stored)) {
                // Late in the window of this time a count before it would have faded already.
                current = Math.min(before + count, most);
                repaired = true;
                changed = true;
            } else {
                previous = before;
                current = count;
                window = stored;
            }
        }
    }

    /** Compares window numbers first: so many windows ahead are too far however short they are. */
    private boolean startsTooFarAhead(long stored) {
        return stored - window > TOLERATED_STEP_MILLIS + 1 || stored * length > millis() + TOLERATED_STEP_MILLIS;
    }

    private long millis() {
        return Math.floorDiv(now, 1_000L);
    }

    /** Milliseconds since the window began; negative while a stepped-back clock has not caught up with its start. */
    private long elapsed() {
        return millis() - window * length;
    }

    private long weight() {
        return length - Math.max(0, elapsed());
    }

    boolean repaired() {
        return repaired;
    }

    long stamp() {
        return window;
    }

    long remaining() {
        return limit - current - Bandwidth.ceilDiv(previous * weight(), length);
    }

    /** Microseconds until {@code permits} would be admitted; 0 if they are now. */
    long waitFor(long permits) {
        if (permits <= remaining()) {
            return 0;
        }
        long room = limit - current - permits;
        long millis = room >= 0
                ? length - room * length / previous - elapsed()
                : length - elapsed() + length - (limit - permits) * length / current;
        return micros(millis);
    }

    long untilFull() {
        if (previous == 0 && current == 0) {
            return 0;
        }
        return micros((current > 0 ? 2 * length : length) - elapsed());
    }

    private long micros(long millis) {
        return millis * 1_000 - Math.floorMod(now, 1_000L);
    }

    void take(long permits) {
        changed |= permits > 0;
        current += permits;
    }

    /** Charges up to {@code permits} to the stamped window, if it still counts; returns what was charged. */
    long takeIntoDebt(long permits, long maxDebt, long stamp) {
        boolean now = stamp == window;
        if (!now && stamp != window - 1) {
            return 0;
        }
        long charged = Math.min(permits, Math.max(0, limit + maxDebt - (now ? current : previous)));
        return add(now, charged);
    }

    /** Gives up to {@code permits} back to the stamped window, if it still counts; returns what was given back. */
    long giveBack(long permits, long stamp) {
        boolean now = stamp == window;
        if (!now && stamp != window - 1) {
            return 0;
        }
        return -add(now, -Math.min(permits, now ? current : previous));
    }

    private long add(boolean toCurrent, long permits) {
        changed |= permits != 0;
        if (toCurrent) {
            current += permits;
        } else {
            previous += permits;
        }
        return permits;
    }

    /** Writes what has changed; without any use it is absent. */
    Effect effect() {
        return changed ? RateState.store(Cells.of(previous, current, window), untilFull()) : Effect.keep();
    }
}
