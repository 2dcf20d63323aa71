package io.github.stanchion.benchmarks.redis;

import io.github.stanchion.guard.FailurePolicy;
import io.github.stanchion.limit.DenialCaching;
import io.github.stanchion.limit.LeaseSettings;
import io.github.stanchion.limit.RateLimitPolicies;
import io.github.stanchion.limit.RateLimitSettings;
import io.github.stanchion.limit.RateLimitSettingsBuilder;
import io.github.stanchion.limit.RateLimiters;
import io.github.stanchion.redis.RedisStore;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

/** {@code RateLimiters.tryAcquire}, with name, key and policy to be found, in one of its settings. */
final class Facade implements Side {

    private static final long MOST_LEASED = 100_000;

    private static final Duration LEASE = Duration.ofMillis(200);

    private final Subjects subjects;
    private final Duration settling;
    private final RedisStore store;
    private final RateLimiters limiters;

    private Facade(
            RedisStore store,
            Subjects subjects,
            Limit limit,
            Duration settling,
            UnaryOperator<RateLimitSettingsBuilder> how) {
        this.subjects = subjects;
        this.settling = settling;
        this.store = store;
        RateLimitSettings settings = how.apply(RateLimitSettings.builder()
                        .limit(limit.text())
                        .key("#key")
                        // The share that a process allows by itself would make an outage look fast.
                        .onStoreFailure(FailurePolicy.THROW))
                .build();
        this.limiters = RateLimiters.builder(
                        RateLimitPolicies.builder()
                                .keyPrefix(subjects.prefix())
                                .configured(Map.of(Subjects.POLICY, settings))
                                .build(),
                        store)
                .build();
    }

    /** Every call is a trip. */
    static Facade asking(String uri, Subjects subjects, Limit limit) {
        return new Facade(
                Stores.open(uri, subjects.prefix()),
                subjects,
                limit,
                Duration.ZERO,
                settings -> settings.denialCache(DenialCaching.OFF));
    }

    /** Every call is asked, those for one key together. */
    static Facade coalescing(String uri, Subjects subjects, Limit limit) {
        return new Facade(
                Stores.coalescing(uri, subjects.prefix()),
                subjects,
                limit,
                Duration.ZERO,
                settings -> settings.denialCache(DenialCaching.OFF));
    }

    /** The default: refusals are remembered. */
    static Facade remembering(String uri, Subjects subjects, Limit limit) {
        return new Facade(
                Stores.open(uri, subjects.prefix()), subjects, limit, Duration.ZERO, UnaryOperator.identity());
    }

    static Facade leasing(String uri, Subjects subjects, Limit limit) {
        long permits = Math.min(limit.capacity() / 2, MOST_LEASED);
        return new Facade(
                Stores.open(uri, subjects.prefix()),
                subjects,
                limit,
                LEASE.multipliedBy(2),
                settings -> settings.lease(new LeaseSettings(permits, LEASE)));
    }

    @Override
    public boolean decide(int subject) {
        return limiters.tryAcquire(Subjects.POLICY, subjects.name(subject)).admitted();
    }

    @Override
    public List<String> keys(int subject) {
        return List.of(subjects.key(subject).text());
    }

    /** Leased permits go back when their time is over. */
    @Override
    public void settle() {
        try {
            TimeUnit.NANOSECONDS.sleep(settling.toNanos());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        limiters.close();
        store.close();
    }
}
