package io.github.stanchion.spring.test;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Lets guards guard again that {@link GuardsOff} has switched off: as in {@code @GuardsOff @GuardsOn("search")}, or on a method
 * of a class without guards.
 */
@Documented
@Inherited
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
public @interface GuardsOn {

    /** Names of policies, of whatever kind; none for all guards. */
    String[] value() default {};
}
