package io.github.stanchion.limit;

/** What a plan of a rate limit allows, as given. */
public sealed interface RatePlan {

    /** Reads {@code unlimited}, {@code blocked}, or a limit such as {@code 60/1m}. */
    static RatePlan of(String text) {
        return switch (text.strip()) {
            case "unlimited" -> new Unlimited();
            case "blocked" -> new Blocked();
            default -> new Limited(LimitSettings.of(text));
        };
    }

    /** A limit of its own in place of the policy's. */
    record Limited(LimitSettings limits) implements RatePlan {}

    /** No limit: calls of this plan cost no store call. */
    record Unlimited() implements RatePlan {}

    /** No call at all: refused without a store call. */
    record Blocked() implements RatePlan {}
}
