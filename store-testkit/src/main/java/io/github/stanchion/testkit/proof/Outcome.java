package io.github.stanchion.testkit.proof;

/** What a process learned about its operation. */
public enum Outcome {

    /** It took effect, between start and end. */
    OK,

    /** It was refused, and took no effect. */
    FAIL,

    /** Nobody said; it may take effect at any time after its start, or never. */
    UNKNOWN
}
