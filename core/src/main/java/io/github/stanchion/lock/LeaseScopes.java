package io.github.stanchion.lock;

/** Hears which thread runs a body that holds a lock, as for the context of a log. Thread-safe; throws nothing. */
public interface LeaseScopes {

    /** Nobody wants to know. */
    LeaseScopes NONE = new LeaseScopes() {};

    /** The body begins on this thread. */
    default void entered(Lease lease) {}

    /** It is over on this thread. */
    default void exited(Lease lease) {}
}
