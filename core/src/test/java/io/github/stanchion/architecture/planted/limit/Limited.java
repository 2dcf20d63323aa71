package io.github.stanchion.architecture.planted.limit;

/** Has the name of an annotation. */
final class Limited {}
