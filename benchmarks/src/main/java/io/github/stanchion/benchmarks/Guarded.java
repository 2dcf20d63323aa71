package io.github.stanchion.benchmarks;

import io.github.stanchion.annotation.RateLimited;

/** A bean with a guarded method; what it does costs nothing. */
public class Guarded {

    @RateLimited("one")
    public boolean call(String caller) {
        return !caller.isEmpty();
    }
}
