package io.github.stanchion.redis;

import static io.github.stanchion.redis.Steps.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.stanchion.lock.LockAnswer;
import io.github.stanchion.lock.LockMode;
import io.github.stanchion.lock.LockReleased;
import io.github.stanchion.lock.LockRenewal;
import io.github.stanchion.store.KeyedOperation;
import io.github.stanchion.store.Signal;
import io.github.stanchion.store.StepResult;
import io.github.stanchion.testkit.Together;
import io.lettuce.core.RedisURI;
import io.lettuce.core.StaticCredentialsProvider;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Locks in Redis, at the server's own time. */
@Timeout(120)
class RedisStoreLocksTest {

    private OwnRedis server;
    private RedisStore store;

    @BeforeEach
    void start() {
        server = OwnRedis.start();
        store = TestStores.on(server).build();
    }

    @AfterEach
    void stop() {
        store.close();
        server.close();
    }

    @Test
    void callersAreInsideOneAtATimeWithATokenOfTheirOwn() throws Exception {
        LockSteps lock = new LockSteps(store, "hot");
        AtomicBoolean inside = new AtomicBoolean();
        Set<Long> tokens = ConcurrentHashMap.newKeySet();
        Together.run(8, thread -> {
            for (int round = 0; round < 50; round++) {
                LockAnswer answer = lock.acquire(thread + 1);
                while (!answer.granted()) {
                    answer = lock.acquire(thread + 1);
                }
                assertThat(inside.getAndSet(true)).isFalse();
                tokens.add(answer.token());
                inside.set(false);
                assertThat(lock.free(thread + 1).released()).isTrue();
            }
            return thread;
        });
        assertThat(tokens).hasSize(8 * 50);
    }

    @Test
    void aReleaseIsToldToTheFirstInLineByTheScriptItself() throws Exception {
        LockSteps lock = new LockSteps(store, "handed");
        List<Signal> heard = new CopyOnWriteArrayList<>();
        for (String topic : List.of("wake-1", "wake-2", "wake-3", "wake-all")) {
            store.signals().subscribe("lock", topic, heard::add);
        }
        lock.acquire(1);
        assertThat(lock.acquire(2).position()).isEqualTo(1);
        assertThat(lock.acquire(3).position()).isEqualTo(2);
        server.resetStats();
        assertThat(lock.free(1).wokenOthers()).isEqualTo(1);
        until("node 2 is told", () -> heard.size() == 1);
        assertThat(server.commandStats()).containsEntry("evalsha", 1L).containsEntry("publish", 1L);
        assertThat(lock.acquire(2).granted()).isTrue();
        lock.acquire(4);
        LockReleased all = store.execute(lock.key(), lock.release(2, true));
        assertThat(all.wokenOthers()).isEqualTo(2);
        until("all are told", () -> heard.size() == 2);
        List<Long> subject = List.of(lock.key().fingerprint());
        assertThat(heard)
                .containsExactly(new Signal("lock", "wake-2", subject), new Signal("lock", "wake-all", subject));
    }

    @Test
    void whoMayNotPublishStillReleases() {
        server.command("ACL", "SETUSER", "quiet", "on", ">pw", "~*", "resetchannels", "+@all", "-publish");
        RedisURI uri = RedisURI.create(server.uri());
        uri.setCredentialsProvider(new StaticCredentialsProvider("quiet", "pw".toCharArray()));
        try (RedisStore quiet =
                RedisStore.builder(uri).commandTimeout(TestStores.PATIENT).build()) {
            LockSteps lock = new LockSteps(quiet, "quiet");
            long token = lock.acquire(1).token();
            lock.acquire(2);
            assertThat(lock.free(1)).isEqualTo(new LockReleased(true, 1, false, token));
            assertThat(lock.acquire(2).granted()).isTrue();
        }
    }

    @Test
    void aHundredRenewalsAreOneScriptAndAnswerEachForItself() {
        List<LockSteps> locks = IntStream.range(0, 100)
                .mapToObj(i -> new LockSteps(store, "held" + i))
                .toList();
        List<KeyedOperation<?>> renewals = new ArrayList<>();
        List<StepResult<?>> expected = new ArrayList<>();
        for (LockSteps lock : locks) {
            boolean held = renewals.size() % 10 > 0;
            long token = lock.acquire(held ? 1 : 2).token();
            renewals.add(new KeyedOperation<>(lock.key(), lock.renewal(1)));
            expected.add(new StepResult.Done<>(new LockRenewal(held, token)));
        }
        assertThat(store.executeEach(renewals)).isEqualTo(expected);
        server.resetStats();
        assertThat(store.executeEach(renewals)).isEqualTo(expected);
        assertThat(server.commandStats()).containsEntry("evalsha", 1L).doesNotContainKey("eval");
    }

    @Test
    void aFreedLockLeavesItsTokenForTheRetentionAlone() {
        LockSteps lock = new LockSteps(store, "left");
        long token = lock.acquire(1).token();
        lock.free(1);
        assertThat(server.command("GET", lock.key().text())).isEqualTo("1 0 " + token + " 0");
        assertThat((Long) server.command("PTTL", lock.key().text())).isBetween(500_000L, 600_001L);
        server.command("FLUSHALL");
        assertThat(lock.inspect(1).mode()).isEqualTo(LockMode.FREE);
        assertThat(lock.acquire(2).token()).isGreaterThan(token);
    }
}
