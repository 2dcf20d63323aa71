package io.github.stanchion.architecture.planted.limit;

/** Keeps state for the whole process. */
final class Remembers {
    static int calls;

    private Remembers() {}
}
