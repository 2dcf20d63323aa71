package io.github.stanchion.guard;

/** What a policy does with its decisions. */
public enum GuardMode {

    /** Decisions hold. */
    ENFORCE,

    /** Decisions are made and reported in a key space of their own, and every call goes through. */
    SHADOW,

    /** Nothing is decided: no store call. */
    OFF
}
