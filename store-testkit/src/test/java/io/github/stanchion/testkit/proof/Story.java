package io.github.stanchion.testkit.proof;

import java.util.ArrayList;
import java.util.List;

/** Tells a history in few words; instants are milliseconds. Each owner is a process of its own. */
final class Story {

    static final long NEVER = -1;

    private final List<Event> events = new ArrayList<>();
    private String lock = "lock";

    /** What follows happens to another lock. */
    Story on(String other) {
        lock = other;
        return this;
    }

    /** A grant, and the instant at which its holder counts the lease to end. */
    Story granted(String owner, long start, long end, long token, long leaseEnd) {
        return add(Action.ACQUIRE, lock, owner, token, millis(leaseEnd), start, end, Outcome.OK);
    }

    Story refused(String owner, long start, long end) {
        return add(Action.ACQUIRE, lock, owner, 0, 0, start, end, Outcome.FAIL);
    }

    Story unanswered(String owner, long start, long end) {
        return add(Action.ACQUIRE, lock, owner, 0, 0, start, end, Outcome.UNKNOWN);
    }

    Story held(String owner, long at, long leaseEnd) {
        return add(Action.HOLD, lock, owner, 0, millis(leaseEnd), at, at, Outcome.OK);
    }

    Story lost(String owner, long at) {
        return add(Action.HOLD, lock, owner, 0, 0, at, at, Outcome.FAIL);
    }

    Story released(String owner, long start, long end) {
        return add(Action.RELEASE, lock, owner, 0, 0, start, end, Outcome.OK);
    }

    Story releaseUnanswered(String owner, long start) {
        return add(Action.RELEASE, lock, owner, 0, 0, start, NEVER, Outcome.UNKNOWN);
    }

    Story read(String owner, long start, long end, long token, long value) {
        return add(Action.READ, "register", owner, token, value, start, end, Outcome.OK);
    }

    Story wrote(String owner, long start, long end, long token, long value) {
        return add(Action.WRITE, "register", owner, token, value, start, end, Outcome.OK);
    }

    Story writeRefused(String owner, long start, long end, long token, long value) {
        return add(Action.WRITE, "register", owner, token, value, start, end, Outcome.FAIL);
    }

    Story writeUnanswered(String owner, long start, long token, long value) {
        return add(Action.WRITE, "register", owner, token, value, start, NEVER, Outcome.UNKNOWN);
    }

    Story added(String owner, long start, long end, long sum) {
        return add(Action.ADD, "register", owner, 0, sum, start, end, Outcome.OK);
    }

    Story additionUnanswered(String owner, long start, long sum) {
        return add(Action.ADD, "register", owner, 0, sum, start, NEVER, Outcome.UNKNOWN);
    }

    Story fault(String what, long start, long end) {
        return add(Action.FAULT, what, "nemesis", 0, 0, start, end, Outcome.OK);
    }

    Story killed(String owner, long at) {
        return add(Action.END, owner, "nemesis", 0, 0, at, at, Outcome.OK);
    }

    private Story add(
            Action action, String key, String owner, long token, long value, long start, long end, Outcome outcome) {
        long ended = end == NEVER ? Event.NEVER : millis(end);
        events.add(new Event(owner, action, key, owner, token, value, millis(start), ended, outcome));
        return this;
    }

    static long millis(long millis) {
        return millis * 1_000_000;
    }

    History history() {
        return History.of(events);
    }

    /** Where the event of that place in the story went: the first one told is 0. */
    Event event(int place) {
        return events.get(place);
    }
}
