package io.github.stanchion.spring.autoconfigure;

import io.github.stanchion.guard.GuardConfigurationException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationPropertiesBindHandlerAdvisor;
import org.springframework.boot.context.properties.bind.AbstractBindHandler;
import org.springframework.boot.context.properties.bind.BindContext;
import org.springframework.boot.context.properties.bind.BindHandler;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;

/** Refuses durations without a unit: {@code 15} would mean 15 milliseconds, and hardly anybody who writes it does. */
final class DurationUnits implements ConfigurationPropertiesBindHandlerAdvisor {

    private static final ConfigurationPropertyName ROOT = ConfigurationPropertyName.of(StanchionProperties.PREFIX);

    @Override
    public BindHandler apply(BindHandler bindHandler) {
        return new Check(bindHandler);
    }

    private static final class Check extends AbstractBindHandler {

        Check(BindHandler parent) {
            super(parent);
        }

        @Override
        public @Nullable Object onSuccess(
                ConfigurationPropertyName name, Bindable<?> target, BindContext context, Object result) {
            ConfigurationProperty property = context.getConfigurationProperty();
            if (result instanceof Duration
                    && property != null
                    && property.getName().equals(name)
                    && ROOT.isAncestorOf(name)
                    && property.getValue().toString().strip().matches("[+-]?\\d+")) {
                String number = property.getValue().toString().strip();
                throw new GuardConfigurationException(
                        Origins.describe(property) + " has no unit",
                        "Write '" + number + "s' for seconds; units are ms, s, m, h and d.");
            }
            return super.onSuccess(name, target, context, result);
        }
    }
}
