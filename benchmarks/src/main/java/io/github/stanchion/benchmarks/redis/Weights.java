package io.github.stanchion.benchmarks.redis;

import io.github.stanchion.limit.Bandwidth;
import io.github.stanchion.limit.BucketShape;
import io.github.stanchion.limit.RateBucket;
import io.github.stanchion.limit.RateInterval;
import io.github.stanchion.limit.RateLog;
import io.github.stanchion.limit.RateWindow;
import io.github.stanchion.redis.RedisStore;
import io.github.stanchion.store.KeySpace;
import io.github.stanchion.store.Operation;
import io.github.stanchion.store.StoreKey;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/** What the state of each kind of limit weighs: the most in a minute in which a hundred calls are spread evenly. */
final class Weights {

    private static final int CALLS = 100;
    private static final long SECOND = 1_000_000;

    /** Not quite 0.6 s, so that times do not end in zeros. */
    private static final long STEP = 599_993;

    private Weights() {}

    private static Map<String, Operation<?>> kinds() {
        Bandwidth minute = new Bandwidth(100, 100, 60 * SECOND);
        Map<String, Operation<?>> kinds = new LinkedHashMap<>();
        kinds.put("bucket, 100/1m: a permit takes whole microseconds", bucket(minute));
        kinds.put("bucket, 7/1s: it does not", bucket(new Bandwidth(100, 7, SECOND)));
        kinds.put(
                "bucket, 20/1s, 1000/1h and 7000/1d",
                bucket(
                        new Bandwidth(20, 20, SECOND),
                        new Bandwidth(1_000, 1_000, 3_600 * SECOND),
                        new Bandwidth(7_000, 7_000, 86_400 * SECOND)));
        kinds.put("interval, 100/1m", new RateInterval(false, 1, 0, BucketShape.of(minute)));
        kinds.put("sliding window, 100/1m", new RateWindow(100, 60_000, 1));
        kinds.put("sliding log, 100/1m, all in use", new RateLog(100, 60 * SECOND, 1));
        return kinds;
    }

    private static Operation<?> bucket(Bandwidth... bandwidths) {
        return new RateBucket(1, 1, 0, 0, BucketShape.of(bandwidths));
    }

    /** The bytes of each kind by its description, under a key of 11 bytes. */
    static Map<String, Long> measure(String uri, String prefix, Server server) {
        AtomicLong now = new AtomicLong(ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now()));
        Map<String, Long> weights = new LinkedHashMap<>();
        try (RedisStore store = Stores.builder(uri, prefix).clock(now::get).build()) {
            kinds().forEach((title, operation) -> {
                StoreKey key = KeySpace.of(prefix, "weight", String.valueOf(weights.size()))
                        .key();
                long most = 0;
                for (int i = 0; i < CALLS; i++) {
                    now.addAndGet(STEP);
                    store.execute(key, operation);
                    most = Math.max(most, server.bytes(List.of(key.text())));
                }
                weights.put(title, most);
            });
        }
        return weights;
    }
}
