package io.github.stanchion.spring.test;

import com.jayway.jsonpath.JsonPath;
import io.github.stanchion.guard.GuardRejectedException;
import io.github.stanchion.limit.RateLimitExceededException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;

/**
 * What an answer tells of the guards that have refused a call.
 *
 * @param guards their names; none if no guard has refused it
 * @param retryAfter how long trying again is pointless, as far as it says
 * @param wholeSeconds whether it counts in seconds, rounded up
 * @param text for people: what happened
 */
record Refusal(List<String> guards, @Nullable Duration retryAfter, boolean wholeSeconds, String text) {

    private static final Pattern NAME = Pattern.compile("'([^']+)'");

    /** @param thrown null if nothing was */
    static Refusal of(@Nullable Throwable thrown) {
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (cause instanceof GuardRejectedException rejection) {
                return new Refusal(
                        rejection instanceof RateLimitExceededException exceeded
                                ? exceeded.violated()
                                : List.of(rejection.name()),
                        rejection.retryAfter().orElse(null),
                        false,
                        rejection.toString());
            }
        }
        return new Refusal(List.of(), null, false, thrown == null ? "the call was let through" : thrown.toString());
    }

    static Refusal of(HttpAnswer answer) {
        String text = "status " + answer.status() + ": " + answer.body();
        String seconds = answer.headers().getFirst(HttpHeaders.RETRY_AFTER);
        Duration retryAfter =
                seconds == null || !seconds.matches("\\d{1,18}") ? null : Duration.ofSeconds(Long.parseLong(seconds));
        return new Refusal(answer.isProblem() ? guards(answer.body()) : List.of(), retryAfter, true, text);
    }

    private static List<String> guards(String problem) {
        Map<String, Object> members = JsonPath.read(problem, "$");
        if (members.get("violated-policies") instanceof List<?> violated) {
            return violated.stream().map(String::valueOf).toList();
        }
        // Other refusals name their guard for people alone.
        Matcher quoted = NAME.matcher(String.valueOf(members.get("detail")));
        return quoted.find() ? List.of(quoted.group(1)) : List.of();
    }
}
