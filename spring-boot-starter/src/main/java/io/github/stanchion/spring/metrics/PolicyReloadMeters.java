package io.github.stanchion.spring.metrics;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.concurrent.atomic.LongAdder;
import org.springframework.context.ApplicationListener;
import org.springframework.context.PayloadApplicationEvent;

/** Counts reloads of policies as {@code stanchion.policies.reloads}, by {@code outcome}; thread-safe. */
public final class PolicyReloadMeters
        implements MeterBinder, ApplicationListener<PayloadApplicationEvent<PolicyReload>> {

    private final LongAdder applied = new LongAdder();
    private final LongAdder refused = new LongAdder();

    @Override
    public void onApplicationEvent(PayloadApplicationEvent<PolicyReload> event) {
        (event.getPayload().applied() ? applied : refused).increment();
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        bind(registry, "applied", applied);
        bind(registry, "refused", refused);
    }

    private static void bind(MeterRegistry registry, String outcome, LongAdder count) {
        FunctionCounter.builder("stanchion.policies.reloads", count, LongAdder::sum)
                .description("Reloads of the settings of policies")
                .tag("outcome", outcome)
                .register(registry);
    }
}
