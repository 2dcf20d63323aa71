package io.github.stanchion.weaving.app;

import io.github.stanchion.annotation.RateLimited;

/** All of its public methods are guarded. */
@RateLimited(limit = "1000/1h")
public class Counter {

    public String served() {
        return unseen();
    }

    String unseen() {
        return "served";
    }
}
