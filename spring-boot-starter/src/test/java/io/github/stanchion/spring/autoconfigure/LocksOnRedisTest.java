package io.github.stanchion.spring.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.stanchion.annotation.OnContention;
import io.github.stanchion.annotation.RateLimited;
import io.github.stanchion.annotation.WithLock;
import io.github.stanchion.guard.StoreUnavailableException;
import io.github.stanchion.lock.Lease;
import io.github.stanchion.lock.LockNotAcquiredException;
import io.github.stanchion.lock.Locks;
import io.github.stanchion.redis.OwnRedis;
import io.github.stanchion.testkit.Together;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;

/** Locks of applications that add the Redis backend and nothing else; each context is a process to the others. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(60)
class LocksOnRedisTest {

    private static final int CALLS = 48;

    private Drawer drawer = new Drawer();

    private final OwnRedis redis = OwnRedis.start();
    private final ApplicationContextRunner bare = new ApplicationContextRunner()
            .withConfiguration(
                    AutoConfigurations.of(StanchionAutoConfiguration.class, StanchionRedisAutoConfiguration.class))
            .withClassLoader(new FilteredClassLoader("org.springframework.data", "org.springframework.boot.data"))
            .withPropertyValues(
                    "stanchion.redis.uri=" + redis.uri(),
                    "stanchion.redis.command-timeout=20s",
                    "stanchion.redis.connect-timeout=20s");
    private final ApplicationContextRunner process = bare.withBean(Office.class, () -> new Office(drawer));

    @BeforeEach
    void forget() {
        redis.command("FLUSHALL");
        drawer = new Drawer();
    }

    @AfterAll
    void stop() {
        redis.close();
    }

    @Test
    void processesExcludeOneAnotherAndEachHolderGetsAHigherToken() {
        process.run(one -> process.run(other -> {
            List<Long> tokens =
                    Together.run(8, number -> filed(office(number % 2 == 0 ? one : other), CALLS / 4)).stream()
                            .flatMap(List::stream)
                            .toList();

            assertThat(drawer.files).isEqualTo(2 * CALLS);
            assertThat(drawer.tokens).isSorted().doesNotHaveDuplicates().containsExactlyInAnyOrderElementsOf(tokens);
            assertThat(locks(one).holding() + locks(other).holding()).isZero();
        }));
    }

    @Test
    void processIsRefusedOrWaitsUntilTheOtherIsDone() {
        process.run(one -> process.run(other -> {
            CompletableFuture<Long> waiting;
            long token;
            try (Lease held = locks(one).acquire("document", "x")) {
                token = held.fencingToken();
                assertThatThrownBy(() -> office(other).tryToFile("x")).isInstanceOf(LockNotAcquiredException.class);
                assertThat(office(other).tryToFile("y")).isPositive();
                assertThat(office(other).fileUnlessBusy("x")).isEqualTo(-1);
                waiting = CompletableFuture.supplyAsync(() -> office(other).file("x"));
                await(() -> locks(other).waiting() == 1);
                assertThat(waiting).isNotDone();
            }
            assertThat(waiting.get(20, TimeUnit.SECONDS)).isGreaterThan(token);
        }));
    }

    @Test
    void lockThatNobodyHoldsIsRememberedAsLongAsConfigured() {
        process.withPropertyValues("stanchion.locking.token-retention=7m").run(one -> {
            locks(one).acquire("document", "x").close();
            String key = ((List<?>) redis.command("KEYS", "*")).get(0).toString();
            assertThat((Long) redis.command("PTTL", key))
                    .isBetween(
                            Duration.ofMinutes(5).toMillis(),
                            Duration.ofMinutes(7).toMillis() + 1);
        });
    }

    @Test
    void oneProcessComputesForBoth() {
        process.run(one -> process.run(other -> {
            assertThat(Together.run(
                            20, number -> office(number % 2 == 0 ? one : other).report("may")))
                    .hasSize(20)
                    .containsOnly(new Report("may", List.of(1, 2)));
            assertThat(drawer.reports).hasValue(1);
        }));
    }

    @Test
    void lockOutlivesARestartOfItsContextWhichIsWokenAsBefore() {
        process.run(one -> process.run(other -> {
            Lease held = locks(one).acquire("document", "x");
            CompletableFuture<Long> waiting;
            try (Lease second = locks(other).acquire("document", "y")) {
                waiting = CompletableFuture.supplyAsync(() -> office(one).file("y"));
                await(() -> channels() == 2);
                assertThat(second.isHeld()).isTrue();
            }
            assertThat(waiting.get(20, TimeUnit.SECONDS)).isPositive();

            restartable(one).stop();
            await(() -> channels() == 0);
            assertThatThrownBy(() -> office(one).tryToFile("z")).isInstanceOf(StoreUnavailableException.class);
            assertThatThrownBy(() -> office(other).tryToFile("x")).isInstanceOf(LockNotAcquiredException.class);

            restartable(one).start();
            await(() -> channels() == 2);
            assertThat(held.verify()).isTrue();
            held.close();
            assertThat(office(other).tryToFile("x")).isPositive();
            assertThat(office(one).tryToFile("x")).isPositive();
        }));
    }

    @Test
    void whatDiesWithItsContextIsFreeForTheNext() {
        process.run(one -> assertThat(office(one).file("x")).isPositive());
        process.run(next -> assertThat(office(next).tryToFile("x")).isPositive());
    }

    @Test
    void withoutALockedMethodThereIsNeitherConnectionNorThread() {
        Set<Thread> before = threads();
        bare.run(context -> {
            assertThat(context).hasSingleBean(Locks.class);
            assertThat(connections()).isEmpty();
            assertThat(news(before)).noneMatch(name -> name.startsWith("stanchion") || name.startsWith("lettuce"));
        });
    }

    @Test
    void withLimitsAloneLocksNeitherListenNorRun() {
        Set<Thread> before = threads();
        bare.withBean(Limited.class).run(context -> {
            context.getBean(Limited.class).call();
            assertThat(connections()).hasSize(1);
            assertThat(channels()).isZero();
            assertThat(news(before)).noneMatch(name -> name.contains("lease") || name.contains("signal"));
        });
    }

    @Test
    void lockedMethodStartsNothingOfLocksBeforeItsFirstCallAndListensOnlyOnceItWaits() {
        Set<Thread> before = threads();
        process.run(context -> {
            assertThat(connections()).hasSize(1);
            assertThat(channels()).isZero();
            assertThat(news(before)).noneMatch(name -> name.contains("lease") || name.contains("signal"));

            office(context).file("x");
            assertThat(news(before)).filteredOn(name -> name.contains("lease")).hasSize(1);
            assertThat(connections()).hasSize(1);
            assertThat(channels()).isZero();

            process.run(other -> {
                CompletableFuture<Long> waiting;
                try (Lease held = locks(other).acquire("document", "x")) {
                    waiting =
                            CompletableFuture.supplyAsync(() -> office(context).file("x"));
                    await(() -> channels() == 2);
                    assertThat(held.isHeld()).isTrue();
                    assertThat(waiting).isNotDone();
                }
                assertThat(waiting.get(20, TimeUnit.SECONDS)).isPositive();
            });
        });
        assertThat(connections()).isEmpty();
    }

    private static Office office(ApplicationContext process) {
        return process.getBean(Office.class);
    }

    private static Locks locks(ApplicationContext process) {
        return process.getBean(Locks.class);
    }

    private static ConfigurableApplicationContext restartable(AssertableApplicationContext process) {
        return process.getSourceApplicationContext(ConfigurableApplicationContext.class);
    }

    /** How many topics somebody listens to. */
    private int channels() {
        return redis.command("PUBSUB", "CHANNELS", "*") instanceof List<?> names ? names.size() : 0;
    }

    private List<String> connections() {
        return String.valueOf(redis.command("CLIENT", "LIST"))
                .lines()
                .filter(client -> !client.contains("cmd=client"))
                .toList();
    }

    private static Set<Thread> threads() {
        return Thread.getAllStackTraces().keySet();
    }

    private static Set<String> news(Set<Thread> before) {
        return threads().stream()
                .filter(thread -> !before.contains(thread))
                .map(Thread::getName)
                .collect(Collectors.toSet());
    }

    private static List<Long> filed(Office office, int times) throws Exception {
        List<Long> tokens = new ArrayList<>();
        for (int i = 0; i < times; i++) {
            tokens.add(office.file("x"));
        }
        return tokens;
    }

    private static void await(BooleanSupplier condition) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("awaited in time").isLessThan(deadline);
            TimeUnit.MILLISECONDS.sleep(5);
        }
    }

    public record Report(String month, List<Integer> figures) {}

    /** What only a lock protects. */
    static final class Drawer {

        private int files;
        private final List<Long> tokens = new ArrayList<>();
        private final AtomicInteger reports = new AtomicInteger();
    }

    public static class Office {

        private final Drawer drawer;

        Office(Drawer drawer) {
            this.drawer = drawer;
        }

        @WithLock(name = "document", key = "#id", waitTime = "20s")
        public long file(String id) {
            long token = Lease.current("document").fencingToken();
            drawer.files++;
            drawer.tokens.add(token);
            return token;
        }

        @WithLock(name = "document", key = "#id", waitTime = "0s")
        public long tryToFile(String id) {
            return Lease.current("document").fencingToken();
        }

        @WithLock(name = "document", key = "#id", onContention = OnContention.SKIP, skipValue = "-1L")
        public long fileUnlessBusy(String id) {
            return Lease.current("document").fencingToken();
        }

        @WithLock(
                name = "report",
                key = "#month",
                onContention = OnContention.SINGLE_FLIGHT,
                share = "20s",
                waitTime = "20s")
        public Report report(String month) {
            drawer.reports.incrementAndGet();
            return new Report(month, List.of(1, 2));
        }
    }

    public static class Limited {

        @RateLimited(limit = "9/1s")
        public void call() {}
    }
}
