package io.github.stanchion.store;

/** What a store can be relied on for; declared by the store and checked when an application starts. */
public enum Capability {

    /** All processes of an application see the same state. */
    SHARED,

    /** Time comes from the store, so that all callers go by one clock. */
    STORE_CLOCK,

    /** Its clock never goes back while its state lives. */
    STEADY_CLOCK,

    /** No live state is dropped by the store itself, under memory pressure included. */
    RETAINS,

    /** State survives a restart of the store, and acknowledged writes a failover. */
    DURABLE,

    /** Fencing tokens rise for ever, even after a loss of state. */
    FENCING,

    /** Joint decisions are atomic: nobody sees one key changed and another not yet. In one slot, where slots are spread. */
    JOINT,

    /** Signals are pushed to subscribers. */
    SIGNALS,

    /** Keys can be listed. */
    SCAN
}
