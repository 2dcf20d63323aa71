package io.github.stanchion.redis;

import io.github.stanchion.annotation.RateAlgorithm;
import io.github.stanchion.guard.FailurePolicy;
import io.github.stanchion.limit.LeaseSettings;
import io.github.stanchion.limit.RateLimitPolicies;
import io.github.stanchion.limit.RateLimitSettings;
import io.github.stanchion.limit.RateLimiters;
import io.lettuce.core.RedisURI;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * One instance of the application in a {@link Fleet}: does what each line of its input says, and answers with a line.
 *
 * <p>Any trouble of the store ends it, so that no decision but the store's is ever counted.
 */
final class FleetMember {

    static final Map<String, RateLimitSettings> LIMITS = Map.of(
            "bucket", limit(RateAlgorithm.TOKEN_BUCKET, "100/1h"),
            "interval", limit(RateAlgorithm.INTERVAL, "100/1m"),
            "log", limit(RateAlgorithm.SLIDING_LOG, "100/1m"));

    /** A limit of 1,000 of which a member holds up to 100 permits, for as long as is possible. */
    static final Map<String, RateLimitSettings> LEASED = Map.of(
            "leased",
            RateLimitSettings.builder()
                    .limit("1000/1d")
                    .lease(new LeaseSettings(100L, Duration.ofSeconds(10)))
                    .onStoreFailure(FailurePolicy.THROW)
                    .build());

    private static final int THREADS = 4;

    // Eight JVMs warm up at once, on whatever machine builds this.
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final ExecutorService pool = Executors.newFixedThreadPool(THREADS);
    private final RedisStore store;
    private final RateLimiters limiters;

    private FleetMember(boolean cluster, String prefix, List<RedisURI> uris) {
        RedisStoreBuilder builder = cluster ? RedisStore.clusterBuilder(uris) : RedisStore.builder(uris.get(0));
        store = builder.keyPrefix(prefix)
                .connectTimeout(PATIENCE)
                .commandTimeout(PATIENCE)
                .build();
        store.connect();
        limiters = RateLimiters.builder(
                        RateLimitPolicies.builder()
                                .keyPrefix(prefix)
                                .configured(limits())
                                .build(),
                        store)
                .build();
    }

    private static Map<String, RateLimitSettings> limits() {
        Map<String, RateLimitSettings> all = new HashMap<>(LIMITS);
        all.putAll(LEASED);
        return all;
    }

    private static RateLimitSettings limit(RateAlgorithm algorithm, String limit) {
        return RateLimitSettings.builder()
                .algorithm(algorithm)
                .limit(limit)
                .onStoreFailure(FailurePolicy.THROW)
                .build();
    }

    public static void main(String[] none) throws Exception {
        System.out.println("here");
        try (BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            serve(in);
        }
        System.exit(0);
    }

    private static void serve(BufferedReader in) throws Exception {
        FleetMember member = null;
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            String[] words = line.split(" ", -1);
            switch (words[0]) {
                case "open" -> {
                    member = new FleetMember(words[1].equals("cluster"), words[2], uris(words[3]));
                    member.warmUp();
                    System.out.println("open");
                }
                case "clock" ->
                    System.out.println(Instant.now() + " " + Instant.ofEpochMilli(System.currentTimeMillis()));
                case "call" -> System.out.println(member.admitted(words[1], words[2], Integer.parseInt(words[3])));
                default -> {
                    member.close();
                    System.out.println("closed");
                }
            }
        }
    }

    private static List<RedisURI> uris(String words) {
        return Arrays.stream(words.split(",", -1)).map(RedisURI::create).toList();
    }

    /** So that all members are as quick when it counts. */
    private void warmUp() throws Exception {
        for (String limit : LIMITS.keySet()) {
            admitted(limit, "warm", 40);
        }
    }

    private int admitted(String limit, String key, int calls) throws Exception {
        CyclicBarrier start = new CyclicBarrier(THREADS);
        List<Future<Integer>> running = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            running.add(pool.submit(() -> {
                start.await();
                int admitted = 0;
                for (int call = 0; call < calls / THREADS; call++) {
                    admitted += limiters.tryAcquire(limit, key).admitted() ? 1 : 0;
                }
                return admitted;
            }));
        }
        int admitted = 0;
        for (Future<Integer> each : running) {
            admitted += each.get();
        }
        return admitted;
    }

    private void close() {
        limiters.close();
        store.close();
        pool.shutdown();
    }
}
