package io.github.stanchion.redis;

import io.github.stanchion.guard.GuardEvent;
import io.github.stanchion.guard.GuardListener;
import io.github.stanchion.guard.GuardListeners;
import io.github.stanchion.limit.RateLimitDegraded;
import io.github.stanchion.limit.RateLimitPolicies;
import io.github.stanchion.limit.RateLimitSettings;
import io.github.stanchion.limit.RateLimitVerdict;
import io.github.stanchion.limit.RateLimiters;
import io.github.stanchion.memory.MemoryStore;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * One instance of an application: its connected store, its limits, and the memory by which it decides while the store is away.
 */
record Instance(RedisStore store, RateLimiters limiters, MemoryStore memory, Outages outages) implements AutoCloseable {

    /** How often servers stopped answering, and how often each limit went without its store; in all. */
    static final class Outages implements RedisStoreListener, GuardListener {

        private final LongAdder breakers = new LongAdder();
        private final Map<String, LongAdder> degraded = new ConcurrentHashMap<>();

        @Override
        public void onBreaker(String server, boolean open) {
            if (open) {
                breakers.increment();
            }
        }

        @Override
        public void onEvent(GuardEvent event) {
            if (event instanceof RateLimitDegraded gone) {
                degraded.computeIfAbsent(gone.name(), any -> new LongAdder()).increment();
            }
        }

        long breakers() {
            return breakers.sum();
        }

        long degraded(String limit) {
            return degraded.getOrDefault(limit, new LongAdder()).sum();
        }
    }

    /** Connects the only instance, whose keys nobody else has. */
    static Instance open(RedisStoreBuilder store, Map<String, RateLimitSettings> limits) {
        return open(store, RedisUnderTest.prefix(), 1, limits);
    }

    /**
     * Connects one of several instances.
     *
     * @param prefix of its keys
     * @param expected how many instances there are supposed to be
     */
    static Instance open(RedisStoreBuilder store, String prefix, int expected, Map<String, RateLimitSettings> limits) {
        Outages outages = new Outages();
        RedisStore opened = store.keyPrefix(prefix).listener(outages).build();
        opened.connect();
        MemoryStore memory = MemoryStore.create();
        RateLimitPolicies policies = RateLimitPolicies.builder()
                .keyPrefix(prefix)
                .expectedInstances(expected)
                .configured(limits)
                .build();
        return new Instance(
                opened,
                RateLimiters.builder(policies, opened)
                        .localStore(memory)
                        .listeners(new GuardListeners(List.of(outages)))
                        .build(),
                memory,
                outages);
    }

    RateLimitVerdict ask(String limit, String key) {
        return limiters.tryAcquire(limit, key);
    }

    /** What is left of the limit, according to another store with the same keys. */
    long remainingIn(RedisStore other, String limit, String key) {
        try (RateLimiters there =
                RateLimiters.builder(limiters.policies(), other).build()) {
            return there.peek(limit, key).remaining();
        }
    }

    @Override
    public void close() {
        limiters.close();
        store.close();
        memory.close();
    }
}
