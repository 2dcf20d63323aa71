package io.github.stanchion.store;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The state of a guard: 1 to {@value #MOST} integers, each exact on every store.
 *
 * <p>Immutable. Which number means what is the operation's business; a store moves them as they are.
 */
public final class Cells implements Value {

    /** The largest number of cells. */
    public static final int MOST = 2_048;

    private final long[] cells;

    private Cells(long[] cells) {
        this.cells = cells;
    }

    /**
     * Cells with these numbers, copied.
     *
     * @throws IllegalArgumentException if there are none or too many, or one is beyond 2^53 - 1
     */
    public static Cells of(long... cells) {
        if (cells.length == 0 || cells.length > MOST) {
            throw new IllegalArgumentException(
                    "Number of cells '" + cells.length + "' is out of range; use 1 to " + MOST);
        }
        for (long cell : cells) {
            Exact.require("Cell", cell);
        }
        return new Cells(cells.clone());
    }

    public int size() {
        return cells.length;
    }

    /** The cell at {@code index}, counted from 0. */
    public long get(int index) {
        return cells[index];
    }

    /** A copy of all cells. */
    public long[] toArray() {
        return cells.clone();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Cells that && Arrays.equals(cells, that.cells);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(cells);
    }

    @Override
    public String toString() {
        return "Cells" + Arrays.toString(cells);
    }
}
