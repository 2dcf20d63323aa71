package io.github.stanchion.limit;

/** Who decided about a call. */
public enum RateSource {

    /** The policy's store. */
    STORE,

    /** Permits that this process had charged ahead at the store. */
    LEASE,

    /** What this process remembers of the store's last refusal: nothing of that cost can pass yet. */
    CACHE,

    /** This process's memory, as the store was away. */
    LOCAL,

    /** Nobody was asked: the policy's settings say it all. */
    NONE
}
