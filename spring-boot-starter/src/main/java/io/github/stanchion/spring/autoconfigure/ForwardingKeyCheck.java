package io.github.stanchion.spring.autoconfigure;

import io.github.stanchion.annotation.RateLimited;
import io.github.stanchion.guard.GuardConfigurationException;
import io.github.stanchion.guard.GuardPlan;
import io.github.stanchion.guard.GuardedMethod;
import io.github.stanchion.limit.RateLimitPolicies;
import java.lang.reflect.Parameter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.core.annotation.MergedAnnotation;
import org.springframework.core.annotation.MergedAnnotations;

/**
 * Refuses keys that a caller can choose: those that read the header in which proxies pass addresses on, where no proxy is
 * trusted.
 */
final class ForwardingKeyCheck implements GuardCheck {

    private static final Set<String> HEADERS =
            Set.of("x-forwarded-for", "forwarded", "x-real-ip", "x-client-ip", "true-client-ip", "cf-connecting-ip");

    private static final Pattern QUOTED =
            Pattern.compile("'(" + String.join("|", HEADERS) + ")'", Pattern.CASE_INSENSITIVE);

    private final RateLimitPolicies policies;
    private final boolean proxiesTrusted;

    ForwardingKeyCheck(RateLimitPolicies policies, boolean proxiesTrusted) {
        this.policies = policies;
        this.proxiesTrusted = proxiesTrusted;
    }

    @Override
    public void guarded(GuardPlan plan, Consumer<String> warnings) {
        if (proxiesTrusted) {
            return;
        }
        GuardedMethod method = plan.method();
        for (RateLimited annotation : method.annotations(RateLimited.class)) {
            String given = annotation.name().isEmpty() ? annotation.value() : annotation.name();
            String name = given.isEmpty() ? method.policyName() : given;
            for (String key : keys(name, annotation)) {
                String header = headerIn(key, method);
                if (header != null) {
                    throw new GuardConfigurationException(
                            "Key '" + key + "' of rate limit '" + name + "' on " + method.displayName()
                                    + " reads the header " + header + ", which every caller can set",
                            "Use #ip as the key, and set stanchion.web.client-ip.trusted-proxies to the proxies whose"
                                    + " header is to be believed.");
                }
            }
        }
    }

    /** Settings win over attributes, but either may be what a reload brings back. */
    private List<String> keys(String name, RateLimited annotation) {
        List<String> keys = new ArrayList<>(List.of(annotation.key()));
        policies.find(name).map(policy -> policy.settings().key()).ifPresent(keys::addAll);
        return keys;
    }

    private static @Nullable String headerIn(String key, GuardedMethod method) {
        var quoted = QUOTED.matcher(key);
        if (quoted.find()) {
            return quoted.group(1);
        }
        Parameter[] parameters = method.method().getParameters();
        for (int i = 0; i < parameters.length; i++) {
            String header = headerOf(parameters[i]);
            if (HEADERS.contains(header.toLowerCase(Locale.ROOT)) && reads(key, parameters[i].getName(), i)) {
                return header;
            }
        }
        return null;
    }

    private static boolean reads(String key, String parameter, int index) {
        return Pattern.compile("#(" + Pattern.quote(parameter) + "|[pa]" + index + ")\\b")
                .matcher(key)
                .find();
    }

    /** By name: there need be no web. */
    private static String headerOf(Parameter parameter) {
        MergedAnnotation<?> header =
                MergedAnnotations.from(parameter).get("org.springframework.web.bind.annotation.RequestHeader");
        if (!header.isPresent()) {
            return "";
        }
        String name = header.getString("name");
        return name.isEmpty() ? parameter.getName() : name;
    }
}
