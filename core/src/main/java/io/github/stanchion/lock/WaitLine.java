package io.github.stanchion.lock;

import io.github.stanchion.store.Cells;
import java.util.ArrayList;
import java.util.List;

/**
 * The nodes that wait for a lock, first come first: one place for each, at most {@value #MOST} of them.
 *
 * <p>A place is kept by asking again; who is not seen for {@value #UNSEEN_MICROS} us has left. {@code since} rises along the
 * line even where the clock does not, so that it says where a node belongs that has lost its place.
 */
final class WaitLine {

    static final int MOST = 64;
    static final long UNSEEN_MICROS = 3_000_000;

    private static final int CELLS_OF_ONE = 4;

    /**
     * One node's place.
     *
     * @param since when it came, in store time
     * @param seen when it last asked
     */
    record Waiter(long node, long mode, long since, long seen) {

        private Waiter seenAt(long now, long asked) {
            return new Waiter(node, asked, since, now);
        }
    }

    private final List<Waiter> waiters;
    private final long now;
    private boolean changed;

    private WaitLine(int size, long now) {
        this.waiters = new ArrayList<>(size);
        this.now = now;
    }

    static WaitLine empty(long now) {
        return new WaitLine(0, now);
    }

    /** Those of the cells from {@code start} to the last that have not left. */
    static WaitLine read(Cells cells, int start, long now) {
        int size = (cells.size() - start) / CELLS_OF_ONE;
        if (size > MOST || cells.size() != start + size * CELLS_OF_ONE) {
            throw LockState.unreadable(cells.size() + " cells");
        }
        WaitLine line = new WaitLine(size, now);
        for (int at = start; at < cells.size(); at += CELLS_OF_ONE) {
            Waiter waiter = new Waiter(cells.get(at), cells.get(at + 1), cells.get(at + 2), cells.get(at + 3));
            if (waiter.node() < 1
                    || waiter.mode() == LockMode.FREE.number()
                    || LockMode.of(waiter.mode()) == null
                    || waiter.since() < 1
                    || !LockState.hasNext(waiter.since())) {
                throw LockState.unreadable(cells.size() + " cells");
            }
            line.restore(waiter);
        }
        return line;
    }

    private void restore(Waiter waiter) {
        if (waiter.seen() > now) {
            // The clock went back: whoever is not there any more must not stay until it has caught up.
            waiters.add(waiter.seenAt(now, waiter.mode()));
            changed = true;
        } else if (waiter.seen() > now - UNSEEN_MICROS) {
            waiters.add(waiter);
        }
    }

    int cellCount() {
        return waiters.size() * CELLS_OF_ONE;
    }

    void write(long[] cells, int start) {
        int at = start;
        for (Waiter waiter : waiters) {
            cells[at++] = waiter.node();
            cells[at++] = waiter.mode();
            cells[at++] = waiter.since();
            cells[at++] = waiter.seen();
        }
    }

    /** Whether it differs from what was read by more than that some have left. */
    boolean isChanged() {
        return changed;
    }

    int size() {
        return waiters.size();
    }

    private int indexOf(long node) {
        for (int i = 0; i < waiters.size(); i++) {
            if (waiters.get(i).node() == node) {
                return i;
            }
        }
        return -1;
    }

    /** From 1; 0 if the node is not in line. */
    long positionOf(long node) {
        return indexOf(node) + 1L;
    }

    /** Since when the node waits; 0 if it does not. */
    long sinceOf(long node) {
        int index = indexOf(node);
        return index < 0 ? 0 : waiters.get(index).since();
    }

    /**
     * Has the node in line as seen now, if there is room: where it is, else where it was by {@code since}, at the tail if that
     * is 0.
     */
    void stand(long node, LockMode mode, long since) {
        int index = indexOf(node);
        if (index >= 0) {
            waiters.set(index, waiters.get(index).seenAt(now, mode.number()));
            changed = true;
        } else if (waiters.size() < MOST) {
            long tail = Math.max(
                    now, waiters.isEmpty() ? 1 : waiters.get(waiters.size() - 1).since() + 1);
            long own = since == 0 ? tail : Math.min(since, tail);
            int place = 0;
            while (place < waiters.size() && waiters.get(place).since() <= own) {
                place++;
            }
            waiters.add(place, new Waiter(node, mode.number(), own, now));
            changed = true;
        }
    }

    void leave(long node) {
        int index = indexOf(node);
        if (index >= 0) {
            waiters.remove(index);
            changed = true;
        }
    }

    /** Takes the first out of the line, or all: their nodes in their order. */
    List<Long> pop(boolean all) {
        int count = all ? waiters.size() : Math.min(1, waiters.size());
        if (count == 0) {
            return List.of();
        }
        List<Waiter> first = waiters.subList(0, count);
        List<Long> nodes = first.stream().map(Waiter::node).toList();
        first.clear();
        changed = true;
        return nodes;
    }
}
