package io.github.stanchion.lock;

import io.github.stanchion.store.Cells;
import io.github.stanchion.store.Effect;
import io.github.stanchion.store.Exact;
import io.github.stanchion.store.UnreadableStateException;
import io.github.stanchion.store.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Who holds a lock and until when, and who waits for it, as it is now: what has ended or left is not there any more.
 *
 * <p>Cells: 1, which is the format; mode; token; the number of holds; of each hold node, sequence, granted, end, span; of each
 * waiter node, mode, since, seen. Absent is free, with token 0.
 *
 * <p>Tokens rise by one at least, and are the time of the grant where that is more: so they go on rising when a state is lost.
 */
final class LockState {

    private static final long FORMAT = 1;
    private static final int HEAD = 4;
    private static final int MOST_READERS = 256;

    private final long now;
    private final List<LockHold> holds = new ArrayList<>(1);
    private final WaitLine line;
    private LockMode mode;
    private long token;
    private boolean changed;

    private LockState(LockMode mode, long token, WaitLine line, long now) {
        this.mode = mode;
        this.token = token;
        this.line = line;
        this.now = now;
    }

    /** The state at this time; throws {@link UnreadableStateException} if the value is none. */
    static LockState read(@Nullable Value current, long now) {
        if (current == null) {
            return new LockState(LockMode.FREE, 0, WaitLine.empty(now), now);
        }
        if (!(current instanceof Cells cells)) {
            throw unreadable("a " + current.getClass().getSimpleName().toLowerCase(Locale.ROOT));
        }
        LockMode mode = cells.size() < HEAD ? null : LockMode.of(cells.get(1));
        if (mode == null
                || cells.get(0) != FORMAT
                || cells.get(2) < 0
                || !hasNext(cells.get(2))
                || !counts(mode, cells.get(3))) {
            throw unreadable(cells.size() + " cells");
        }
        int waitersAt = HEAD + LockHold.CELLS * (int) cells.get(3);
        if (waitersAt > cells.size()) {
            throw unreadable(cells.size() + " cells");
        }
        LockState state = new LockState(mode, cells.get(2), WaitLine.read(cells, waitersAt, now), now);
        for (int at = HEAD; at < waitersAt; at += LockHold.CELLS) {
            state.restore(LockHold.read(cells, at));
        }
        state.freeIfNobodyHolds();
        return state;
    }

    /** Whether a number that rises may be followed by a greater one. */
    static boolean hasNext(long number) {
        return number < Exact.MAX;
    }

    private static boolean counts(LockMode mode, long holds) {
        return mode == LockMode.FREE ? holds == 0 : holds >= 1 && holds <= (mode == LockMode.READ ? MOST_READERS : 1);
    }

    static UnreadableStateException unreadable(String found) {
        return new UnreadableStateException(
                "State '" + found + "' is no lock's; clear the key, or use another key prefix");
    }

    private void restore(LockHold stored) {
        if (stored.end() > now) {
            LockHold hold = stored.at(now);
            holds.add(hold);
            changed |= !hold.equals(stored);
        }
    }

    private void freeIfNobodyHolds() {
        if (holds.isEmpty()) {
            mode = LockMode.FREE;
        }
    }

    LockMode mode() {
        return mode;
    }

    long token() {
        return token;
    }

    WaitLine line() {
        return line;
    }

    boolean isFree() {
        return holds.isEmpty();
    }

    private int indexOf(LockOwner owner) {
        for (int i = 0; i < holds.size(); i++) {
            if (holds.get(i).isOf(owner)) {
                return i;
            }
        }
        return -1;
    }

    /** The owner's hold, else the one that ends last; null if the lock is free. */
    @Nullable
    LockHold holdOf(LockOwner owner) {
        int own = indexOf(owner);
        return own >= 0 ? holds.get(own) : last();
    }

    private @Nullable LockHold last() {
        LockHold last = null;
        for (LockHold hold : holds) {
            last = last == null || hold.end() > last.end() ? hold : last;
        }
        return last;
    }

    /** How long the owner's hold goes on, else the one that ends last; 0 if the lock is free. */
    long remaining(LockOwner owner) {
        LockHold hold = holdOf(owner);
        return hold == null ? 0 : hold.end() - now;
    }

    /** Gives the free lock to an owner, as of now. */
    void grant(LockOwner owner, LockMode asked, long span) {
        mode = asked;
        token = Math.max(token + 1, now);
        holds.add(new LockHold(owner.node(), owner.sequence(), now, now + span, span));
        changed = true;
    }

    /** Has the owner's hold go on for so long from now at least; false if there is none. */
    boolean extend(LockOwner owner, long span) {
        int own = indexOf(owner);
        if (own >= 0) {
            holds.set(own, holds.get(own).extended(now, span));
            changed = true;
        }
        return own >= 0;
    }

    /** Ends the owner's hold, now or once it has lasted so long; false if there is none. */
    boolean end(LockOwner owner, long atLeast) {
        int own = indexOf(owner);
        if (own < 0) {
            return false;
        }
        LockHold left = holds.get(own).left(atLeast);
        if (left.end() > now) {
            holds.set(own, left);
        } else {
            holds.remove(own);
            freeIfNobodyHolds();
        }
        changed = true;
        return true;
    }

    /** Ends every hold, whosever it is. */
    void endAll() {
        holds.clear();
        freeIfNobodyHolds();
        changed = true;
    }

    /** Writes what has changed; kept until the last hold has ended, and for so long at least. */
    Effect effect(long retention) {
        if (!changed && !line.isChanged()) {
            return Effect.keep();
        }
        LockHold last = last();
        return Effect.put(cells(), last == null ? retention : Math.max(last.end() - now, retention));
    }

    private Cells cells() {
        int waitersAt = HEAD + LockHold.CELLS * holds.size();
        long[] cells = new long[waitersAt + line.cellCount()];
        cells[0] = FORMAT;
        cells[1] = mode.number();
        cells[2] = token;
        cells[3] = holds.size();
        for (int i = 0; i < holds.size(); i++) {
            holds.get(i).write(cells, HEAD + LockHold.CELLS * i);
        }
        line.write(cells, waitersAt);
        return Cells.of(cells);
    }
}
