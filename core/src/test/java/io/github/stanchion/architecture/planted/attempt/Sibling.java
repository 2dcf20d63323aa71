package io.github.stanchion.architecture.planted.attempt;

/** Another kind of guard. */
public final class Sibling {}
