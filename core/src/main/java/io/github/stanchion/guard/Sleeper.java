package io.github.stanchion.guard;

import java.util.concurrent.CompletionStage;

/** Lets time pass for calls that wait; the executor's only way to wait, so that tests can drive it. */
public interface Sleeper {

    /**
     * Parks the calling thread, virtual or not.
     *
     * @throws InterruptedException if the thread is interrupted, before or meanwhile
     */
    void sleep(long micros) throws InterruptedException;

    /** A stage that completes after so long, without a thread that waits; cancelling it frees what it holds. */
    CompletionStage<Void> sleepAsync(long micros);
}
