package io.github.stanchion.spring.autoconfigure;

import io.github.stanchion.spring.autoconfigure.LockProperties.MaxHold;
import io.github.stanchion.spring.autoconfigure.LockProperties.WaitTime;
import io.github.stanchion.spring.autoconfigure.RateLimitProperties.PlanProperties;
import org.springframework.core.convert.converter.Converter;
import org.springframework.core.convert.converter.ConverterRegistry;

/** Lets texts such as {@code 100/1m} and {@code forever} stand where an object may. */
final class ShortForms {

    private ShortForms() {}

    static void addTo(ConverterRegistry registry) {
        registry.addConverter(new LimitConverter());
        registry.addConverter(new PlanConverter());
        registry.addConverter(new WaitTimeConverter());
        registry.addConverter(new MaxHoldConverter());
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

    static final class WaitTimeConverter implements Converter<String, WaitTime> {

        @Override
        public WaitTime convert(String time) {
            return WaitTime.parse(time);
        }
    }

    static final class MaxHoldConverter implements Converter<String, MaxHold> {

        @Override
        public MaxHold convert(String time) {
            return MaxHold.parse(time);
        }
    }
}
