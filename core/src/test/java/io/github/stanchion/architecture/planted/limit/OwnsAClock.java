package io.github.stanchion.architecture.planted.limit;

/** Reads a clock by permission. */
final class OwnsAClock {
    long now() {
        return System.nanoTime();
    }
}
