package io.github.stanchion.redis;

import static io.github.stanchion.redis.Steps.add;
import static io.github.stanchion.redis.Steps.key;
import static io.github.stanchion.redis.Steps.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.stanchion.store.Cells;
import io.github.stanchion.store.JointResult;
import io.github.stanchion.store.KeyedOperation;
import io.github.stanchion.store.StepResult;
import io.github.stanchion.store.StoreException;
import io.github.stanchion.store.StoreKey;
import io.github.stanchion.store.StoreTimeoutException;
import io.github.stanchion.store.StoreUnreachableException;
import io.github.stanchion.store.UnreadableStateException;
import io.github.stanchion.testkit.Probe;
import io.github.stanchion.testkit.Together;
import io.lettuce.core.RedisURI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Several servers that share the slots. */
class RedisStoreClusterTest {

    private static RedisCluster cluster;

    private RedisStore store;

    @BeforeAll
    static void start() {
        cluster = RedisCluster.start(3);
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    @BeforeEach
    void open() {
        cluster.nodes().forEach(node -> node.command("FLUSHALL"));
        store = TestStores.on(cluster).build();
        store.connect();
        cluster.nodes().forEach(node -> {
            StoreKey warm = keyOn(node, "warm", 0);
            store.executeAll(List.of(new KeyedOperation<>(warm, add(1))));
            store.executeEach(List.of(new KeyedOperation<>(warm, add(1))));
            store.execute(warm, add(1));
            node.resetStats();
        });
    }

    @AfterEach
    void close() {
        store.close();
    }

    /** The {@code number}th key that lies on the node. */
    private static StoreKey keyOn(OwnRedis node, String name, int number) {
        return IntStream.range(0, Integer.MAX_VALUE)
                .mapToObj(i -> key(name + "-" + i))
                .filter(key -> cluster.ownerOf(key.text()) == node)
                .skip(number)
                .findFirst()
                .orElseThrow();
    }

    private static StoreKey keyOn(int node, String name) {
        return keyOn(cluster.node(node), name, 0);
    }

    private static List<Long> calls(String command) {
        return cluster.nodes().stream()
                .map(node -> node.commandStats().getOrDefault(command, 0L))
                .toList();
    }

    private static <R> KeyedOperation<R> step(StoreKey key, io.github.stanchion.store.Operation<R> operation) {
        return new KeyedOperation<>(key, operation);
    }

    @Test
    void aDecisionIsOneScriptOnTheServerOfItsKeyAlsoOnceThatForgotTheScript() throws Exception {
        StoreKey hot = keyOn(1, "hot");
        List<Long> admitted = Together.run(16, thread -> IntStream.range(0, 500)
                .filter(i -> store.execute(hot, add(1, 1_000)).admitted())
                .count());
        assertThat(admitted.stream().mapToLong(n -> n).sum()).isEqualTo(1_000);
        assertThat(calls("evalsha")).containsExactly(0L, 8_000L, 0L);
        assertThat(calls("get")).containsExactly(0L, 8_000L, 0L);
        assertThat(calls("set")).containsExactly(0L, 1_000L, 0L);
        assertThat(calls("eval")).containsOnly(0L);

        cluster.nodes().forEach(node -> node.command("SCRIPT", "FLUSH"));
        cluster.nodes().forEach(OwnRedis::resetStats);
        Together.run(16, thread -> store.execute(hot, add(1)));
        assertThat(calls("evalsha")).containsExactly(0L, 16L, 0L);
        List<Long> brought = calls("eval");
        assertThat(brought.get(1)).isBetween(1L, 16L);
        Together.run(16, thread -> store.execute(hot, add(1)));
        assertThat(calls("evalsha")).containsExactly(0L, 32L, 0L);
        assertThat(calls("eval")).isEqualTo(brought);
        assertThat(Steps.sum(store, hot)).isEqualTo(1_000 + 32);
    }

    @Test
    void keysOfOneSlotAreOneScriptAndOfSeveralOneEachInOneTrip() {
        long trips = store.stats().trips();
        StoreKey a = keyOn(0, "a");
        List<KeyedOperation<?>> one =
                List.of(step(a, add(1)), step(a.in(a.space().withKind("probe-2")), add(1)));
        assertThat(store.executeAll(one).admitted()).isTrue();
        assertThat(calls("evalsha")).containsExactly(1L, 0L, 0L);
        assertThat(store.stats().trips()).isEqualTo(trips + 1);
        List<KeyedOperation<?>> several = List.of(
                step(keyOn(0, "b"), add(1)),
                step(keyOn(1, "b"), add(2)),
                step(keyOn(2, "b"), add(3)),
                step(keyOn(cluster.node(2), "b", 1), add(4)));
        JointResult joint = store.executeAll(several);
        assertThat(joint.admitted()).isTrue();
        assertThat(joint.results()).extracting(sum -> ((Probe.Sum) sum).total()).isEqualTo(List.of(1L, 2L, 3L, 4L));
        assertThat(calls("evalsha")).containsExactly(2L, 1L, 2L);
        assertThat(store.stats().trips()).isEqualTo(trips + 2);
        assertThat(store.stats().undone()).isZero();
    }

    @Test
    void aRefusalOnOneServerTakesBackWhatOthersChargedAheadOfTheNextCall() {
        StoreKey a = keyOn(0, "a");
        StoreKey b = keyOn(1, "b");
        StoreKey c = keyOn(2, "c");
        store.execute(c, add(5));
        List<KeyedOperation<?>> steps = List.of(step(a, add(1)), step(b, add(2)), step(c, add(1, 5)));
        for (int round = 1; round <= 50; round++) {
            long trips = store.stats().trips();
            JointResult joint = store.executeAll(steps);
            assertThat(joint.admitted()).isFalse();
            assertThat(joint.results())
                    .extracting(sum -> ((Probe.Sum) sum).admitted())
                    .isEqualTo(List.of(true, true, false));
            assertThat(store.stats().trips()).isEqualTo(trips + 2);
            assertThat(store.execute(a, add(0)).total()).isZero();
            assertThat(store.execute(b, add(0)).total()).isZero();
            assertThat(store.stats().undone()).isEqualTo(2L * round);
        }
        assertThat(store.execute(c, add(0)).total()).isEqualTo(5);
        assertThat(store.stats().undoFailed()).isZero();
    }

    @Test
    void anAdvisoryStepElsewhereRefusesNobodyAndIsChargedOnlyWithTheOthers() {
        StoreKey shadow = keyOn(0, "shadow");
        StoreKey limit = keyOn(1, "limit");
        List<KeyedOperation<?>> steps = List.of(new KeyedOperation<>(shadow, add(1, 1), true), step(limit, add(1, 2)));
        assertThat(store.executeAll(steps).admitted()).isTrue();
        assertThat(store.executeAll(steps).admitted()).isTrue();
        assertThat(Steps.sum(store, shadow)).isEqualTo(1);
        store.execute(shadow, add(-1));
        assertThat(store.executeAll(steps).admitted()).isFalse();
        assertThat(Steps.sum(store, shadow)).isZero();
        assertThat(Steps.sum(store, limit)).isEqualTo(2);
    }

    @Test
    void anErrorOnOneServerTakesBackWhatOthersCharged() {
        StoreKey a = keyOn(0, "a");
        StoreKey foreign = keyOn(1, "foreign");
        store.execute(foreign, new Probe.Plant(Cells.of(1, 2), Steps.DAY, true));
        assertThatThrownBy(() -> store.executeAll(List.of(step(a, add(1)), step(foreign, add(1)))))
                .isInstanceOf(UnreadableStateException.class);
        assertThat(Steps.sum(store, a)).isZero();
    }

    @Test
    void whatCannotBeTakenBackIsRefusedBeforeAnythingIsSent() {
        KeyedOperation<?> last = step(keyOn(0, "final"), new Probe.Tell(1, Steps.DAY));
        KeyedOperation<?> other = step(keyOn(1, "other"), add(1));
        assertThatThrownBy(() -> store.executeAll(List.of(last, other)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("probe.tell");
        assertThat(calls("evalsha")).containsOnly(0L);
        // Where nothing else may refuse, nothing has to be taken back.
        KeyedOperation<?> shadow = new KeyedOperation<>(keyOn(1, "other"), add(1), true);
        assertThat(store.executeAll(List.of(last, shadow)).admitted()).isTrue();
    }

    @Test
    void contendersForCrossedKeysOfSeveralServersNeverGetTooMuch() throws Exception {
        StoreKey a = keyOn(0, "a");
        StoreKey b = keyOn(1, "b");
        List<KeyedOperation<?>> steps = List.of(step(a, add(1, 60)), step(b, add(1, 40)));
        List<KeyedOperation<?>> crossed = List.of(step(b, add(1, 40)), step(a, add(1, 60)));
        List<Long> admitted = Together.run(16, thread -> IntStream.range(0, 20)
                .filter(i -> store.executeAll(thread % 2 == 0 ? steps : crossed).admitted())
                .count());
        long all = admitted.stream().mapToLong(n -> n).sum();
        assertThat(all).isBetween(1L, 40L);
        assertThat(Steps.sum(store, a)).isEqualTo(all);
        assertThat(Steps.sum(store, b)).isEqualTo(all);
    }

    @Test
    void independentStepsGoToTheirServers() {
        List<KeyedOperation<?>> steps = new ArrayList<>();
        for (int i = 0; i < 900; i++) {
            steps.add(step(key("each-" + i % 300), add(1)));
        }
        List<StepResult<?>> results = store.executeEach(steps);
        for (int i = 0; i < 900; i++) {
            assertThat(((Probe.Sum) results.get(i).get()).total()).isEqualTo(i / 300 + 1);
        }
        assertThat(calls("evalsha").stream().mapToLong(n -> n).sum()).isEqualTo(300);
    }

    @Test
    void aHungServerCostsItsOwnKeysOnly() throws Exception {
        try (RedisStore quick = RedisStore.clusterBuilder(
                        cluster.uris().stream().map(RedisURI::create).toList())
                .commandTimeout(Duration.ofSeconds(1))
                .build()) {
            StoreKey hung = keyOn(0, "hung");
            List<StoreKey> others = List.of(keyOn(1, "others"), keyOn(2, "others"));
            quick.connect();
            until("all answer", () -> {
                try {
                    others.forEach(key -> quick.execute(key, add(1)));
                    return quick.execute(hung, add(1)).admitted();
                } catch (StoreException notYet) {
                    return false;
                }
            });
            long sum = Steps.sum(quick, others.get(0));
            cluster.node(0).stop();
            try {
                assertThatThrownBy(() -> quick.execute(hung, add(1))).isInstanceOf(StoreTimeoutException.class);
                for (int i = 1; i <= 200; i++) {
                    assertThat(quick.execute(others.get(0), add(1)).total()).isEqualTo(sum + i);
                    quick.execute(others.get(1), add(1));
                    assertThatThrownBy(() -> quick.execute(hung, add(1))).isInstanceOf(StoreUnreachableException.class);
                }
            } finally {
                cluster.node(0).cont();
            }
            until("the server is used again", () -> {
                try {
                    return quick.execute(hung, add(1)).admitted();
                } catch (StoreException notYet) {
                    return false;
                }
            });
        }
        awaitHealthy();
    }

    @Test
    void whoTakesOneOfItsServersForAllLearnsThat() {
        try (RedisStore mistaken = TestStores.on(cluster.node(0)).build()) {
            assertThatThrownBy(() -> mistaken.execute(keyOn(1, "elsewhere"), add(1)))
                    .isInstanceOf(StoreUnreachableException.class)
                    .hasMessageContaining("connect to it as a Cluster");
        }
    }

    @Test
    void whoTakesAServerForAClusterLearnsThat() {
        try (OwnRedis single = OwnRedis.start();
                RedisStore mistaken = RedisStore.clusterBuilder(List.of(RedisURI.create(single.uri())))
                        .commandTimeout(TestStores.PATIENT)
                        .build()) {
            assertThatThrownBy(() -> mistaken.execute(key("elsewhere"), add(1)))
                    .isInstanceOf(StoreUnreachableException.class)
                    .hasStackTraceContaining("cluster support disabled");
        }
    }

    @Test
    void aReplicaThatTakesOverIsUsedAndNothingIsSentTwice() throws Exception {
        try (RedisCluster replicated = RedisCluster.start(3, 1);
                RedisStore following = RedisStore.clusterBuilder(
                                replicated.uris().stream().map(RedisURI::create).toList())
                        .commandTimeout(Duration.ofSeconds(2))
                        .build()) {
            StoreKey key = key("followed");
            OwnRedis owner = replicated.ownerOf(key.text());
            OwnRedis replica = replicated.node(replicated.nodes().indexOf(owner) + 3);
            following.execute(key, add(1));
            until("the replica has it", () -> String.valueOf(replica.command("INFO", "keyspace"))
                    .contains("keys=1"));
            owner.kill();
            long[] mayBe = {1};
            until("the replica is used", () -> {
                try {
                    following.execute(key, add(1));
                    mayBe[0]++;
                    return true;
                } catch (StoreException error) {
                    mayBe[0] += error.outcomeUnknown() ? 1 : 0;
                    return false;
                }
            });
            assertThat(Steps.sum(following, key)).isBetween(2L, mayBe[0]);
            assertThat(following.stats().openBreakers()).isZero();
        }
    }

    private static void awaitHealthy() throws InterruptedException {
        for (OwnRedis node : cluster.nodes()) {
            until("the cluster is whole", () -> {
                String info = String.valueOf(node.command("CLUSTER", "INFO"));
                return info.contains("cluster_state:ok")
                        && info.contains("cluster_slots_fail:0")
                        && info.contains("cluster_slots_pfail:0");
            });
        }
    }

    @Test
    void aSlotThatMovesUnderLoadLosesAndDoublesNothing() throws Exception {
        StoreKey moving = keyOn(0, "moving");
        int slot = cluster.slotOf(moving.text());
        AtomicBoolean over = new AtomicBoolean();
        AtomicLong applied = new AtomicLong();
        Thread mover = new Thread(() -> {
            for (int i = 0; i < 6; i++) {
                cluster.move(slot, cluster.node(i % 2), cluster.node(1 - i % 2));
            }
            over.set(true);
        });
        store.execute(moving, add(1));
        mover.start();
        List<Long> counts = Together.run(4, thread -> {
            long count = 0;
            while (!over.get()) {
                store.execute(moving, add(1));
                count++;
            }
            return count;
        });
        mover.join(TimeUnit.SECONDS.toMillis(30));
        counts.forEach(applied::addAndGet);
        assertThat(applied.get()).isPositive();
        assertThat(Steps.sum(store, moving)).isEqualTo(applied.get() + 1);
    }

    @Test
    void aStoreThatLearntTheSlotsBeforeTheyMovedFollowsAndThenKnows() throws Exception {
        StoreKey key = keyOn(2, "moved");
        int slot = cluster.slotOf(key.text());
        store.execute(key, add(1));
        cluster.move(slot, cluster.node(2), cluster.node(1));
        try {
            assertThat(store.execute(key, add(1)).total()).isEqualTo(2);
            cluster.nodes().forEach(OwnRedis::resetStats);
            assertThat(store.execute(key, add(1)).total()).isEqualTo(3);
            assertThat(cluster.node(1).commandStats()).containsEntry("evalsha", 1L);
            assertThat(cluster.node(2).commandStats()).doesNotContainKey("evalsha");
        } finally {
            cluster.move(slot, cluster.node(1), cluster.node(2));
        }
    }

    @Test
    void oneConnectionEachIsOpenedAndKeysAreListedAndClearedOnAllOfThem() {
        for (int i = 0; i < 1_200; i++) {
            store.executeEach(List.of());
        }
        List<KeyedOperation<?>> steps = new ArrayList<>();
        IntStream.range(0, 1_200).forEach(i -> steps.add(step(key("listed-" + i), add(1))));
        store.executeEach(steps);
        io.github.stanchion.store.KeyRange range = io.github.stanchion.store.KeyRange.of(key("x").space());
        List<StoreKey> found = new ArrayList<>();
        String cursor = null;
        do {
            io.github.stanchion.store.KeyScan.Page page = store.keys().page(range, cursor, 100);
            found.addAll(page.keys());
            cursor = page.next();
        } while (cursor != null);
        assertThat(found).containsAll(steps.stream().map(KeyedOperation::key).toList());
        assertThat(store.keys().clear(range))
                .isEqualTo(found.stream().distinct().count());
        for (OwnRedis node : cluster.nodes()) {
            assertThat(node.command("DBSIZE")).isEqualTo(0L);
            String clients = String.valueOf(node.command("CLIENT", "LIST"));
            assertThat(clients.lines()
                            .filter(line -> line.contains("lib-name=Lettuce")
                                    || line.contains("cmd=evalsha")
                                    || line.contains("cmd=unlink")))
                    .hasSizeLessThanOrEqualTo(1);
        }
    }
}
