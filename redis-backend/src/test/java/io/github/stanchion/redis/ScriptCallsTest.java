package io.github.stanchion.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.stanchion.store.Cells;
import io.github.stanchion.store.Counter;
import io.github.stanchion.store.Effect;
import io.github.stanchion.store.Exact;
import io.github.stanchion.store.Item;
import io.github.stanchion.store.KeySpace;
import io.github.stanchion.store.KeyedOperation;
import io.github.stanchion.store.Operation;
import io.github.stanchion.store.StepResult;
import io.github.stanchion.store.StoreKey;
import io.github.stanchion.store.Transition;
import io.github.stanchion.store.UnreadableStateException;
import io.github.stanchion.store.Value;
import io.github.stanchion.store.ValueText;
import io.github.stanchion.testkit.Probe;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ScriptCallsTest {

    private static final long DAY = TimeUnit.DAYS.toMicros(1);
    private static final String PREFIX = RedisUnderTest.prefix();
    private static final KeySpace SPACE =
            KeySpace.of(PREFIX, Probe.KIND, "calls").slotByName();
    private static final StoreKey ONE = SPACE.key("1");
    private static final StoreKey TWO = SPACE.key("2");
    private static final StoreKey THREE = SPACE.key("3");

    private static ScriptRunner redis;

    private long time;
    private final ScriptCalls calls = new ScriptCalls(PREFIX, () -> time);

    @BeforeAll
    static void start() {
        redis = ScriptRunner.on(RedisUnderTest.uri());
    }

    @AfterAll
    static void stop() {
        clear();
        redis.close();
    }

    @BeforeEach
    void empty() {
        clear();
    }

    private static void clear() {
        for (StoreKey key : List.of(ONE, TWO, THREE)) {
            redis.commands().del(name(key));
        }
    }

    private <R> R run(StoreKey key, Operation<R> operation) {
        return redis.run(calls.single(key, operation));
    }

    private static KeyedOperation<?> add(StoreKey key, long delta, long most, boolean advisory) {
        return new KeyedOperation<>(key, new Probe.Add(delta, most, DAY), advisory);
    }

    private static KeyedOperation<?> add(StoreKey key, long delta, long most) {
        return add(key, delta, most, false);
    }

    private static byte[] name(StoreKey key) {
        return key.text().getBytes(StandardCharsets.US_ASCII);
    }

    private byte[] bytes(StoreKey key) {
        return redis.commands().get(name(key));
    }

    private @Nullable String text(StoreKey key) {
        byte[] bytes = bytes(key);
        return bytes == null ? null : new String(bytes, StandardCharsets.US_ASCII);
    }

    private long timeToLive(StoreKey key) {
        return redis.commands().pttl(name(key));
    }

    private void set(StoreKey key, String text) {
        redis.commands().set(name(key), text.getBytes(StandardCharsets.ISO_8859_1));
    }

    @Test
    void valuesOfAllKindsAreWrittenAndReadAsTheyAre() {
        byte[] payload = {0, '\n', ' ', '\r', (byte) 200};
        for (Value value : new Value[] {
            Cells.of(0, -1, 9_007_199_254_740_991L, -9_007_199_254_740_991L),
            new Counter(Long.MIN_VALUE, 5),
            new Counter(-1, 0),
            new Item(7, 8, 9, -3, 11, 12, payload),
            new Item(7, 8, 9, 10, 0, 0, new byte[0]),
            new Item(7, 0, 9, 10, 11, 12, null)
        }) {
            run(ONE, new Probe.Plant(value, DAY, true));
            assertThat(ValueText.encode(value)).isEqualTo(bytes(ONE));
            assertThat(run(ONE, new Probe.Read()).value()).isEqualTo(value);
        }
        run(ONE, new Probe.Plant(null, DAY, true));
        assertThat(run(ONE, new Probe.Read()).value()).isNull();
        assertThat(text(ONE)).isNull();
    }

    @Test
    void theServersTimeCountsUnlessAnotherIsGiven() {
        long before = System.currentTimeMillis() * 1_000 - TimeUnit.MINUTES.toMicros(1);
        assertThat(run(ONE, new Probe.Add(1, 5, DAY)).nowMicros())
                .isBetween(before, before + 2 * TimeUnit.MINUTES.toMicros(1));
        time = 1_000_007;
        assertThat(run(ONE, new Probe.Add(1, 5, DAY))).isEqualTo(new Probe.Sum(true, 2, 1_000_007));
    }

    @Test
    void whatMayBeCollectedIsKeptAMillisecondTooLongAtMostAndADayUnderAnotherClock() {
        run(ONE, new Probe.Add(1, 5, 60_000_000));
        assertThat(timeToLive(ONE)).isBetween(59_000L, 60_001L);
        run(ONE, new Probe.Add(1, 5, Effect.Put.NEVER));
        assertThat(timeToLive(ONE)).isEqualTo(-1);
        time = 1;
        run(ONE, new Probe.Add(1, 5, 60_000_000));
        assertThat(timeToLive(ONE)).isBetween(86_459_000L, 86_460_001L);
    }

    @Test
    void aRefusalKeepsTheValueAndItsTime() {
        run(ONE, new Probe.Add(5, 5, DAY));
        assertThat(run(ONE, new Probe.Add(1, 5, 1)).admitted()).isFalse();
        assertThat(text(ONE)).isEqualTo("5");
        assertThat(timeToLive(ONE)).isGreaterThan(1_000);
    }

    @Test
    void aRefusalMayWriteBookkeepingAloneButNotJointly() {
        time = 1;
        Probe.Plant bookkeeping = new Probe.Plant(Cells.of(7), DAY, false);
        JointReply joint = redis.run(calls.joint(List.of(new KeyedOperation<>(ONE, bookkeeping), add(TWO, 1, 5))));
        assertThat(joint).isEqualTo(reply(false, false, false, true, sum(true, 1)));
        assertThat(text(ONE)).isNull();
        assertThat(text(TWO)).isNull();
        assertThat(run(ONE, bookkeeping)).isFalse();
        assertThat(text(ONE)).isEqualTo("7");
    }

    private static JointReply reply(boolean admitted, boolean first, Object one, boolean second, Object two) {
        return new JointReply(admitted, List.of(new JointReply.Step<>(first, one), new JointReply.Step<>(second, two)));
    }

    private Probe.Sum sum(boolean admitted, long total) {
        return new Probe.Sum(admitted, total, time);
    }

    @Test
    void jointStepsAreAllAppliedOrNone() {
        time = 1;
        List<KeyedOperation<?>> steps = List.of(add(ONE, 2, 5), add(TWO, 3, 7));
        assertThat(redis.run(calls.joint(steps))).isEqualTo(reply(true, true, sum(true, 2), true, sum(true, 3)));
        assertThat(redis.run(calls.joint(steps))).isEqualTo(reply(true, true, sum(true, 4), true, sum(true, 6)));
        assertThat(redis.run(calls.joint(steps))).isEqualTo(reply(false, false, sum(false, 4), false, sum(false, 6)));
        steps = List.of(add(ONE, 1, 5), add(TWO, 3, 7));
        assertThat(redis.run(calls.joint(steps))).isEqualTo(reply(false, true, sum(true, 5), false, sum(false, 6)));
        assertThat(text(ONE)).isEqualTo("4");
        assertThat(text(TWO)).isEqualTo("6");
    }

    @Test
    void anAdvisoryStepRefusesNobodyAndIsChargedOnlyWithTheOthers() {
        time = 1;
        List<KeyedOperation<?>> steps = List.of(add(ONE, 2, 1, true), add(TWO, 1, 1));
        assertThat(redis.run(calls.joint(steps))).isEqualTo(reply(true, false, sum(false, 0), true, sum(true, 1)));
        steps = List.of(add(ONE, 1, 1, true), add(TWO, 1, 1));
        assertThat(redis.run(calls.joint(steps))).isEqualTo(reply(false, true, sum(true, 1), false, sum(false, 1)));
        assertThat(text(ONE)).isNull();
        steps = List.of(add(ONE, 1, 1, true), add(TWO, 1, 2));
        assertThat(redis.run(calls.joint(steps))).isEqualTo(reply(true, true, sum(true, 1), true, sum(true, 2)));
        assertThat(text(ONE)).isEqualTo("1");
    }

    @Test
    void anUnreadableKeyFailsTheWholeDecisionAndNamesItself() {
        set(TWO, "x");
        assertThatThrownBy(() -> redis.run(calls.joint(List.of(add(ONE, 2, 5), add(TWO, 3, 7, true)))))
                .isInstanceOf(UnreadableStateException.class)
                .hasMessageContaining("[probe 'calls']");
        assertThat(text(ONE)).isNull();
        assertThat(text(TWO)).isEqualTo("x");
    }

    @Test
    void stepsOfOneKeyFollowOneAnotherAndErrorsStandInTheirPlace() {
        time = 1;
        set(TWO, "01");
        redis.commands().lpush(name(THREE), new byte[] {'1'});
        List<StepResult<?>> results = redis.run(calls.each(List.of(
                add(ONE, 1, 5),
                add(TWO, 1, 5),
                add(ONE, 7, 5),
                new KeyedOperation<>(THREE, new Probe.Read()),
                new KeyedOperation<>(ONE, new Probe.Plant(null, DAY, true)),
                add(ONE, 3, 5))));
        assertThat(results).hasSize(6);
        assertThat(results.get(0).get()).isEqualTo(sum(true, 1));
        assertThatThrownBy(results.get(1)::get).isInstanceOf(UnreadableStateException.class);
        assertThat(results.get(2).get()).isEqualTo(sum(false, 1));
        assertThatThrownBy(results.get(3)::get).isInstanceOf(UnreadableStateException.class);
        assertThat(results.get(4).get()).isEqualTo(true);
        assertThat(results.get(5).get()).isEqualTo(sum(true, 3));
        assertThat(text(ONE)).isEqualTo("3");
        assertThat(timeToLive(ONE)).isPositive();
        assertThat(text(TWO)).isEqualTo("01");
    }

    @Test
    void aKeyIsReadOnceAndWrittenOnceHoweverManyItsSteps() {
        try (OwnRedis own = OwnRedis.start();
                ScriptRunner runner = ScriptRunner.on(own.uri())) {
            ScriptCall<?> call = calls.each(List.of(add(ONE, 1, 5), add(ONE, 1, 5), add(ONE, 1, 5), add(TWO, 1, 5)));
            runner.run(call);
            own.resetStats();
            runner.run(call);
            assertThat(own.commandStats())
                    .containsExactlyInAnyOrderEntriesOf(Map.of("evalsha", 1L, "get", 2L, "set", 2L, "time", 1L));
        }
    }

    @Test
    void setsOfOperationsShareScriptsWhateverTheirOrderAndNumber() {
        KeyedOperation<?> read = new KeyedOperation<>(TWO, new Probe.Read());
        assertThat(calls.joint(List.of(read, add(ONE, 1, 5))).script())
                .isSameAs(calls.joint(List.of(add(ONE, 3, 5), read)).script())
                .isSameAs(calls.joint(List.of(add(ONE, 3, 5), read, add(THREE, 3, 5)))
                        .script())
                .isNotSameAs(calls.joint(List.of(read)).script());
        assertThat(calls.single(ONE, new Probe.Add(1, 2, 3)).script())
                .isSameAs(calls.single(TWO, new Probe.Add(4, 5, 6)).script());
    }

    @Test
    void signalsCarryTheirNumbersWithOneSpaceBetween() {
        String twin = "local function apply() return struct.pack('>d', 1), true, nil, nil,"
                + " {{'a', 'b', 1, -2, 9007199254740991}, {'a', 'c'}} end\n";
        ScriptText text =
                new ScriptText(PREFIX, file -> file.equals("probe_tell.lua") ? twin : ScriptText.resource(file));
        try (OwnRedis own = OwnRedis.start();
                ScriptRunner runner = ScriptRunner.on(own.uri());
                RespConnection monitor = RespConnection.to(own.port())) {
            monitor.command("PSUBSCRIBE", "*");
            runner.run(new ScriptCalls(text, () -> time).single(ONE, new Probe.Tell(1, 1)));
            assertThat(monitor.next()).isEqualTo(List.of("pmessage", "*", PREFIX + ":1:a:b", "1 -2 9007199254740991"));
            assertThat(monitor.next()).isEqualTo(List.of("pmessage", "*", PREFIX + ":1:a:c", ""));
        }
    }

    @Test
    void whoMayNotPublishStillDecides() {
        try (OwnRedis own = OwnRedis.start()) {
            own.command("ACL", "SETUSER", "mute", "on", ">secret", "~*", "&*", "+@all", "-publish");
            try (ScriptRunner mute = ScriptRunner.on("redis://mute:secret@127.0.0.1:" + own.port())) {
                assertThat(mute.run(calls.single(ONE, new Probe.Tell(7, DAY)))).isEqualTo(7);
            }
            assertThat(own.command("GET", ONE.text())).isEqualTo("7");
        }
    }

    /** The twins divide as if doubles did not round. */
    @Test
    void quotientsOfExactNumbersAreRoundedToNoIntegerButTheirOwn() {
        LuaScript script = new LuaScript(
                """
                local out = {}
                for i = 1, #ARGV[1], 16 do
                  local a, b = struct.unpack('>dd', ARGV[1], i)
                  out[#out + 1] = struct.pack('>dd', math.floor(a / b), math.ceil(a / b))
                end
                return table.concat(out)
                """);
        Random random = new Random();
        long[] pairs = new long[200_000];
        for (int i = 0; i < pairs.length; i += 2) {
            long b = Math.max(1, random.nextLong() >>> 11 + random.nextInt(53));
            long k = random.nextBoolean() ? Exact.MAX / b - random.nextInt(3) : 1L << random.nextInt(53);
            long a = Math.max(
                    -Exact.MAX, Math.min(Exact.MAX, k > Exact.MAX / b ? Exact.MAX : k * b + random.nextInt(3) - 1));
            pairs[i] = random.nextBoolean() ? a : -a;
            pairs[i + 1] = b;
        }
        long[] quotients = Packed.numbers((byte[]) redis.eval(script, List.of(), List.of(Packed.of(pairs))));
        for (int i = 0; i < pairs.length; i += 2) {
            assertThat(quotients[i]).isEqualTo(Math.floorDiv(pairs[i], pairs[i + 1]));
            assertThat(quotients[i + 1]).isEqualTo(-Math.floorDiv(-pairs[i], pairs[i + 1]));
        }
    }

    @Test
    void anOperationWithoutATwinIsRefusedByNameWithTheResourceThatIsMissing() {
        record Twinless() implements Operation<Boolean> {
            @Override
            public String name() {
                return "no-such.twin";
            }

            @Override
            public long[] arguments() {
                return new long[0];
            }

            @Override
            public Transition<Boolean> apply(@Nullable Value current, long nowMicros) {
                return new Transition<>(Effect.keep(), true, true);
            }

            @Override
            public Boolean decode(long[] reply) {
                return true;
            }
        }
        assertThatThrownBy(() -> calls.single(ONE, new Twinless()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'no-such.twin'")
                .hasMessageContaining("/io/github/stanchion/redis/no_such_twin.lua");
    }
}
