package io.github.stanchion.lock;

import io.github.stanchion.store.Cells;

/**
 * One hold on a lock.
 *
 * @param node 0 if it goes on for nobody, as is {@code sequence}
 * @param granted when it began
 * @param end the first instant at which it is over
 * @param span how far ahead of the clock the end was put
 */
record LockHold(long node, long sequence, long granted, long end, long span) {

    static final int CELLS = 5;

    static LockHold read(Cells cells, int at) {
        LockHold hold =
                new LockHold(cells.get(at), cells.get(at + 1), cells.get(at + 2), cells.get(at + 3), cells.get(at + 4));
        if (!LockOwner.isOwner(hold.node, hold.sequence) || hold.span < 1 || hold.span > LockArguments.LONGEST_MICROS) {
            throw LockState.unreadable(cells.size() + " cells");
        }
        return hold;
    }

    void write(long[] cells, int at) {
        cells[at] = node;
        cells[at + 1] = sequence;
        cells[at + 2] = granted;
        cells[at + 3] = end;
        cells[at + 4] = span;
    }

    /** This one, unless a clock that went back has left it ahead: no step locks anybody out for longer than the span. */
    LockHold at(long now) {
        return granted <= now && end <= now + span
                ? this
                : new LockHold(node, sequence, Math.min(granted, now), Math.min(end, now + span), span);
    }

    boolean isOf(LockOwner owner) {
        return node == owner.node() && sequence == owner.sequence() && !owner.isNobody();
    }

    /** Goes on for {@code ahead} from now, unless it does for longer already. */
    LockHold extended(long now, long ahead) {
        return end > now + ahead ? this : new LockHold(node, sequence, granted, now + ahead, ahead);
    }

    /** Goes on for nobody until it has lasted for {@code atLeast}. */
    LockHold left(long atLeast) {
        return new LockHold(0, 0, granted, granted + atLeast, atLeast);
    }
}
