package io.github.stanchion.weaving.app;

import io.github.stanchion.annotation.RateLimited;

/** All public methods of its instances are guarded. */
@RateLimited(limit = "1000/1h")
public class Counter {

    public String served() {
        return unseen();
    }

    @RateLimited(name = "own", limit = "1000/1h")
    public String ownLimit() {
        return "own";
    }

    public static String shared() {
        return "shared";
    }

    String unseen() {
        return "served";
    }
}
