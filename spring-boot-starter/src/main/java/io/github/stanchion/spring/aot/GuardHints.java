package io.github.stanchion.spring.aot;

import io.github.stanchion.annotation.RateLimited;
import io.github.stanchion.annotation.WithLock;
import io.github.stanchion.spring.key.CallRoot;
import org.jspecify.annotations.Nullable;
import org.springframework.aot.hint.MemberCategory;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;

/**
 * What is the same for all guarded beans: {@code #root} in expressions, annotations that others stand for, the console, and the
 * scripts of the Redis backend, which knows nothing of Spring.
 */
final class GuardHints implements RuntimeHintsRegistrar {

    private static final String SCRIPTS = "io/github/stanchion/redis/";

    @Override
    public void registerHints(RuntimeHints hints, @Nullable ClassLoader classLoader) {
        hints.reflection().registerType(CallRoot.class, MemberCategory.INVOKE_PUBLIC_METHODS);
        hints.proxies().registerJdkProxy(RateLimited.class);
        hints.proxies().registerJdkProxy(WithLock.class);
        hints.resources().registerPattern("io/github/stanchion/spring/actuate/console.html");
        hints.resources()
                .registerPatternIfPresent(
                        classLoader, SCRIPTS + "run.lua", scripts -> scripts.includes(SCRIPTS + "*.lua"));
    }
}
