package io.github.stanchion.architecture.planted.annotation;

/** An annotation whose name a domain type has, too. */
public @interface Limited {}
