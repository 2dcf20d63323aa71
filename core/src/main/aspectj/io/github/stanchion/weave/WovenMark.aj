package io.github.stanchion.weave;

import io.github.stanchion.annotation.RateLimited;

/**
 * The one list of what AspectJ weaves: marks methods that have, or whose class has, an annotation of a guard, itself or one
 * level away. {@link GuardAspect} advises what is marked here, so that mark and advice cannot differ.
 *
 * <p>A new annotation takes four lines: on the method, on an annotation of the method, and both for the class; those that
 * may repeat take the container too.
 */
public final aspect WovenMark {

    declare @method: (@(RateLimited || RateLimited.List) !abstract * *(..)): @Woven;

    declare @method: (@(@(RateLimited || RateLimited.List) *) !abstract * *(..)): @Woven;

    declare @method: (public !abstract * (@(RateLimited || RateLimited.List) *).*(..)): @Woven;

    declare @method: (public !abstract * (@(@(RateLimited || RateLimited.List) *) *).*(..)): @Woven;
}
