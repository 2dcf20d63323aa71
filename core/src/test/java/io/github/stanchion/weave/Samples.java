package io.github.stanchion.weave;

import io.github.stanchion.annotation.RateLimited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.reflect.Method;
import java.util.Arrays;

/** Guarded in each way that annotations can be given; public methods, as a class's annotations are for those. */
@RateLimited("class")
public class Samples {

    @Retention(RetentionPolicy.RUNTIME)
    @RateLimited("meta")
    public @interface Meta {}

    @RateLimited("own")
    public void own() {}

    @RateLimited("first")
    @RateLimited("second")
    public void repeated() {}

    @Meta
    public void meta() {}

    public void inherited() {}

    void hidden() {}

    public static void shared() {}

    /** Guarded as its superclass is. */
    public static final class Heir extends Samples {
        @Override
        public void inherited() {}
    }

    static Method method(Class<?> type, String name) {
        return Arrays.stream(type.getDeclaredMethods())
                .filter(method -> method.getName().equals(name))
                .findFirst()
                .orElseThrow();
    }
}
