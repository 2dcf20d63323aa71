package io.github.stanchion.lock;

import io.github.stanchion.store.StoreKey;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Where the calls of this process queue for their locks, first come first served: of each lock only the first in line is
 * known to the store.
 *
 * <p>Thread-safe; changes of one line are atomic, and nothing is done for long while they are made. A line is gone once
 * nobody is in it.
 */
final class LockLines {

    private static final int PRECEDENCES = 256;

    /** In which a process that was named comes for the lock, unless it is very busy. */
    private static final long PRECEDENCE_NANOS = 2_000_000;

    private final Map<StoreKey, Line> lines = new ConcurrentHashMap<>();
    private final Map<Long, StoreKey> asking = new ConcurrentHashMap<>();
    private final AtomicReferenceArray<@Nullable Precedence> precedences = new AtomicReferenceArray<>(PRECEDENCES);

    /**
     * Joins the line of this lock, null if {@code most} calls wait in it already.
     *
     * @param lock the key's fingerprint
     */
    @Nullable
    Ticket join(StoreKey key, long lock, int most) {
        Ticket ticket = new Ticket(key, lock);
        Line line = lines.compute(key, (same, present) -> {
            Line changed = present == null ? new Line() : present;
            changed.join(ticket, most);
            return changed;
        });
        return ticket.line == line ? ticket : null;
    }

    /** Whether a call of this process holds the lock. */
    boolean isHeld(StoreKey key) {
        Line line = lines.get(key);
        return line != null && line.held.get() > 0;
    }

    /** Whether calls wait in the line of this lock, one that has left it apart. */
    boolean hasOthers(StoreKey key, @Nullable Ticket self) {
        Line line = lines.get(key);
        return line != null && (line.waiting > 0 || line.first != null && line.first != self);
    }

    void acquired(StoreKey key) {
        lines.compute(key, (same, present) -> {
            Line changed = present == null ? new Line() : present;
            changed.held.incrementAndGet();
            return changed;
        });
    }

    void released(StoreKey key) {
        lines.computeIfPresent(key, (same, line) -> {
            line.held.decrementAndGet();
            return line.orNothing();
        });
    }

    /**
     * Leaves the line; whoever is next is first then. A wake-up that nobody has made use of is the next one's.
     *
     * @param behind whether others than this process's calls are to have the lock before the next one asks
     */
    Departure leave(Ticket ticket, boolean behind) {
        Ticket[] next = new Ticket[1];
        Departure[] departure = {Departure.FROM_BEHIND};
        lines.computeIfPresent(ticket.key, (same, line) -> {
            if (line.first != ticket) {
                line.drop(ticket);
                return line;
            }
            next[0] = line.moveUp();
            if (next[0] == null) {
                departure[0] = Departure.LAST;
                asking.remove(ticket.lock, ticket.key);
            } else {
                departure[0] = Departure.HANDED_ON;
                next[0].behind = behind && !ticket.woken;
            }
            return line.orNothing();
        });
        if (next[0] != null) {
            next[0].turn.complete(null);
        }
        return departure[0];
    }

    /** The first in line is about to ask the store; from now on until the line is empty it can be woken. */
    void arm(Ticket ticket) {
        ticket.wakeUp = new CompletableFuture<>();
        asking.put(ticket.lock, ticket.key);
    }

    /** The store says that it is this process's turn at the lock of this fingerprint. */
    void wake(long fingerprint) {
        StoreKey key = asking.get(fingerprint);
        if (key != null) {
            wake(key);
        }
    }

    void wake(StoreKey key) {
        // Marked as one step with the changes of the line: a call that leaves it hands the mark on.
        Ticket[] woken = new Ticket[1];
        lines.computeIfPresent(key, (same, line) -> {
            woken[0] = line.first;
            if (woken[0] != null) {
                woken[0].woken = true;
            }
            return line;
        });
        if (woken[0] != null) {
            woken[0].wakeUp.complete(null);
        }
    }

    /**
     * A release of this process has named another one, which has some time to come before this one's calls do. Remembered in a
     * fixed number of places, so of two locks in one place the former goes without.
     */
    void letOthersBefore(long lock, long nowNanos) {
        precedences.set(placeOf(lock), new Precedence(lock, nowNanos + PRECEDENCE_NANOS));
    }

    /** How long others still go before this process's calls; 0 or less if they do not. */
    long othersBeforeMicros(long lock, long nowNanos) {
        Precedence precedence = precedences.get(placeOf(lock));
        return precedence == null || precedence.lock != lock ? 0 : (precedence.untilNanos - nowNanos + 999) / 1_000;
    }

    private static int placeOf(long lock) {
        return (int) (lock % PRECEDENCES);
    }

    /** Wake-ups may have been lost: all look again. */
    void wakeAll() {
        asking.values().forEach(this::wake);
    }

    /** How many calls wait, in all lines. */
    int waiting() {
        int sum = 0;
        for (Line line : lines.values()) {
            sum += line.waiting + (line.first != null && line.held.get() == 0 ? 1 : 0);
        }
        return sum;
    }

    boolean isEmpty() {
        return lines.isEmpty() && asking.isEmpty();
    }

    /** Until when others go before this process's callers, of the lock of that fingerprint. */
    private record Precedence(long lock, long untilNanos) {}

    /** How a call has left a line. */
    enum Departure {
        /** It was not the first. */
        FROM_BEHIND,
        /** It was the first, and another call is now. */
        HANDED_ON,
        /** It was the only one. */
        LAST
    }

    /** A call's place in a line. */
    static final class Ticket {

        private final StoreKey key;
        private final long lock;
        private final CompletableFuture<@Nullable Void> turn = new CompletableFuture<>();
        private @Nullable Line line;
        private volatile boolean behind;
        private volatile boolean woken;
        private volatile CompletableFuture<@Nullable Void> wakeUp = new CompletableFuture<>();

        private Ticket(StoreKey key, long lock) {
            this.key = key;
            this.lock = lock;
        }

        /** Completes once the call is the first in line. */
        CompletableFuture<@Nullable Void> turn() {
            return turn;
        }

        boolean isFirst() {
            return turn.isDone();
        }

        /** Whether the call, being first, lets other processes go before it. */
        boolean isBehind() {
            return behind;
        }

        /** Completes when the store says that the lock is free. */
        CompletableFuture<@Nullable Void> wakeUp() {
            return wakeUp;
        }

        /** Whether the store has called this process, whoever of it comes; asking clears it. */
        boolean takeWoken() {
            boolean was = woken;
            woken = false;
            return was;
        }
    }

    /** One lock's line; used inside of the map's atomic updates, read outside of them. */
    private static final class Line {

        private final ArrayDeque<Ticket> queue = new ArrayDeque<>();
        private volatile @Nullable Ticket first;
        private volatile int waiting;
        private final AtomicInteger held = new AtomicInteger();

        private void join(Ticket ticket, int most) {
            int already = queue.size() + (first != null && held.get() == 0 ? 1 : 0);
            if (first == null) {
                first = ticket;
                ticket.turn.complete(null);
            } else if (already >= most) {
                return;
            } else {
                queue.add(ticket);
                waiting = queue.size();
            }
            ticket.line = this;
        }

        private void drop(Ticket ticket) {
            queue.remove(ticket);
            waiting = queue.size();
        }

        private @Nullable Ticket moveUp() {
            first = queue.poll();
            waiting = queue.size();
            return first;
        }

        private @Nullable Line orNothing() {
            return first == null && held.get() == 0 ? null : this;
        }
    }
}
