package io.github.stanchion.benchmarks.locks;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.stanchion.lock.LockPolicies;
import io.github.stanchion.lock.LockSettings;
import io.github.stanchion.lock.Locks;
import io.github.stanchion.redis.CommandLog;
import io.github.stanchion.redis.OwnRedis;
import io.github.stanchion.redis.RedisStore;
import io.lettuce.core.RedisURI;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.redisson.Redisson;
import org.redisson.api.RLock;
import org.redisson.api.RedissonClient;
import org.redisson.config.Config;
import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.integration.redis.util.RedisLockRegistry;

/** What a lock costs, as clients send it to one server: ours, Redisson's and that of Spring Integration in one run. */
@Tag("long")
@Timeout(300)
class LockCostsTest {

    private static final int CYCLES = 200;
    private static final int WAITERS = 19;
    private static final Duration LEASE = Duration.ofSeconds(30);

    /** A process: takes the lock of this name, and is done with it when the result is closed. */
    private interface Node extends AutoCloseable {
        AutoCloseable take(String key) throws Exception;

        @Override
        void close();
    }

    private static Node stanchion(String uri) {
        RedisStore store = RedisStore.builder(RedisURI.create(uri))
                .commandTimeout(Duration.ofSeconds(2))
                .build();
        LockSettings settings = LockSettings.builder().wait(LEASE).lease(LEASE).build();
        Locks locks =
                Locks.builder(LockPolicies.of(Map.of("costs", settings)), store).build();
        return node(key -> locks.acquire("costs", key), () -> {
            locks.close();
            store.close();
        });
    }

    private static Node redisson(String uri) {
        Config config = new Config();
        config.useSingleServer()
                .setAddress(uri)
                .setConnectionMinimumIdleSize(1)
                .setSubscriptionConnectionMinimumIdleSize(1);
        RedissonClient client = Redisson.create(config);
        return node(
                key -> {
                    RLock lock = client.getLock("costs-" + key);
                    assertThat(lock.tryLock(LEASE.toMillis(), -1, TimeUnit.MILLISECONDS))
                            .isTrue();
                    return lock::unlock;
                },
                client::shutdown);
    }

    private static Node spring(String uri) {
        URI server = URI.create(uri);
        LettuceConnectionFactory connections =
                new LettuceConnectionFactory(new RedisStandaloneConfiguration(server.getHost(), server.getPort()));
        connections.start();
        RedisLockRegistry registry = new RedisLockRegistry(connections, "costs", LEASE);
        registry.setRedisLockType(RedisLockRegistry.RedisLockType.PUB_SUB_LOCK);
        return node(
                key -> {
                    Lock lock = registry.obtain(key);
                    assertThat(lock.tryLock(LEASE.toMillis(), TimeUnit.MILLISECONDS))
                            .isTrue();
                    return lock::unlock;
                },
                () -> {
                    registry.destroy();
                    connections.destroy();
                });
    }

    private interface Taking {
        AutoCloseable take(String key) throws Exception;
    }

    private static Node node(Taking taking, Runnable end) {
        return new Node() {
            @Override
            public AutoCloseable take(String key) throws Exception {
                return taking.take(key);
            }

            @Override
            public void close() {
                end.run();
            }
        };
    }

    private record Costs(double cycle, double handOver, double handOverMillis) {}

    private static Costs costs(Opening opening) throws Exception {
        try (OwnRedis server = OwnRedis.start()) {
            List<Node> nodes = new ArrayList<>();
            ExecutorService threads = Executors.newFixedThreadPool(WAITERS);
            try {
                for (int i = 0; i <= WAITERS; i++) {
                    nodes.add(opening.open(server.uri()));
                }
                chain(nodes, threads, server, "warm");
                double cycle = cycle(nodes.get(0), server);
                double[] chain = chain(nodes, threads, server, "measured");
                return new Costs(cycle, chain[0], chain[1]);
            } finally {
                threads.shutdownNow();
                for (Node node : nodes) {
                    node.close();
                }
            }
        }
    }

    private static double cycle(Node node, OwnRedis server) throws Exception {
        node.take("cycle").close();
        try (CommandLog log = server.commandLog()) {
            for (int i = 0; i < CYCLES; i++) {
                node.take("cycle").close();
            }
            return (double) log.commands().size() / CYCLES;
        }
    }

    /** Commands and milliseconds of a hand-over, once all the others wait. */
    private static double[] chain(List<Node> nodes, ExecutorService threads, OwnRedis server, String key)
            throws Exception {
        AutoCloseable held = nodes.get(0).take(key);
        List<Future<?>> waiting = new ArrayList<>();
        try (CommandLog log = server.commandLog()) {
            for (Node node : nodes.subList(1, nodes.size())) {
                waiting.add(threads.submit((Callable<Void>) () -> {
                    node.take(key).close();
                    return null;
                }));
            }
            quiet(log);
            long begun = System.nanoTime();
            held.close();
            for (Future<?> each : waiting) {
                each.get(60, TimeUnit.SECONDS);
            }
            double millis = (System.nanoTime() - begun) / 1e6;
            return new double[] {(double) log.commands().size() / WAITERS, millis / WAITERS};
        }
    }

    /** Until nobody sends anything for a moment: all have asked, and wait. */
    private static void quiet(CommandLog log) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        long last = System.nanoTime();
        while (System.nanoTime() - last < TimeUnit.MILLISECONDS.toNanos(300) && System.nanoTime() < end) {
            if (!log.commands().isEmpty()) {
                last = System.nanoTime();
            }
        }
    }

    private interface Opening {
        Node open(String uri);
    }

    @Test
    void ourLockSendsTheFewestCommands() throws Exception {
        Map<String, Costs> all = new LinkedHashMap<>();
        all.put("Stanchion", costs(LockCostsTest::stanchion));
        all.put("Redisson", costs(LockCostsTest::redisson));
        all.put("Spring Integration", costs(LockCostsTest::spring));

        System.out.printf("| lock | commands a cycle | commands a hand-over | ms a hand-over |%n|---|--:|--:|--:|%n");
        all.forEach((side, costs) -> System.out.printf(
                Locale.ROOT,
                "| %s | %.2f | %.2f | %.2f |%n",
                side,
                costs.cycle(),
                costs.handOver(),
                costs.handOverMillis()));
        Costs ours = all.remove("Stanchion");
        assertThat(ours).isNotNull();
        assertThat(ours.cycle()).isEqualTo(2);
        assertThat(ours.handOver()).isLessThanOrEqualTo(2.2);
        assertThat(all.values()).allMatch(others -> others.cycle() >= ours.cycle());
        assertThat(all.values()).allMatch(others -> others.handOver() > ours.handOver());
    }
}
