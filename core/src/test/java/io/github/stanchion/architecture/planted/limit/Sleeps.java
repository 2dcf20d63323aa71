package io.github.stanchion.architecture.planted.limit;

/** Waits on its own. */
final class Sleeps {
    void rest() throws InterruptedException {
        Thread.sleep(1);
    }
}
