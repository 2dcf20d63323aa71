package io.github.stanchion.architecture.planted.limit;

/** A class that anybody may extend. */
class Open {}
