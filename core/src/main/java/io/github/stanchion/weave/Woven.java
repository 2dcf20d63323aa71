package io.github.stanchion.weave;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Says that AspectJ has woven the guards into this method; put there by the weaving alone, never by hand.
 *
 * <p>At run time it is the one proof of it: without it a guarded method is guarded only when called through a proxy.
 */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@Documented
public @interface Woven {}
