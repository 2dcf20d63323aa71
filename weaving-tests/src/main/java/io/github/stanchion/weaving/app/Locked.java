package io.github.stanchion.weaving.app;

import io.github.stanchion.annotation.GuardKind;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Asks for a guard of the application's own making, which stands inside of authorization. */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@GuardKind("lock")
public @interface Locked {}
