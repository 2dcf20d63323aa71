package io.github.stanchion.annotation;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Repeatable;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Admits so many calls per period; refuses the rest with {@code RateLimitExceededException}, or lets them wait.
 *
 * <p>Several on one method are one decision: all of them are charged, or none. On a class it holds for every public method
 * of its instances that has none of its own. Every attribute that is left out comes from the settings of the policy of that name
 * ({@code stanchion.rate-limits.<name>}), else from the default stated here; settings win over attributes.
 */
@Target({ElementType.METHOD, ElementType.TYPE, ElementType.ANNOTATION_TYPE})
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Inherited
@Repeatable(RateLimited.List.class)
@GuardKind("rate-limit")
public @interface RateLimited {

    /** The policy's name; methods that share name and key share a subject. Default: the method's own. */
    String value() default "";

    /** The same as {@link #value}; give one of the two. */
    String name() default "";

    /** {@code "<refill>/<period>[ burst <capacity>]"}, as in {@code "100/1m"}; several must all hold. */
    String[] limit() default {};

    /** At most one; default {@link RateAlgorithm#TOKEN_BUCKET}. */
    RateAlgorithm[] algorithm() default {};

    /** Expressions that name the subject, several of them as a tuple. Default: each method is one subject. */
    String[] key() default {};

    /** Expression for the permits that a call takes: an integer from 0 on. Default 1. */
    String cost() default "";

    /** Expression; false = this call is not limited. */
    String condition() default "";

    /** Expression for the name of this call's plan. */
    String plan() default "";

    /** Which calls count in the end, at most one; default {@link CountedCalls#ALWAYS}. */
    CountedCalls[] count() default {};

    /** Expression over {@code #result}, {@code #error}, {@code #status}; true = the permits are given back. */
    String refundWhen() default "";

    /** Expression over {@code #result}, {@code #error}, {@code #status}, {@code #reserved} for the real cost. */
    String settle() default "";

    /** How long a call may wait for its permits instead of being refused, as in {@code "2s"}. Default: not at all. */
    String maxWait() default "";

    /** A method of the same class, or {@code bean::method}, that answers instead of a refusal. */
    String fallback() default "";

    /** Failures of the method itself that the fallback answers too. */
    Class<? extends Throwable>[] fallbackOn() default {};

    /** Holds repeated annotations. */
    @Target({ElementType.METHOD, ElementType.TYPE, ElementType.ANNOTATION_TYPE})
    @Retention(RetentionPolicy.RUNTIME)
    @Documented
    @Inherited
    @GuardKind("rate-limit")
    @interface List {

        RateLimited[] value();
    }
}
