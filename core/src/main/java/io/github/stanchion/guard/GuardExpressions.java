package io.github.stanchion.guard;

/** Turns the text of annotation attributes and settings into expressions over calls; each text once per method. */
public interface GuardExpressions {

    /**
     * The expression of this text.
     *
     * @param origin names the attribute or property for messages, as in {@code "key of rate limit 'search'"}
     * @throws GuardConfigurationException if the text is no expression, or names what this method does not have
     */
    GuardExpression compile(String text, GuardedMethod method, String origin);

    /** Refuses every expression: for applications that have no expression language. */
    static GuardExpressions none() {
        return (text, method, origin) -> {
            throw new GuardConfigurationException(
                    "Expression '" + text + "' (" + origin + ", " + method.displayName()
                            + ") cannot be read: there is no expression language",
                    "Use the Spring Boot starter, or give GuardExpressions of your own.");
        };
    }
}
