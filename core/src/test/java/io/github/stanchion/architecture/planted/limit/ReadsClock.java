package io.github.stanchion.architecture.planted.limit;

/** Reads a clock that is not its own. */
final class ReadsClock {
    long now() {
        return System.nanoTime();
    }
}
