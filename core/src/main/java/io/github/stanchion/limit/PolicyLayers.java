package io.github.stanchion.limit;

import io.github.stanchion.guard.GuardConfigurationException;
import org.jspecify.annotations.Nullable;

/**
 * The layers of settings of one policy on one method, the later of which wins: defaults, annotation, file.
 *
 * @param name as it is spelt in messages
 * @param configured from a file, null if it has none
 * @param binding the annotation, null for a policy without one
 */
record PolicyLayers(
        String name,
        RateLimitSettings defaults,
        @Nullable LimitBinding binding,
        @Nullable RateLimitSettings configured) {

    static final String PROPERTY = "stanchion.rate-limits.";
    static final String DEFAULTS = "stanchion.defaults.rate-limit.";

    RateLimitSettings merged() {
        RateLimitSettings upper = configured == null ? RateLimitSettings.none() : configured;
        RateLimitSettings middle = binding == null ? RateLimitSettings.none() : binding.attributes();
        return upper.over(middle).over(defaults);
    }

    /** Where the setting was given: a property, or an attribute of the annotation. */
    String origin(String setting) {
        if (configured != null && configured.gives(setting)) {
            return property(setting);
        }
        if (binding != null && (binding.attributes().gives(setting) || !defaults.gives(setting))) {
            return "@RateLimited(" + RateSettingException.attribute(setting) + ") on "
                    + binding.method().displayName();
        }
        return defaults.gives(setting) ? DEFAULTS + setting : property(setting);
    }

    private String property(String setting) {
        return PROPERTY + name + "." + setting;
    }

    /** What to say of a policy that has no limit in any layer; {@code meant} is a known name that looks like it. */
    GuardConfigurationException withoutLimit(@Nullable String meant) {
        if (binding == null) {
            return new GuardConfigurationException(
                    "Rate limit '" + name + "' has no limit", "set " + property("limit") + ", as in '100/1m'");
        }
        if (!binding.named()) {
            return new GuardConfigurationException(
                    "Rate limit on " + binding.method().displayName() + " has no limit",
                    "give the attribute limit, as in '100/1m', or the name of a policy that has one");
        }
        String subject = "Rate limit '" + name + "' on " + binding.method().displayName();
        if (configured == null && binding.attributes().algorithm() == null) {
            String remedy = "set " + property("limit") + ", or the attribute limit";
            return new GuardConfigurationException(
                    subject + " is defined nowhere",
                    meant == null ? remedy : "did you mean '" + meant + "'? Else " + remedy);
        }
        return new GuardConfigurationException(
                subject + " has no limit", "set " + property("limit") + ", or the attribute limit");
    }
}
