package io.github.stanchion.spring.test;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Switches guards off while a test runs, in the context that it has: they let every call through, annotated or by a facade, and
 * ask no store. Counters and values are what they are.
 *
 * <p>What a method says goes before what its class says, that before what an enclosing class says; {@link GuardsOn} is the
 * opposite. Of the two on one element, that which names a guard decides about it. Names that no guard has fail the test.
 */
@Documented
@Inherited
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
public @interface GuardsOff {

    /** Names of policies, of whatever kind; none for all guards. */
    String[] value() default {};
}
