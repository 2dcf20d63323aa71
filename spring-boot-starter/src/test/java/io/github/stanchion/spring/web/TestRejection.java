package io.github.stanchion.spring.web;

import io.github.stanchion.guard.GuardRejectedException;
import java.time.Duration;

/** The refusal of a guard that this starter has never heard of. */
final class TestRejection extends GuardRejectedException {

    private static final long serialVersionUID = 1L;

    TestRejection(String name, Duration retryAfter) {
        super("Call rejected by test '" + name + "'", "test", name, retryAfter);
    }
}
