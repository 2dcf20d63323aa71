/**
 * Guards around the calls of Spring beans: proxies' advice, the annotations it looks for, the fallbacks it calls.
 *
 * <p>Open {@link io.github.stanchion.spring.weave.GuardAdvisor} first. It decides nothing: it finds the plan of a method, which
 * {@code GuardWeaver} makes, and hands each call to {@code GuardExecutor}, as the AspectJ aspect does for woven code.
 *
 * <p>Knows the core and spring-aop; no kind of guard, no web, no Reactor.
 */
@NullMarked
package io.github.stanchion.spring.weave;

import org.jspecify.annotations.NullMarked;
