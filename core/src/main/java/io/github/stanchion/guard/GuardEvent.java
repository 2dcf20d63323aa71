package io.github.stanchion.guard;

/** Something that a guard decided or noticed; each kind of guard has records of its own. */
public interface GuardEvent {

    /** The kind of guard, as in {@code rate-limit}. */
    String kind();

    /** The policy's name; never a key. */
    String name();
}
