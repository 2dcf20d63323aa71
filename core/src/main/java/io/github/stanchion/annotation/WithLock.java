package io.github.stanchion.annotation;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Lets one call at a time run, over all processes that share a store: a lock that is held or says it is not.
 *
 * <p>The lock is a lease. It is renewed while the method runs; if it is lost all the same, the call learns of it. It is taken
 * before a transaction begins and released after it has ended. On a class it holds for every public method of its instances
 * that has none of its own. What is left out comes from {@code stanchion.locks.<name>}, else from the default stated here;
 * settings win over attributes.
 *
 * <p>Durations are texts such as {@code "500ms"}, {@code "30s"} or {@code "1m30s"}.
 */
@Target({ElementType.METHOD, ElementType.TYPE, ElementType.ANNOTATION_TYPE})
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Inherited
@GuardKind("lock")
public @interface WithLock {

    /** The lock's name; methods of one name share its locks. Default: the method's own. */
    String value() default "";

    /** The same as {@link #value}; give one of the two. */
    String name() default "";

    /** Expressions that name what is locked, several of them as a tuple. Default: one lock for all calls. */
    String[] key() default {};

    /** The one key is a collection, array or stream: one lock for each element, all or none. At most one; default false. */
    boolean[] each() default {};

    /** How long a call may wait, everything included; {@code 0s} = one try, {@code forever}. Default 3s, with SKIP 0s. */
    String waitTime() default "";

    /** How long the lock stays without renewal, at least 300ms. Default 30s. */
    String leaseTime() default "";

    /** At most one; default {@link LeaseRenewal#AUTO}. */
    LeaseRenewal[] renew() default {};

    /** When renewal ends and the lock counts as lost; {@code none} = never. Default 1h. */
    String maxHold() default "";

    /** How long the lock stays at least once it has been taken, by the store's clock. Default not at all. */
    String atLeast() default "";

    /** At most one; default {@link OnContention#FAIL}. */
    OnContention[] onContention() default {};

    /** Expression for what a skipped call returns. Default: null, or what is empty of its type. */
    String skipValue() default "";

    /** How long after its completion a single-flight result still serves calls that come. Default 1s. */
    String share() default "";

    /** Whether calls that wait get the leader's error too, rather than compute in its place. Default false. */
    boolean[] shareErrors() default {};

    /** At most one; default {@link WaitOver#FAIL}. */
    WaitOver[] waitOver() default {};

    /** A method of the same class, or {@code bean::method}, that answers where the lock was not to be had. */
    String fallback() default "";

    /** Other failures that come before the method runs and that the fallback answers too. */
    Class<? extends Throwable>[] fallbackOn() default {};

    /** At most one; default {@link OnLost#FAIL}. */
    OnLost[] onLost() default {};

    /** Whether a call that holds the lock may enter it again; if not, that is an error. Default true. */
    boolean[] reentrant() default {};

    /** How many calls of one key may wait in this process; the next one is refused at once. Default 256. */
    int[] maxWaiters() default {};

    /** At most one; default {@link LockTransactions#AUTO}. */
    LockTransactions[] tx() default {};
}
