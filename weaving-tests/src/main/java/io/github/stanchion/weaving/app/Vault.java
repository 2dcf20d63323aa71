package io.github.stanchion.weaving.app;

import io.github.stanchion.annotation.RateLimited;

/** Guarded where no proxy reaches. */
public class Vault {

    @RateLimited(limit = "1000/1h")
    public final String sealed() {
        return "sealed";
    }

    @RateLimited(limit = "1000/1h")
    public static String shared() {
        return "shared";
    }

    /** Not guarded itself. */
    public String opensHidden() {
        return hidden();
    }

    @RateLimited(limit = "1000/1h")
    private String hidden() {
        return "hidden";
    }
}
