package io.github.stanchion.spring.metrics;

import io.github.stanchion.memory.MemoryStore;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;

/** Shows how full a memory store is; figures are read when they are asked for, so store calls pay nothing. */
public final class MemoryStoreMeters implements MeterBinder {

    private final MemoryStore store;
    private final Tags tags;

    /** @param name tells stores of one process apart */
    public MemoryStoreMeters(MemoryStore store, String name) {
        this.store = store;
        this.tags = Tags.of("store", name);
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        Gauge.builder("stanchion.store.keys", store, held -> held.stats().keys())
                .description("Keys held")
                .tags(tags)
                .register(registry);
        FunctionCounter.builder(
                        "stanchion.store.overflow", store, held -> held.stats().overflowed())
                .description("Steps taken on a subject that new keys share, as the store was full of live state")
                .tags(tags)
                .register(registry);
        FunctionCounter.builder(
                        "stanchion.store.collected", store, held -> held.stats().collected())
                .description("Keys dropped because their time had come")
                .tags(tags)
                .register(registry);
    }
}
