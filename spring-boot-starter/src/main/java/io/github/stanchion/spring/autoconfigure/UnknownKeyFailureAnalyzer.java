package io.github.stanchion.spring.autoconfigure;

import io.github.stanchion.guard.GuardConfigurationException;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.UnboundConfigurationPropertiesException;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.Ordered;

/** Explains keys below {@code stanchion} that mean nothing: which was probably meant, and where it stands. */
final class UnknownKeyFailureAnalyzer extends AbstractFailureAnalyzer<UnboundConfigurationPropertiesException>
        implements Ordered {

    private static final ConfigurationPropertyName ROOT = ConfigurationPropertyName.of(StanchionProperties.PREFIX);

    @Override
    protected @Nullable FailureAnalysis analyze(Throwable rootFailure, UnboundConfigurationPropertiesException cause) {
        boolean ours =
                cause.getUnboundProperties().stream().anyMatch(property -> ROOT.isAncestorOf(property.getName()));
        if (!ours) {
            return null;
        }
        GuardConfigurationException explained = UnknownKeys.explain(cause);
        return new FailureAnalysis(explained.description() + ".", explained.action(), cause);
    }

    /** Before Boot's own analyzer. */
    @Override
    public int getOrder() {
        return 0;
    }
}
