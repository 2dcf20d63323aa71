package io.github.stanchion.annotation;

/** Whether a lock's lease is renewed while the method runs. */
public enum LeaseRenewal {

    /** It is, until the longest hold is over. */
    AUTO,

    /** It is not: the method must end within the lease. */
    NEVER
}
