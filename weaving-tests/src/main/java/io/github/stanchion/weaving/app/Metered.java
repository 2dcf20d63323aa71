package io.github.stanchion.weaving.app;

import io.github.stanchion.annotation.RateLimited;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** The application's own name for a limit. */
@Target({ElementType.METHOD, ElementType.TYPE})
@Retention(RetentionPolicy.RUNTIME)
@RateLimited(limit = "1000/1h")
public @interface Metered {}
