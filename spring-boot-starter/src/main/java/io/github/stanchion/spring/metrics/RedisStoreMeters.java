package io.github.stanchion.spring.metrics;

import io.github.stanchion.redis.RedisStoreStats;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/** Shows what a store on Redis has done; figures are read when they are asked for, so store calls pay nothing. */
public final class RedisStoreMeters implements MeterBinder {

    private static final String STORE = "stanchion.store.";
    private static final Tags TAGS = Tags.of("store", "redis");

    private final Supplier<RedisStoreStats> stats;

    public RedisStoreMeters(Supplier<RedisStoreStats> stats) {
        this.stats = stats;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        counter(registry, "trips", "Round trips to servers", TAGS, RedisStoreStats::trips);
        counter(
                registry,
                "scripts.loaded",
                "Scripts that a server had to be sent",
                TAGS,
                RedisStoreStats::scriptsLoaded);
        counter(registry, "late", "Replies that came after their call had timed out", TAGS, RedisStoreStats::late);
        String undone = "Charges taken back after a joint decision over several slots was refused";
        counter(registry, "undone", undone, TAGS.and("outcome", "done"), RedisStoreStats::undone);
        counter(registry, "undone", undone, TAGS.and("outcome", "failed"), RedisStoreStats::undoFailed);
        counter(registry, "signals", "Signals heard", TAGS, RedisStoreStats::signals);
        counter(registry, "gaps", "Times that signals may have been lost", TAGS, RedisStoreStats::gaps);
        counter(
                registry,
                "coalesced.calls",
                "Calls that shared a command with others of their key",
                TAGS,
                RedisStoreStats::coalescedCalls);
        counter(
                registry,
                "coalesced.batches",
                "Commands that several calls of one key shared",
                TAGS,
                RedisStoreStats::coalescedBatches);
        Gauge.builder(STORE + "breaker", stats, now -> now.get().openBreakers())
                .description("Servers that do not answer now")
                .tags(TAGS)
                .register(registry);
    }

    private void counter(
            MeterRegistry registry,
            String meter,
            String description,
            Tags tags,
            ToDoubleFunction<RedisStoreStats> figure) {
        FunctionCounter.builder(STORE + meter, stats, now -> figure.applyAsDouble(now.get()))
                .description(description)
                .tags(tags)
                .register(registry);
    }
}
