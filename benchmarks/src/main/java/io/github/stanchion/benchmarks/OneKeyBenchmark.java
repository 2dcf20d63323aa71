package io.github.stanchion.benchmarks;

import io.github.bucket4j.Bucket;
import io.github.resilience4j.ratelimiter.RateLimiter;
import io.github.stanchion.limit.Bandwidth;
import io.github.stanchion.limit.BucketShape;
import io.github.stanchion.limit.RateBucket;
import io.github.stanchion.limit.RateLimiters;
import io.github.stanchion.memory.MemoryStore;
import io.github.stanchion.store.KeySpace;
import io.github.stanchion.store.StoreKey;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** One decision on one key, granted or denied. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class OneKeyBenchmark {

    @Param({"granted", "denied"})
    String path = "";

    private BareBucket bare = new BareBucket(1, 1);
    private Bucket bucket4j = Peers.bucket4j(1, Duration.ofDays(1));
    private RateLimiter resilience4j = Peers.resilience4j(1, Duration.ofDays(1));
    private MemoryStore store = MemoryStore.create();
    private StoreKey key = KeySpace.of("benchmark", "rate-bucket", "one").key("203.0.113.7");
    private RateBucket operation = new RateBucket(1, 1, 0, 0, BucketShape.of(new Bandwidth(1, 1, 1_000)));
    private RateLimiters limiters = Stanchion.limiters(store, "1/1d");

    /** Granted: a permit a microsecond and a billion in store, more than a run can use. Denied: one a day, used up. */
    @Setup
    public void prepare() {
        boolean granted = path.equals("granted");
        int permits = granted ? 1_000_000_000 : 1;
        Duration period = granted ? Duration.ofSeconds(1_000) : Duration.ofDays(1);
        bare = new BareBucket(permits, period.toNanos());
        bucket4j = Peers.bucket4j(permits, period);
        resilience4j = Peers.resilience4j(permits, period);
        store = MemoryStore.create();
        operation = new RateBucket(
                1,
                1,
                0,
                0,
                BucketShape.of(new Bandwidth(permits, permits, TimeUnit.NANOSECONDS.toMicros(period.toNanos()))));
        limiters = Stanchion.limiters(store, permits + "/" + period.toSeconds() + "s");
        if (!granted) {
            store.execute(key, operation);
            limiters.tryAcquire("one", "203.0.113.7");
            bare.tryAcquire();
            bucket4j.tryConsume(1);
            resilience4j.acquirePermission();
        }
    }

    @Benchmark
    public boolean bareCas() {
        return bare.tryAcquire();
    }

    /** One operation on the store: what a guard's decision costs at least. */
    @Benchmark
    public boolean stanchionStore() {
        return store.execute(key, operation).admitted();
    }

    /** With name, key and policy to be found. */
    @Benchmark
    public boolean stanchionFacade() {
        return limiters.tryAcquire("one", "203.0.113.7").admitted();
    }

    @Benchmark
    public boolean bucket4j() {
        return bucket4j.tryConsume(1);
    }

    @Benchmark
    public boolean resilience4j() {
        return resilience4j.acquirePermission();
    }
}
