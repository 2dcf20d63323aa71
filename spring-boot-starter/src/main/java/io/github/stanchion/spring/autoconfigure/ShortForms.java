package io.github.stanchion.spring.autoconfigure;

import io.github.stanchion.spring.autoconfigure.RateLimitProperties.PlanProperties;
import org.springframework.core.convert.converter.Converter;
import org.springframework.core.convert.converter.ConverterRegistry;

/** Lets a text such as {@code 100/1m} stand where an object may. */
final class ShortForms {

    private ShortForms() {}

    static void addTo(ConverterRegistry registry) {
        registry.addConverter(new LimitConverter());
        registry.addConverter(new PlanConverter());
    }

    static final class LimitConverter implements Converter<String, RateLimitProperties> {

        @Override
        public RateLimitProperties convert(String limit) {
            return RateLimitProperties.ofLimit(limit);
        }
    }

    static final class PlanConverter implements Converter<String, PlanProperties> {

        @Override
        public PlanProperties convert(String limit) {
            return PlanProperties.ofLimit(limit);
        }
    }
}
