package io.github.stanchion.spring.autoconfigure;

import io.github.stanchion.spring.autoconfigure.StanchionProperties.StoreType;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.condition.ConditionMessage;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.context.annotation.ConfigurationCondition;
import org.springframework.core.type.AnnotatedTypeMetadata;

/** Whether a backend's store is the one to be used: {@code stanchion.store} names it, or names none and it is configured. */
abstract class OnStoreCondition extends SpringBootCondition implements ConfigurationCondition {

    private static final String CHOICE = StanchionProperties.PREFIX + ".store";

    private final StoreType type;

    OnStoreCondition(StoreType type) {
        this.type = type;
    }

    /** What configures the store, as in {@code property spring.data.redis.url}; null if nothing does. Makes no beans. */
    abstract @Nullable String configuredBy(ConditionContext context);

    @Override
    public ConditionOutcome getMatchOutcome(ConditionContext context, AnnotatedTypeMetadata metadata) {
        ConditionMessage.Builder message = ConditionMessage.forCondition("Store " + Names.kebab(type.name()));
        StoreType chosen = Binder.get(context.getEnvironment())
                .bind(CHOICE, StoreType.class)
                .orElse(null);
        if (chosen != null) {
            return new ConditionOutcome(chosen == type, message.because(CHOICE + " is " + Names.kebab(chosen.name())));
        }
        String by = configuredBy(context);
        return by == null
                ? ConditionOutcome.noMatch(message.because("nothing configures it"))
                : ConditionOutcome.match(message.because("configured by " + by));
    }

    /** Beans count too, so those of the application and of earlier auto-configurations must be known. */
    @Override
    public ConfigurationPhase getConfigurationPhase() {
        return ConfigurationPhase.REGISTER_BEAN;
    }
}
