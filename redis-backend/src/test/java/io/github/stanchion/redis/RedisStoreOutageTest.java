package io.github.stanchion.redis;

import static io.github.stanchion.redis.Steps.add;
import static io.github.stanchion.redis.Steps.await;
import static io.github.stanchion.redis.Steps.key;
import static io.github.stanchion.redis.Steps.step;
import static io.github.stanchion.redis.Steps.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.stanchion.lock.LockMode;
import io.github.stanchion.store.KeyedOperation;
import io.github.stanchion.store.Operation;
import io.github.stanchion.store.StepResult;
import io.github.stanchion.store.StoreException;
import io.github.stanchion.store.StoreFullException;
import io.github.stanchion.store.StoreKey;
import io.github.stanchion.store.StoreTimeoutException;
import io.github.stanchion.store.StoreUnreachableException;
import io.github.stanchion.store.Transition;
import io.github.stanchion.store.Value;
import io.github.stanchion.testkit.Probe;
import io.lettuce.core.RedisURI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What callers see when the server is gone, hangs, or refuses. */
class RedisStoreOutageTest {

    /** Enough for a busy machine, and short enough to wait for. */
    private static final Duration UNHURRIED = Duration.ofSeconds(1);

    private static final int ROUNDS = 5;
    private static final long FIRST_NANOS = TimeUnit.MILLISECONDS.toNanos(150);
    private static final long OTHERS_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private static final long BACK_NANOS = TimeUnit.SECONDS.toNanos(2);

    private final List<String> breakers = new CopyOnWriteArrayList<>();
    private OwnRedis server;
    private RedisStore store;

    @BeforeEach
    void start() {
        server = OwnRedis.start();
        store = store(server.uri(), UNHURRIED);
    }

    @AfterEach
    void stop() {
        store.close();
        server.close();
    }

    private RedisStore store(String uri, Duration commandTimeout) {
        RedisStore fresh = RedisStore.builder(RedisURI.create(uri))
                .commandTimeout(commandTimeout)
                .listener(new RedisStoreListener() {
                    @Override
                    public void onBreaker(String server, boolean open) {
                        breakers.add(open ? "open" : "closed");
                    }
                })
                .build();
        fresh.connect();
        warm(fresh);
        return fresh;
    }

    private static void warm(RedisStore fresh) {
        try {
            until("the store answers", () -> {
                try {
                    return fresh.execute(key("warm"), add(1)).admitted();
                } catch (StoreException notYet) {
                    return false;
                }
            });
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }

    private StoreException failure(StoreKey key) {
        return catchThrowableOfType(StoreException.class, () -> store.execute(key, add(1)));
    }

    @Test
    void anOutageCostsOneTimeoutAndIsOverSoonAfterTheServerIsBack() throws Exception {
        store.close();
        store = store(server.uri(), Duration.ofMillis(100));
        // On a busy machine a round may be held up; that all are would mean something.
        boolean inTime = false;
        for (int round = 0; round < ROUNDS && !inTime; round++) {
            breakers.clear();
            inTime = outage();
        }
        assertThat(inTime).isTrue();
    }

    /** One outage; whether it cost no more time than it may. */
    private boolean outage() {
        server.stop();
        long began = System.nanoTime();
        StoreException first = failure(key("hung"));
        long firstTook = System.nanoTime() - began;
        assertThat(first).isInstanceOf(StoreTimeoutException.class).hasMessageContaining("probe 'steps'");
        assertThat(first.outcomeUnknown()).isTrue();
        began = System.nanoTime();
        List<StoreException> others = new ArrayList<>();
        for (int i = 0; i < 99; i++) {
            others.add(failure(key("hung")));
        }
        long othersTook = System.nanoTime() - began;
        assertThat(others).hasOnlyElementsOfType(StoreUnreachableException.class);
        assertThat(others).allMatch(error -> !error.outcomeUnknown() && error.getStackTrace().length == 0);
        assertThat(store.stats().openBreakers()).isEqualTo(1);
        assertThat(breakers).containsExactly("open");
        server.cont();
        began = System.nanoTime();
        warm(store);
        long backTook = System.nanoTime() - began;
        assertThat(store.stats().openBreakers()).isZero();
        return firstTook < FIRST_NANOS && othersTook < OTHERS_NANOS && backTook < BACK_NANOS;
    }

    @Test
    void aServerThatIsKilledAndStartedAgainIsUsedAgainWithoutACall() throws Exception {
        List<Level> lines = new CopyOnWriteArrayList<>();
        Handler writing = new Handler() {
            @Override
            public void publish(LogRecord line) {
                lines.add(line.getLevel());
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        Logger log = Logger.getLogger(RedisStore.class.getName());
        log.addHandler(writing);
        try {
            server.kill();
            until("the loss is seen", () -> breakers.contains("open"));
            for (int i = 0; i < 100; i++) {
                assertThat(failure(key("gone"))).isInstanceOf(StoreUnreachableException.class);
            }
            server.restart();
            until("the return is seen", () -> breakers.contains("closed"));
            assertThat(store.execute(key("gone"), add(1)).total()).isEqualTo(1);
            assertThat(breakers).containsExactly("open", "closed");
            assertThat(lines).containsExactly(Level.WARNING, Level.INFO);
        } finally {
            log.removeHandler(writing);
        }
    }

    @Test
    void aServerThatWasNeverThereIsUnreachableAtOnce() {
        try (OwnRedis absent = OwnRedis.start()) {
            absent.kill();
            RedisStore lonely =
                    RedisStore.builder(RedisURI.create(absent.uri())).build();
            assertThatThrownBy(() -> lonely.execute(key("nobody"), add(1)))
                    .isInstanceOf(StoreUnreachableException.class);
            assertThatThrownBy(lonely::connect).isInstanceOf(StoreUnreachableException.class);
            ServerReport report = lonely.inspect();
            assertThat(report.isReachable()).isFalse();
            assertThat(report.errors()).isEmpty();
            lonely.close();
        }
    }

    @Test
    void aCommandWhoseReplyIsLostIsNeverSentAgain() throws Exception {
        try (CuttingProxy proxy = new CuttingProxy(server.port());
                RedisStore cut = store(proxy.uri(), TestStores.PATIENT)) {
            proxy.swallowReplies();
            List<CompletableFuture<Probe.Sum>> calls = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                calls.add(cut.executeAsync(key("lost"), add(1)).toCompletableFuture());
            }
            until("the server counted all", () -> "10"
                    .equals(server.command("GET", key("lost").text())));
            proxy.cut();
            for (CompletableFuture<Probe.Sum> call : calls) {
                assertThatThrownBy(() -> await(call))
                        .cause()
                        .isInstanceOfSatisfying(StoreTimeoutException.class, error -> assertThat(error.outcomeUnknown())
                                .isTrue());
            }
            warm(cut);
            assertThat(cut.execute(key("lost"), add(1)).total()).isEqualTo(11);
        }
    }

    @Test
    void aConnectionThatTheServerKillsWhileACallWaitsIsAnUnknownOutcome() throws Exception {
        try (RedisStore patient = TestStores.on(server).build()) {
            warm(patient);
            server.command("CLIENT", "PAUSE", "60000", "WRITE");
            CompletableFuture<Probe.Sum> call =
                    patient.executeAsync(key("killed"), add(1)).toCompletableFuture();
            until("the call waits", () -> String.valueOf(server.command("INFO", "clients"))
                    .contains("blocked_clients:1"));
            server.command("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes");
            assertThatThrownBy(() -> await(call))
                    .cause()
                    .isInstanceOf(StoreTimeoutException.class)
                    .hasMessageContaining("broke");
            server.command("CLIENT", "UNPAUSE");
            warm(patient);
            assertThat(Steps.sum(patient, key("killed"))).isZero();
        }
    }

    @Test
    void vitalOperationsAreSentWhileTheBreakerIsOpen() throws Exception {
        server.stop();
        assertThat(failure(key("vital"))).isInstanceOf(StoreTimeoutException.class);
        CompletableFuture<Probe.Sum> vital =
                store.executeAsync(key("vital"), new Vital(add(5))).toCompletableFuture();
        CompletableFuture<Probe.Sum> other =
                store.executeAsync(key("vital"), add(100)).toCompletableFuture();
        assertThatThrownBy(() -> await(other)).cause().isInstanceOf(StoreUnreachableException.class);
        assertThatThrownBy(() -> await(vital)).cause().isInstanceOf(StoreTimeoutException.class);
        server.cont();
        until("what was sent has run", () -> "6"
                .equals(server.command("GET", key("vital").text())));
        warm(store);
        assertThat(Steps.sum(store, key("vital"))).isEqualTo(6);
    }

    @Test
    void leasesAreRenewedAndReleasedWhileTheBreakerIsOpen() throws Exception {
        LockSteps renewed = new LockSteps(store, "renewed");
        LockSteps batched = new LockSteps(store, "batched");
        LockSteps released = new LockSteps(store, "released");
        List.of(renewed, batched, released).forEach(lock -> lock.acquire(1));
        // The server knows the scripts from now on, so that a call is one command.
        assertThat(store.execute(renewed.key(), renewed.renewal(2)).held()).isFalse();
        assertThat(store.executeEach(List.of(new KeyedOperation<>(batched.key(), batched.renewal(2)))))
                .hasSize(1);
        assertThat(released.free(2).released()).isFalse();
        server.stop();
        assertThat(failure(key("hung"))).isInstanceOf(StoreTimeoutException.class);
        List<CompletableFuture<?>> sent = List.of(
                store.executeAsync(renewed.key(), renewed.renewal(1)).toCompletableFuture(),
                store.executeAsync(released.key(), released.release(1, false)).toCompletableFuture());
        CompletableFuture<List<StepResult<?>>> batch = store.executeEachAsync(
                        List.of(new KeyedOperation<>(batched.key(), batched.renewal(1))))
                .toCompletableFuture();
        assertThatThrownBy(() -> released.acquire(2)).isInstanceOf(StoreUnreachableException.class);
        for (CompletableFuture<?> call : sent) {
            assertThatThrownBy(() -> await(call)).cause().isInstanceOf(StoreTimeoutException.class);
        }
        assertThat(await(batch)).singleElement().isInstanceOfSatisfying(StepResult.Failed.class, failed -> assertThat(
                        failed.error())
                .isInstanceOf(StoreTimeoutException.class));
        server.cont();
        warm(store);
        until("the release has run", () -> released.inspect(1).mode() == LockMode.FREE);
        until("the renewal has run", () -> renewed.inspect(1).remainingMicros() > 2 * LockSteps.SPAN);
        until("the batch has run", () -> batched.inspect(1).remainingMicros() > 2 * LockSteps.SPAN);
    }

    /** A step that must be tried even if nobody answers. */
    private record Vital(Probe.Add add) implements Operation<Probe.Sum> {
        @Override
        public String name() {
            return add.name();
        }

        @Override
        public long[] arguments() {
            return add.arguments();
        }

        @Override
        public Transition<Probe.Sum> apply(@Nullable Value current, long nowMicros) {
            return add.apply(current, nowMicros);
        }

        @Override
        public Probe.Sum decode(long[] reply) {
            return add.decode(reply);
        }

        @Override
        public boolean vital() {
            return true;
        }
    }

    @Test
    void aLateReplyIsCountedAndChangesNothing() throws Exception {
        server.stop();
        assertThat(failure(key("late"))).isInstanceOf(StoreTimeoutException.class);
        server.cont();
        until("the reply came", () -> store.stats().late() == 1);
    }

    @Test
    void anInterruptedCallerKeepsItsFlagAndDoesNotKnow() {
        server.stop();
        Thread.currentThread().interrupt();
        assertThat(failure(key("interrupted"))).isInstanceOf(StoreTimeoutException.class);
        assertThat(Thread.interrupted()).isTrue();
        server.cont();
    }

    @Test
    void aSynchronousCallOnAThreadThatReadsRepliesIsRefused() throws Exception {
        CompletableFuture<Object> within = store.executeAsync(key("loop"), add(1))
                .thenApply(sum -> (Object)
                        catchThrowableOfType(IllegalStateException.class, () -> store.execute(key("loop"), add(1))))
                .toCompletableFuture();
        // A reply that came before thenApply was called leaves the step to this thread; then it is a call like any
        // other.
        Object refused = await(within);
        if (refused != null) {
            assertThat((Throwable) refused).hasMessageContaining("executeAsync");
        }
        server.command("CLIENT", "PAUSE", "50");
        CompletableFuture<Object> surely = store.executeAsync(key("loop"), add(1))
                .thenApply(sum -> (Object) catchThrowableOfType(
                        IllegalStateException.class, () -> store.executeEach(List.of(step("loop", add(1))))))
                .toCompletableFuture();
        assertThat((Throwable) await(surely)).hasMessageContaining("executeAsync");
    }

    @Test
    void refusalsOfTheServerAreSaidWithoutTheKey() {
        server.command("CONFIG", "SET", "maxmemory", "1");
        assertThat(failure(key("bob@example.org")))
                .isInstanceOf(StoreFullException.class)
                .hasMessageContaining("OOM")
                .hasMessageContaining("probe 'steps'")
                .hasMessageNotContaining("bob");
        server.command("CONFIG", "SET", "maxmemory", "0");
        server.command("REPLICAOF", "127.0.0.1", "1");
        assertThat(failure(key("bob@example.org")))
                .isInstanceOf(StoreUnreachableException.class)
                .hasMessageContaining("READONLY")
                .hasMessageNotContaining("bob");
        server.command("CONFIG", "SET", "replica-serve-stale-data", "no");
        assertThat(failure(key("bob@example.org")))
                .isInstanceOf(StoreUnreachableException.class)
                .hasMessageContaining("MASTERDOWN");
        server.command("REPLICAOF", "NO", "ONE");
        assertThat(store.execute(key("bob@example.org"), add(1)).total()).isEqualTo(1);
    }

    @Test
    void aServerBusyWithAScriptIsUnreachableUntilThatEnds() throws Exception {
        server.command("CONFIG", "SET", "lua-time-limit", "1");
        Thread other = new Thread(() -> {
            try {
                server.command("EVAL", "while true do end", "0");
            } catch (IllegalStateException killed) {
                // as intended
            }
        });
        other.start();
        List<StoreException> seen = new ArrayList<>();
        until("the server says so", () -> {
            StoreException error = failure(key("busy"));
            if (error != null) {
                seen.add(error);
            }
            return error != null && String.valueOf(error.getMessage()).contains("BUSY");
        });
        assertThat(seen).last().isInstanceOf(StoreUnreachableException.class);
        server.command("SCRIPT", "KILL");
        other.join(TimeUnit.SECONDS.toMillis(10));
        warm(store);
    }

    @Test
    void aUserWhoMayNotRunScriptsLearnsWhatToGrant() {
        server.command("ACL", "SETUSER", "poor", "on", ">pw", "~*", "+ping", "+hello", "+client", "+get");
        RedisURI uri = RedisURI.create(server.uri());
        uri.setCredentialsProvider(new io.lettuce.core.StaticCredentialsProvider("poor", "pw".toCharArray()));
        try (RedisStore poor =
                RedisStore.builder(uri).commandTimeout(Duration.ofSeconds(10)).build()) {
            assertThatThrownBy(() -> poor.execute(key("poor"), add(1)))
                    .isInstanceOf(StoreUnreachableException.class)
                    .hasMessageContaining("NOPERM")
                    .hasMessageContaining("+evalsha");
        }
    }
}
