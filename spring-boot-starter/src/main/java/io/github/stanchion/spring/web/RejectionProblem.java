package io.github.stanchion.spring.web;

import io.github.stanchion.guard.GuardRejectedException;
import io.github.stanchion.guard.StoreUnavailableException;
import io.github.stanchion.limit.RateLimitExceededException;
import io.github.stanchion.lock.LeaseLostException;
import io.github.stanchion.lock.LockNotAcquiredException;
import java.net.URI;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What one kind of refusal becomes in HTTP; a bean of this type adds the kind of another guard.
 *
 * @param exception this class exactly
 * @param status HTTP status, 400 to 599
 * @param title what all problems of this kind have in common
 * @param name the last part of the problem's type, as in {@code quota-exceeded}
 * @param registered whether IANA's registry of problem types has that name
 * @param properties what the problem tells beyond its detail
 */
public record RejectionProblem(
        Class<? extends GuardRejectedException> exception,
        int status,
        String title,
        String name,
        boolean registered,
        Properties properties) {

    /** Of a guard that has told nothing about itself. */
    static final RejectionProblem UNKNOWN = new RejectionProblem(
            GuardRejectedException.class, 503, "Call rejected", "call-rejected", false, rejection -> Map.of());

    private static final String REGISTRY = "https://iana.org/assignments/http-problem-types#";

    public RejectionProblem {
        if (status < 400 || status > 599) {
            throw new IllegalArgumentException(
                    "Status '" + status + "' of " + exception.getName() + " is no error; use 400 to 599");
        }
    }

    static List<RejectionProblem> known() {
        return List.of(
                new RejectionProblem(
                        RateLimitExceededException.class,
                        429,
                        "Quota exceeded",
                        "quota-exceeded",
                        true,
                        rejection -> Map.of("violated-policies", violated(rejection))),
                new RejectionProblem(
                        LockNotAcquiredException.class,
                        409,
                        "Lock not acquired",
                        "lock-not-acquired",
                        false,
                        rejection -> Map.of()),
                new RejectionProblem(
                        LeaseLostException.class, 409, "Lease lost", "lease-lost", false, rejection -> Map.of()),
                new RejectionProblem(
                        StoreUnavailableException.class,
                        503,
                        "Capacity temporarily reduced",
                        "temporary-reduced-capacity",
                        true,
                        rejection -> Map.of()));
    }

    private static List<String> violated(GuardRejectedException rejection) {
        return rejection instanceof RateLimitExceededException exceeded
                ? exceeded.violated()
                : List.of(rejection.name());
    }

    /** Null where neither the registry nor the application has a type: then the status says it all. */
    @Nullable
    URI type(@Nullable URI base) {
        if (base != null) {
            return URI.create(base + name);
        }
        return registered ? URI.create(REGISTRY + name) : null;
    }

    /** What a problem tells in members of its own. */
    @FunctionalInterface
    public interface Properties {

        Map<String, ?> of(GuardRejectedException rejection);
    }
}
