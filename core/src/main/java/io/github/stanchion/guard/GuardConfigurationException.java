package io.github.stanchion.guard;

import org.jspecify.annotations.Nullable;

/**
 * Annotations or settings cannot work as they are: found when the application starts, wherever that is possible.
 *
 * <p>The message names the property or method and what is wrong; the action says what to do.
 */
public final class GuardConfigurationException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final String description;
    private final String action;

    public GuardConfigurationException(String description, String action) {
        this(description, action, null);
    }

    public GuardConfigurationException(String description, String action, @Nullable Throwable cause) {
        super(description + "; " + action, cause);
        this.description = description;
        this.action = action;
    }

    /** What is wrong and where. */
    public String description() {
        return description;
    }

    /** What to do about it. */
    public String action() {
        return action;
    }
}
