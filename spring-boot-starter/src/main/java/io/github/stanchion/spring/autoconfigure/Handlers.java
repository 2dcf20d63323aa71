package io.github.stanchion.spring.autoconfigure;

import io.github.stanchion.guard.GuardedMethod;
import org.springframework.core.annotation.MergedAnnotations;
import org.springframework.core.annotation.MergedAnnotations.SearchStrategy;

/** Tells methods that answer requests from others. */
final class Handlers {

    private Handlers() {}

    /** By name: there need be no web. */
    static boolean handlesRequests(GuardedMethod method) {
        return MergedAnnotations.from(method.method(), SearchStrategy.TYPE_HIERARCHY)
                .isPresent("org.springframework.web.bind.annotation.RequestMapping");
    }
}
