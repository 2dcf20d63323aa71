package io.github.stanchion.limit;

/** When the periods of an interval limit begin. */
public enum PeriodAlignment {

    /** With the first use after the limit was full. */
    FIRST_USE,

    /** At whole periods since 2025-01-01T00:00Z. */
    EPOCH
}
