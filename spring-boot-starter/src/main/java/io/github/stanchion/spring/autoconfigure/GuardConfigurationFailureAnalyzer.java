package io.github.stanchion.spring.autoconfigure;

import io.github.stanchion.guard.GuardConfigurationException;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.Ordered;
import org.springframework.core.env.Environment;

/** Says of annotations and settings that cannot work what is wrong, in which file and line, and what to do. */
final class GuardConfigurationFailureAnalyzer extends AbstractFailureAnalyzer<GuardConfigurationException>
        implements Ordered {

    private final Environment environment;

    GuardConfigurationFailureAnalyzer(Environment environment) {
        this.environment = environment;
    }

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, GuardConfigurationException cause) {
        String description = Origins.locate(cause.description(), environment);
        return new FailureAnalysis(sentence(description), sentence(cause.action()), cause);
    }

    private static String sentence(String text) {
        if (text.isEmpty()) {
            return text;
        }
        String begun = text.substring(0, 1).toUpperCase(java.util.Locale.ROOT) + text.substring(1);
        return begun.endsWith(".") || begun.endsWith("?") ? begun : begun + ".";
    }

    /** Before those that explain the bean that failed, or the binding, around it. */
    @Override
    public int getOrder() {
        return 0;
    }
}
