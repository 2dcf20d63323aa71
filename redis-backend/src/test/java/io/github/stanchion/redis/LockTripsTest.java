package io.github.stanchion.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.stanchion.lock.Lease;
import io.github.stanchion.lock.LockNotAcquiredException;
import io.github.stanchion.lock.LockPolicies;
import io.github.stanchion.lock.LockSettings;
import io.github.stanchion.lock.Locks;
import io.github.stanchion.testkit.VirtualClock;
import io.github.stanchion.testkit.VirtualSleeper;
import io.lettuce.core.RedisURI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ForkJoinWorkerThread;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What locks cost, as the server counts it. */
@Timeout(60)
class LockTripsTest {

    private static final Duration PATIENT = Duration.ofSeconds(30);
    private static final Duration BRIEF = Duration.ofSeconds(6);

    private final List<RedisStore> stores = new ArrayList<>();
    private final List<Locks> processes = new ArrayList<>();
    private OwnRedis redis;
    private Locks usher;
    private int heard;

    @BeforeEach
    void open() {
        redis = OwnRedis.start();
        usher = unheard();
    }

    @AfterEach
    void close() {
        processes.forEach(Locks::close);
        stores.forEach(RedisStore::close);
        redis.close();
    }

    /** A process of its own, its connection and scripts made, that hears wake-ups. */
    private Locks process() {
        Locks locks = unheard();
        Lease held = usher.acquireAsync("a", "warm").join();
        redis.resetStats();
        CompletableFuture<Lease> waiting = locks.acquireAsync("a", "warm");
        heard++;
        // Once it hears wake-ups it looks again, as it may have missed one: it does so here, and not while scripts are
        // counted.
        await(() -> channels() == heard + 1 && scripts() >= 2);
        held.close();
        waiting.join().close();
        return locks;
    }

    private Locks unheard() {
        return unheard(builder -> builder);
    }

    private Locks unheard(UnaryOperator<Locks.Builder> more) {
        RedisStore store = RedisStore.builder(RedisURI.create(redis.uri()))
                .commandTimeout(Duration.ofSeconds(20))
                .build();
        stores.add(store);
        LockSettings settings = LockSettings.builder()
                .wait(PATIENT)
                .lease(PATIENT)
                .maxWaiters(256)
                .build();
        LockSettings brief = LockSettings.builder().wait(PATIENT).lease(BRIEF).build();
        Locks locks = more.apply(Locks.builder(LockPolicies.of(Map.of("a", settings, "brief", brief)), store))
                .build();
        processes.add(locks);
        return locks;
    }

    private static void await(BooleanSupplier condition) {
        long end = System.nanoTime() + PATIENT.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).isLessThan(end);
            Thread.onSpinWait();
        }
    }

    /** One for all processes, and one for each that has waited. */
    private int channels() {
        return redis.command("PUBSUB", "CHANNELS", "*") instanceof List<?> names ? names.size() : 0;
    }

    /** How often {@code waiters} may have looked by themselves, each after 900 ms at the earliest, as on a slow machine. */
    private static long looks(int waiters, long begunNanos) {
        return waiters * ((System.nanoTime() - begunNanos) / TimeUnit.MILLISECONDS.toNanos(900));
    }

    private long scripts() {
        return redis.commandStats().getOrDefault("evalsha", 0L);
    }

    @Test
    void cycleWithoutContentionIsTwoScriptsAndReentryNone() throws Exception {
        Locks locks = process();
        redis.resetStats();
        for (int i = 0; i < 100; i++) {
            locks.call(
                    "a",
                    "x",
                    () -> locks.call("a", "x", () -> {
                        locks.acquire("a", "x").close();
                        Lease.assertHeld("a");
                        return null;
                    }));
        }
        assertThat(scripts()).isEqualTo(200);
        assertThat(redis.commandStats()).doesNotContainKeys("eval", "script", "publish", "multi");
    }

    @Test
    void tryOnAHeldLockIsOneScriptAndNoneWhereThisProcessHoldsIt() {
        Locks one = process();
        Locks two = process();
        Lease held = one.acquireAsync("a", "x").join();
        redis.resetStats();
        for (int i = 0; i < 10; i++) {
            assertThat(one.tryAcquire("a", "x")).isNull();
        }
        assertThat(scripts()).isZero();
        for (int i = 0; i < 10; i++) {
            assertThat(two.tryAcquire("a", "x")).isNull();
        }
        assertThat(scripts()).isEqualTo(10);
        held.close();
    }

    @Test
    void contendedRoundIsFiveScripts() {
        Locks one = process();
        Locks two = process();
        redis.resetStats();
        long begun = System.nanoTime();
        Lease held = one.acquireAsync("a", "x").join();
        CompletableFuture<Lease> waiting = two.acquireAsync("a", "x");
        await(() -> scripts() >= 2);
        held.close();
        waiting.join().close();
        assertThat(scripts()).isBetween(5L, 5 + looks(1, begun));
    }

    @Test
    void eachHandOverToTheNextOfNineteenWaitingProcessesIsTwoScripts() {
        Locks first = process();
        List<Locks> others = new ArrayList<>();
        for (int i = 0; i < 19; i++) {
            others.add(process());
        }
        long begun = System.nanoTime();
        Lease held = first.acquireAsync("a", "x").join();
        List<CompletableFuture<Void>> chain = new ArrayList<>();
        for (Locks other : others) {
            chain.add(other.acquireAsync("a", "x").thenAcceptAsync(Lease::close));
        }
        await(() -> first.inspect("a", "x").waiters() == 19);
        redis.resetStats();
        held.close();
        chain.forEach(CompletableFuture::join);
        // The first release, then claim and release of each.
        assertThat(scripts()).isBetween(39L, 39 + looks(19, begun));
    }

    @Test
    void callersOfOneProcessThatWaitAskTheStoreOnceASecond() {
        Locks one = process();
        Locks two = process();
        Lease held = one.acquireAsync("a", "x").join();
        redis.resetStats();
        long begun = System.nanoTime();
        List<CompletableFuture<Lease>> waiting = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            waiting.add(two.acquireAsync("a", "x"));
        }
        await(() -> System.nanoTime() - begun > TimeUnit.SECONDS.toNanos(2));
        assertThat(scripts()).isBetween(2L, 1 + looks(1, begun));
        waiting.subList(1, 50).forEach(call -> call.cancel(false));
        held.close();
        waiting.get(0).join().close();
    }

    @Test
    void refusedForTooManyWaitersAsksNobody() {
        Locks one = process();
        Locks two = process();
        Lease held = one.acquireAsync("a", "x").join();
        long begun = System.nanoTime();
        List<CompletableFuture<Lease>> waiting = new ArrayList<>();
        for (int i = 0; i < 256; i++) {
            waiting.add(two.acquireAsync("a", "x"));
        }
        await(() -> one.inspect("a", "x").waiters() == 1);
        redis.resetStats();
        for (int i = 0; i < 43; i++) {
            CompletableFuture<Lease> tooMany = two.acquireAsync("a", "x");
            assertThatThrownBy(tooMany::join).hasCauseInstanceOf(LockNotAcquiredException.class);
        }
        assertThat(scripts()).isLessThanOrEqualTo(looks(1, begun));
        waiting.forEach(call -> call.cancel(false));
        held.close();
    }

    @Test
    void singleFlightOfTwoHundredCallersInFourProcessesIsTenScripts() {
        List<Locks> fleet = List.of(process(), process(), process(), process());
        AtomicInteger computed = new AtomicInteger();
        CompletableFuture<String> price = new CompletableFuture<>();
        redis.resetStats();
        long begun = System.nanoTime();
        List<CompletableFuture<String>> calls = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            for (Locks locks : fleet) {
                calls.add(locks.singleFlightAsync("a", "x", String.class, () -> {
                    computed.incrementAndGet();
                    return price;
                }));
            }
        }
        // The leader has taken the lock and found no result; the first of each other process stands in line.
        await(() -> scripts() >= 5);
        price.complete("price");
        assertThat(calls)
                .allSatisfy(call -> assertThat(call).succeedsWithin(PATIENT).isEqualTo("price"));
        assertThat(computed).hasValue(1);
        // It leaves its result and frees the lock, and each of the others fetches the result.
        await(() -> fleet.stream().allMatch(locks -> locks.holding() == 0));
        assertThat(scripts()).isBetween(10L, 10 + 2 * looks(3, begun));
    }

    @Test
    void tickRenewsTenThousandLocksByAHundredScripts() {
        VirtualClock clock = new VirtualClock();
        Locks locks = unheard(builder -> builder.drivenBy(() -> TimeUnit.MICROSECONDS.toNanos(clock.micros()))
                .sleeper(new VirtualSleeper(clock)));
        List<Lease> leases = take(10_000, locks, "a");
        redis.resetStats();
        for (int round = 1; round <= 2; round++) {
            clock.advance(PATIENT.dividedBy(3));
            await(() -> leases.stream().allMatch(lease -> lease.remaining().equals(PATIENT)));
            assertThat(scripts()).isEqualTo(100L * round);
        }
        leases.forEach(Lease::close);
        assertThat(locks.holding()).isZero();
    }

    @Test
    void tenThousandLocksAreRenewedByTheThreadOfTheFirst() {
        Locks locks = process();
        Lease first = locks.acquireAsync("brief", "first").join();
        Set<Thread> before = threads();
        List<Lease> leases = take(10_000, locks, "brief");
        long taken = System.nanoTime();
        await(() -> {
            Duration notRenewed = BRIEF.minusNanos(System.nanoTime() - taken);
            return leases.stream().allMatch(lease -> lease.remaining().compareTo(notRenewed) > 0);
        });
        assertThat(threads()).isSubsetOf(before);
        leases.forEach(Lease::close);
        first.close();
        assertThat(locks.holding()).isZero();
    }

    private static List<Lease> take(int count, Locks locks, String name) {
        List<CompletableFuture<Lease>> taking = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            taking.add(locks.acquireAsync(name, i));
        }
        return taking.stream().map(CompletableFuture::join).toList();
    }

    /** But for those of the common pool, which come and go. */
    private static Set<Thread> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> !(thread instanceof ForkJoinWorkerThread))
                .collect(Collectors.toSet());
    }
}
