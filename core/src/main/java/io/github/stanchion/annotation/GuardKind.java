package io.github.stanchion.annotation;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Says of an annotation that it asks for a guard, and of which kind; what is to be woven is recognised by it.
 *
 * <p>The container of a repeatable annotation carries it too.
 */
@Target(ElementType.ANNOTATION_TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Documented
public @interface GuardKind {

    /** The kind, one word of the configured order of guards. */
    String value();
}
