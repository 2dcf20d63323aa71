package io.github.stanchion.benchmarks;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.github.bucket4j.Bucket;
import io.github.resilience4j.ratelimiter.RateLimiter;
import io.github.stanchion.limit.RateLimiters;
import io.github.stanchion.memory.MemoryStore;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** One granted decision on a random one of 100,000 keys, none of which is ever full again: what a public API sees. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class ManyKeysBenchmark {

    private static final int KEYS = 100_000;
    private static final int PERMITS = 1_000_000;
    private static final Duration PERIOD = Duration.ofDays(1);

    private final String[] keys = new String[KEYS];
    private final Cache<String, BareBucket> caffeine =
            Caffeine.newBuilder().maximumSize(2 * KEYS).build();
    private final ConcurrentHashMap<String, Bucket> buckets = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<String, RateLimiter> limitersByKey = new ConcurrentHashMap<>();
    private RateLimiters limiters = Stanchion.limiters(MemoryStore.create(), "1/1d");

    @Setup
    public void fill() {
        limiters = Stanchion.limiters(
                MemoryStore.builder().maxKeys(2 * KEYS).build(), PERMITS + "/" + PERIOD.toSeconds() + "s");
        for (int i = 0; i < KEYS; i++) {
            keys[i] = "10." + (i >> 16) + "." + (i >> 8 & 255) + "." + (i & 255);
            caffeine.put(keys[i], new BareBucket(PERMITS, PERIOD.toNanos()));
            buckets.put(keys[i], Peers.bucket4j(PERMITS, PERIOD));
            limitersByKey.put(keys[i], Peers.resilience4j(PERMITS, PERIOD));
            limiters.tryAcquire("one", keys[i]);
        }
    }

    private String anyKey() {
        return keys[ThreadLocalRandom.current().nextInt(KEYS)];
    }

    /** The floor with eviction: Caffeine and one number a key. */
    @Benchmark
    public boolean caffeineAndBareCas() {
        BareBucket bucket = caffeine.getIfPresent(anyKey());
        return bucket != null && bucket.tryAcquire();
    }

    /** A map that never evicts. */
    @Benchmark
    public boolean mapOfBucket4j() {
        Bucket bucket = buckets.get(anyKey());
        return bucket != null && bucket.tryConsume(1);
    }

    /** A map that never evicts. */
    @Benchmark
    public boolean mapOfResilience4j() {
        RateLimiter limiter = limitersByKey.get(anyKey());
        return limiter != null && limiter.acquirePermission();
    }

    @Benchmark
    public boolean stanchionFacade() {
        return limiters.tryAcquire("one", anyKey()).admitted();
    }
}
