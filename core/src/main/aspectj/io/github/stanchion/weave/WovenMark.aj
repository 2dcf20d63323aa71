package io.github.stanchion.weave;

import io.github.stanchion.annotation.GuardKind;

/**
 * The one place that says what AspectJ weaves: methods with an annotation of a guard, methods with an annotation that has
 * one, and for classes that have either their public instance methods.
 *
 * <p>An annotation of a guard is known by its {@code @GuardKind}, and so is the container of repeated ones.
 * {@link GuardAspect} advises what is marked here, so that mark and advice cannot differ.
 */
public final aspect WovenMark {

    declare @method: (@(@GuardKind *) !abstract * *(..))
            || (@(@(@GuardKind *) *) !abstract * *(..))
            || (public !static !abstract * (@(@GuardKind *) *).*(..))
            || (public !static !abstract * (@(@(@GuardKind *) *) *).*(..))
            : @Woven;
}
