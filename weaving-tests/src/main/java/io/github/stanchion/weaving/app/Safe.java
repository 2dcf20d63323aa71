package io.github.stanchion.weaving.app;

import io.github.stanchion.annotation.WithLock;
import io.github.stanchion.lock.Lease;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;

/** Locked where proxies reach. Methods tell whether they run with the lock. */
public class Safe {

    @WithLock(name = "safe", waitTime = "0s")
    public boolean open() {
        return isHeld();
    }

    /** Not guarded itself. */
    public boolean opensItself() {
        return open();
    }

    /** Held by itself, and perhaps once more further in. */
    @WithLock(name = "safe", waitTime = "0s")
    public boolean opensTwice() {
        long token = Lease.current("safe").fencingToken();
        return open() && Lease.current("safe").fencingToken() == token;
    }

    @WithLock(name = "safe", waitTime = "0s")
    public void fails() throws IOException {
        Lease.assertHeld("safe");
        throw new IOException("jammed");
    }

    @WithLock(name = "safe", waitTime = "0s")
    public CompletableFuture<String> opensLater(CompletableFuture<String> combination) {
        Lease.assertHeld("safe");
        return combination;
    }

    static boolean isHeld() {
        try {
            Lease.assertHeld("safe");
            return true;
        } catch (IllegalStateException free) {
            return false;
        }
    }
}
