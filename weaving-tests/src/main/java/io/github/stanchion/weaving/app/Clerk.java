package io.github.stanchion.weaving.app;

import io.github.stanchion.annotation.RateLimited;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;

/** Guarded where proxies reach. */
public class Clerk implements Desk, Drawer<String> {

    @RateLimited(limit = "1000/1h")
    @Locked
    public String open() {
        return "open";
    }

    @RateLimited(name = "one", limit = "1000/1h")
    @RateLimited(name = "two", limit = "1000/1h")
    public String repeated() {
        return "repeated";
    }

    @Metered
    public String metered() {
        return "metered";
    }

    @Override
    public String promised() {
        return "promised";
    }

    @Override
    @RateLimited(limit = "1000/1h")
    public String put(String thing) {
        return thing;
    }

    @RateLimited(limit = "1000/1h")
    @Locked
    public CompletableFuture<String> later() {
        return CompletableFuture.completedFuture("later");
    }

    @RateLimited(limit = "1000/1h")
    public String failing() throws IOException {
        throw new IOException("closed");
    }

    @RateLimited(limit = "1000/1h")
    @Locked
    public int countDown(int from) {
        return from == 0 ? 0 : countDown(from - 1);
    }

    /** Not guarded itself. */
    public String opensItself() {
        return open();
    }
}
