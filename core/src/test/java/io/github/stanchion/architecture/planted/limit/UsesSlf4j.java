package io.github.stanchion.architecture.planted.limit;

import org.slf4j.Marker;

/** Uses a library that core must not need. */
interface UsesSlf4j extends Marker {}
