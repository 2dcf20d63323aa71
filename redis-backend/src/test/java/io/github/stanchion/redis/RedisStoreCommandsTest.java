package io.github.stanchion.redis;

import static io.github.stanchion.redis.Steps.add;
import static io.github.stanchion.redis.Steps.await;
import static io.github.stanchion.redis.Steps.key;
import static io.github.stanchion.redis.Steps.step;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.stanchion.store.AtomicStore;
import io.github.stanchion.store.Cells;
import io.github.stanchion.store.KeyedOperation;
import io.github.stanchion.store.StepResult;
import io.github.stanchion.store.StoreKey;
import io.github.stanchion.store.UnreadableStateException;
import io.github.stanchion.testkit.Probe;
import io.github.stanchion.testkit.Together;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the store asks of a server, counted by the server. */
class RedisStoreCommandsTest {

    private static OwnRedis server;

    private RedisStore store;

    @BeforeAll
    static void start() {
        server = OwnRedis.start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @BeforeEach
    void open() {
        server.command("FLUSHALL");
        store = TestStores.on(server).build();
        store.execute(key("warm"), add(1));
        store.executeAll(List.of(step("warm", add(1))));
        store.executeEach(List.of(step("warm", add(1))));
        server.resetStats();
    }

    @AfterEach
    void close() {
        store.close();
    }

    private long evalsha() {
        return server.commandStats().getOrDefault("evalsha", 0L);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 8, 64})
    void aDecisionIsOneScriptAndNothingElseHoweverManyThreadsContend(int threads) throws Exception {
        int each = 640 / threads;
        List<Long> admitted = Together.run(threads, thread -> IntStream.range(0, each)
                .filter(i -> store.execute(key("hot"), add(1, 500)).admitted())
                .count());
        assertThat(admitted.stream().mapToLong(n -> n).sum()).isEqualTo(500);
        assertThat(server.commandStats()).isEqualTo(Map.of("evalsha", 640L, "get", 640L, "time", 640L, "set", 500L));
        assertThat(store.stats().trips()).isEqualTo(640 + 3);
    }

    @Test
    void aScriptThatTheServerForgotIsSentOncePerCallThatMetThat() throws Exception {
        long before = store.stats().scriptsLoaded();
        server.command("SCRIPT", "FLUSH");
        Together.run(16, thread -> store.execute(key("flushed"), add(1)));
        Map<String, Long> stats = server.commandStats();
        assertThat(stats.get("eval")).isBetween(1L, 16L);
        assertThat(stats.get("evalsha")).isEqualTo(16);
        server.resetStats();
        Together.run(16, thread -> store.execute(key("flushed"), add(1)));
        assertThat(server.commandStats()).containsEntry("evalsha", 16L).doesNotContainKey("eval");
        assertThat(Steps.sum(store, key("flushed"))).isEqualTo(32);
        assertThat(store.stats().scriptsLoaded()).isEqualTo(before + stats.get("eval"));
    }

    @Test
    void aJointDecisionIsOneScript() {
        List<KeyedOperation<?>> steps = IntStream.range(0, 32)
                .<KeyedOperation<?>>mapToObj(i -> step("joint-" + i, add(1, 1)))
                .toList();
        assertThat(store.executeAll(steps).admitted()).isTrue();
        assertThat(store.executeAll(steps).admitted()).isFalse();
        assertThat(evalsha()).isEqualTo(2);
    }

    @Test
    void manyIndependentStepsAreAScriptForEachHundredAndErrorsStandInTheirPlace() {
        List<KeyedOperation<?>> steps = new ArrayList<>();
        IntStream.range(0, 10_000).forEach(i -> steps.add(step("each-" + i, add(i))));
        for (int i : List.of(7, 5_000, 9_999)) {
            store.execute(steps.get(i).key(), new Probe.Plant(Cells.of(1, 2), Steps.DAY, true));
        }
        server.resetStats();
        List<StepResult<?>> results = store.executeEach(steps);
        assertThat(evalsha()).isEqualTo(100);
        assertThat(results).hasSize(10_000);
        for (int i = 0; i < 10_000; i++) {
            if (i == 7 || i == 5_000 || i == 9_999) {
                assertThatThrownBy(results.get(i)::get).isInstanceOf(UnreadableStateException.class);
            } else {
                assertThat(((Probe.Sum) results.get(i).get()).total()).isEqualTo(i);
            }
        }
    }

    @Test
    void stepsOfOneKeyStayInTheirOrderHoweverManyTheyAre() {
        List<KeyedOperation<?>> steps = new ArrayList<>();
        for (int i = 0; i < 350; i++) {
            steps.add(step("other-" + i % 3, add(1)));
            steps.add(step("long", add(1)));
        }
        server.command("SCRIPT", "FLUSH");
        List<StepResult<?>> results = store.executeEach(steps);
        for (int i = 0; i < 350; i++) {
            assertThat(((Probe.Sum) results.get(2 * i + 1).get()).total()).isEqualTo(i + 1);
            assertThat(((Probe.Sum) results.get(2 * i).get()).total()).isEqualTo(i / 3 + 1);
        }
    }

    @Test
    void callersOfOneKeyShareScriptsIfTheyMay() throws Exception {
        try (AtomicStore coalescing = TestStores.on(server).coalesce(true).build()) {
            coalescing.execute(key("shared"), add(1));
            server.resetStats();
            List<Long> admitted = Together.run(64, thread -> IntStream.range(0, 50)
                    .filter(i ->
                            coalescing.execute(key("shared"), add(1, 2_001)).admitted())
                    .count());
            assertThat(admitted.stream().mapToLong(n -> n).sum()).isEqualTo(2_000);
            assertThat(evalsha()).isBetween(50L, 64 * 50L / 4);
            assertThat(Steps.sum(coalescing, key("shared"))).isEqualTo(2_001);
        }
    }

    @Test
    void aCallerAloneIsOneScriptWhetherOrNotItMayShare() throws Exception {
        try (AtomicStore coalescing = TestStores.on(server).coalesce(true).build()) {
            coalescing.execute(key("alone"), add(1));
            server.resetStats();
            for (int i = 0; i < 100; i++) {
                coalescing.execute(key("alone"), add(1));
                await(coalescing.executeAsync(key("alone"), add(1)));
            }
            assertThat(evalsha()).isEqualTo(200);
        }
    }

    @Test
    void waitingCallsThatFailFailForThemselves() throws Exception {
        try (AtomicStore coalescing = TestStores.on(server).coalesce(true).build()) {
            StoreKey foreign = key("foreign");
            coalescing.execute(foreign, new Probe.Plant(Cells.of(1, 2), Steps.DAY, true));
            List<Throwable> errors = Together.run(16, thread -> {
                try {
                    coalescing.execute(foreign, add(1));
                    return new AssertionError("was applied");
                } catch (UnreadableStateException error) {
                    return error;
                }
            });
            assertThat(errors)
                    .hasOnlyElementsOfType(UnreadableStateException.class)
                    .doesNotHaveDuplicates();
        }
    }

    @Test
    void aSumCostsFewBytes() {
        store.execute(key("12345678901"), add(1_000_000_000_000_000L));
        Object bytes = server.command("MEMORY", "USAGE", key("12345678901").text());
        assertThat((Long) bytes).isLessThanOrEqualTo(128);
    }
}
