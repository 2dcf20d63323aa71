package io.github.stanchion.spring.autoconfigure;

import io.github.stanchion.guard.DurationText;
import io.github.stanchion.guard.GuardConfigurationException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.BindHandler;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.PropertySourcesPlaceholdersResolver;
import org.springframework.boot.context.properties.bind.UnboundConfigurationPropertiesException;
import org.springframework.boot.context.properties.bind.handler.NoUnboundElementsBindHandler;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName.Form;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.UnboundElementsSourceFilter;
import org.springframework.boot.convert.ApplicationConversionService;
import org.springframework.core.convert.ConversionService;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.Environment;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.util.StringUtils;

/** Binds the properties again, as strictly as Boot has bound them at start. */
final class PropertiesBinding {

    /** What the policies of each place are called. */
    private static final Map<ConfigurationPropertyName, String> POLICIES = Map.of(
            ConfigurationPropertyName.of(StanchionProperties.PREFIX + ".rate-limits"),
            "Rate limits",
            ConfigurationPropertyName.of(StanchionProperties.PREFIX + ".locks"),
            "Locks");

    private PropertiesBinding() {}

    /** The properties as the environment has them now. */
    static StanchionProperties bind(Environment environment) {
        Iterable<ConfigurationPropertySource> sources = ConfigurationPropertySources.get(environment);
        ApplicationConversionService shortForms = new ApplicationConversionService();
        ShortForms.addTo(shortForms);
        List<ConversionService> conversions = List.of(shortForms);
        BindHandler strict = new NoUnboundElementsBindHandler(BindHandler.DEFAULT, new UnboundElementsSourceFilter());
        Binder binder = new Binder(
                sources,
                new PropertySourcesPlaceholdersResolver(environment),
                conversions,
                null,
                new DurationUnits().apply(strict),
                null);
        try {
            return binder.bindOrCreate(StanchionProperties.PREFIX, StanchionProperties.class);
        } catch (BindException trouble) {
            throw explained(trouble);
        }
    }

    private static GuardConfigurationException explained(BindException trouble) {
        for (Throwable cause = trouble.getCause(); cause != null; cause = cause.getCause()) {
            if (cause instanceof GuardConfigurationException explained) {
                return explained;
            }
            if (cause instanceof UnboundConfigurationPropertiesException unbound) {
                return UnknownKeys.explain(unbound);
            }
            if (cause instanceof DurationText.Unreadable time) {
                return new GuardConfigurationException(
                        subject(trouble) + " " + time.trouble(), StringUtils.capitalize(time.remedy()) + ".", trouble);
            }
        }
        return new GuardConfigurationException(
                subject(trouble) + " cannot be read as " + trouble.getTarget().getType(),
                "Correct its value.",
                trouble);
    }

    private static String subject(BindException trouble) {
        ConfigurationProperty property = trouble.getProperty();
        return property == null ? "Property " + trouble.getName() : Origins.describe(property);
    }

    /**
     * Refuses two spellings of one name in one file, as {@code tier-11} and {@code tier-1-1}: Boot gives both the value of one.
     */
    static void checkSpellings(ConfigurableEnvironment environment) {
        for (PropertySource<?> source : environment.getPropertySources()) {
            // A variable is always another spelling; both have one value then, and are one policy.
            if (source instanceof EnumerablePropertySource<?> file
                    && !source.getName().startsWith(StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME)) {
                POLICIES.forEach((place, things) -> checkSpellings(file, place, things));
            }
        }
    }

    private static void checkSpellings(
            EnumerablePropertySource<?> file, ConfigurationPropertyName place, String things) {
        Map<String, String> spellings = new HashMap<>();
        for (String property : file.getPropertyNames()) {
            ConfigurationPropertyName key = ConfigurationPropertyName.adapt(property, '.');
            if (!place.isAncestorOf(key)) {
                continue;
            }
            String name = key.getElement(place.getNumberOfElements(), Form.ORIGINAL);
            String canonical = name.indexOf('#') < 0 ? Names.canonical(name) : name;
            String other = spellings.putIfAbsent(canonical, name);
            if (other != null && !other.equals(name)) {
                throw new GuardConfigurationException(
                        things + " '" + other + "' and '" + name + "' (" + file.getName()
                                + ") are two spellings of one name, and Spring Boot gives both the settings of one",
                        "Keep one spelling, or choose names that differ in letters or digits.");
            }
        }
    }
}
