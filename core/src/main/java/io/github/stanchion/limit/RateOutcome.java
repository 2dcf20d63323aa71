package io.github.stanchion.limit;

/** How a rate limit decided. */
public enum RateOutcome {

    /** The permits were there. */
    ADMITTED(true),

    /** The permits were reserved ahead, and the call waited for them. */
    DELAYED(true),

    /** The permits are not there. */
    REJECTED(false),

    /** The call costs more than the limit can ever hold; no store was asked. */
    NEVER(false),

    /** The call would have been refused, were the policy not in shadow mode. */
    SHADOW_REJECTED(true),

    /** The call's plan has no limit; no store was asked. */
    UNLIMITED(true),

    /** The call's plan admits nothing, or it has no key and must have one; no store was asked. */
    BLOCKED(false),

    /** The call is not limited: its condition is false, it has no key, the policy is off, or its store is away. */
    SKIPPED(true);

    private final boolean admitted;

    RateOutcome(boolean admitted) {
        this.admitted = admitted;
    }

    /** Whether the call may go on as far as this limit is concerned. */
    public boolean isAdmitted() {
        return admitted;
    }
}
