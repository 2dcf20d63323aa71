package io.github.stanchion.weaving.app;

import io.github.stanchion.annotation.WithLock;

/** Locked where no proxy reaches. Methods tell whether they run with the lock. */
public class Cellar {

    /** Not guarded itself. */
    public boolean opensHidden() {
        return hidden();
    }

    @WithLock(name = "safe", waitTime = "0s")
    private boolean hidden() {
        return Safe.isHeld();
    }

    @WithLock(name = "safe", waitTime = "0s")
    public final boolean sealed() {
        return Safe.isHeld();
    }

    @WithLock(name = "safe", waitTime = "0s")
    public static boolean shared() {
        return Safe.isHeld();
    }
}
