package io.github.stanchion.testkit.proof;

/**
 * One operation of one process.
 *
 * @param process that did it; a process that is started anew has a new name
 * @param key of the lock, register or counter; no white space in this and the other names
 * @param owner who did it within the process; holds nothing twice at a time
 * @param token 0 where there is none
 * @param value 0 where there is none
 * @param start nanoseconds, taken before the operation was sent
 * @param end nanoseconds, taken after its answer arrived, or after waiting for it was given up; {@link #NEVER} if the process
 *     did not live to see that
 */
public record Event(
        String process,
        Action action,
        String key,
        String owner,
        long token,
        long value,
        long start,
        long end,
        Outcome outcome) {

    /** The end of an operation that nobody saw end. */
    public static final long NEVER = Long.MAX_VALUE;

    public Event {
        if (start > end) {
            throw new IllegalArgumentException("Event of '" + process + "' ends at " + end + ", before its start at "
                    + start + "; take both from one clock");
        }
        if (end == NEVER && outcome != Outcome.UNKNOWN) {
            throw new IllegalArgumentException("Event of '" + process + "' is " + outcome
                    + " though it has no end; give it one, or the outcome UNKNOWN");
        }
    }

    /** Whether it surely took effect before the other could. */
    public boolean before(Event other) {
        return outcome != Outcome.UNKNOWN && end < other.start;
    }

    boolean is(Action wanted, Outcome result) {
        return action == wanted && outcome == result;
    }

    @Override
    public String toString() {
        return "%s of %s by %s in %s [%d, %s] token %d value %d %s"
                .formatted(action, key, owner, process, start, end == NEVER ? "never" : end, token, value, outcome);
    }
}
