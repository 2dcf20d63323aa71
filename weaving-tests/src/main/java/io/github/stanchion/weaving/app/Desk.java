package io.github.stanchion.weaving.app;

import io.github.stanchion.annotation.RateLimited;

/** Has a guarded method. */
public interface Desk {

    @RateLimited(limit = "1000/1h")
    String promised();
}
