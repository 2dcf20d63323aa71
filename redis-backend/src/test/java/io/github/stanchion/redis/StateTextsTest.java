package io.github.stanchion.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.stanchion.limit.Bandwidth;
import io.github.stanchion.limit.BucketShape;
import io.github.stanchion.limit.RateBucket;
import io.github.stanchion.limit.RateBucketSettle;
import io.github.stanchion.limit.RateInterval;
import io.github.stanchion.limit.RateIntervalSettle;
import io.github.stanchion.limit.RateLog;
import io.github.stanchion.limit.RateLogSettle;
import io.github.stanchion.limit.RateReset;
import io.github.stanchion.limit.RateWindow;
import io.github.stanchion.limit.RateWindowSettle;
import io.github.stanchion.lock.LockAcquire;
import io.github.stanchion.lock.LockBreak;
import io.github.stanchion.lock.LockInspect;
import io.github.stanchion.lock.LockMode;
import io.github.stanchion.lock.LockOwner;
import io.github.stanchion.lock.LockPlace;
import io.github.stanchion.lock.LockQueue;
import io.github.stanchion.lock.LockRelease;
import io.github.stanchion.lock.LockRenew;
import io.github.stanchion.store.Effect;
import io.github.stanchion.store.KeySpace;
import io.github.stanchion.store.Operation;
import io.github.stanchion.store.StoreException;
import io.github.stanchion.store.StoreKey;
import io.github.stanchion.store.Transition;
import io.github.stanchion.store.UnreadableStateException;
import io.github.stanchion.store.ValueText;
import io.github.stanchion.store.primitive.CounterDelete;
import io.github.stanchion.store.primitive.CounterGet;
import io.github.stanchion.store.primitive.CounterIncrement;
import io.github.stanchion.store.primitive.CounterSet;
import io.github.stanchion.store.primitive.CounterUndo;
import io.github.stanchion.store.primitive.Mark;
import io.github.stanchion.store.primitive.Payload;
import io.github.stanchion.store.primitive.Ttl;
import io.github.stanchion.store.primitive.ValueCompareAndDelete;
import io.github.stanchion.store.primitive.ValueCompareAndSet;
import io.github.stanchion.store.primitive.ValueDelete;
import io.github.stanchion.store.primitive.ValueDeleteIfEqual;
import io.github.stanchion.store.primitive.ValuePut;
import io.github.stanchion.store.primitive.ValueRead;
import io.github.stanchion.store.primitive.ValueRenew;
import io.github.stanchion.store.primitive.ValueSetIfAbsent;
import io.github.stanchion.testkit.Probe;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What may lie under a key, and every operation on it: twins read exactly what {@link ValueText} reads, and touch nothing else. */
class StateTextsTest {

    private static final long NOW = RateBucket.EPOCH_MICROS + 50_000_000_000_001L;
    private static final String PREFIX = RedisUnderTest.prefix();
    private static final StoreKey KEY = KeySpace.of(PREFIX, Probe.KIND, "texts").key("1");

    private static final LockOwner OWNER = new LockOwner(7, 8);

    private static final List<String> TEXTS = texts();
    private static final List<Operation<?>> OPERATIONS = operations();

    private static ScriptRunner redis;

    @BeforeAll
    static void connect() {
        redis = ScriptRunner.on(RedisUnderTest.uri());
    }

    @AfterAll
    static void disconnect() {
        redis.commands().del(name());
        redis.close();
    }

    private static List<String> texts() {
        List<String> texts = new ArrayList<>();
        for (String line : lines()) {
            if (!line.startsWith("// ")) {
                texts.add(line.translateEscapes());
            }
        }
        texts.add("1".repeat(400));
        texts.add("=1 3 0 1 0 0 0 0\n" + "v".repeat(4_096));
        texts.add("=1 3 0 1 0 0 0 0\n" + "v".repeat(4_097));
        for (int cells : new int[] {16, 17, 18, 24, 27, 200, 201, 2_048, 2_049}) {
            texts.add("1" + " 2".repeat(cells - 1));
            texts.add("50000000000000" + " 0".repeat(cells - 1));
            texts.add("50000000000000" + " 1 2 50000000000000".repeat(cells / 3));
        }
        for (int waiters : new int[] {63, 64, 65}) {
            String line = " 9 1 5 1785689600000001".repeat(waiters);
            texts.add("1 0 5 0" + line);
            texts.add("1 1 5 1 6 8 1785689600000000 1785689600000002 3" + line);
        }
        for (int readers : new int[] {256, 257}) {
            texts.add("1 2 5 " + readers + " 6 8 1785689600000000 1785689600000002 3".repeat(readers));
        }
        texts.add("1" + " 2 3 1".repeat(7) + " 2 3");
        texts.add("1" + " 2 3 1".repeat(8) + " 2 3");
        texts.add("=1 3 0 1 0 0 0 0\n" + "v".repeat(1 << 20));
        texts.add("=1 3 0 1 0 0 0 0\n" + "v".repeat((1 << 20) + 1));
        return texts;
    }

    private static List<String> lines() {
        try (InputStream in = StateTextsTest.class.getResourceAsStream("state-texts.txt")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private static List<Operation<?>> operations() {
        BucketShape one = BucketShape.of(new Bandwidth(10, 10, 1_000_000));
        BucketShape thirds = BucketShape.of(new Bandwidth(10, 3, 100_000));
        BucketShape three = BucketShape.of(
                new Bandwidth(10, 3, 100_000), new Bandwidth(20, 3, 1_000_000), new Bandwidth(90, 3, 10_000_000));
        Ttl hour = Ttl.of(Duration.ofHours(1));
        Mark mark = new Mark(7, 8, 600_000_000);
        Payload abc = Payload.of("abc");
        return List.of(
                new RateBucket(1, 1, 0, 0, one),
                new RateBucket(1, 1, 0, 0, thirds),
                new RateBucket(1, 2, 5, 5, three),
                new RateBucketSettle(3, 0, 5, three),
                new RateReset(77),
                new RateInterval(true, 1, 0, one),
                new RateInterval(false, 1, 0, three),
                new RateIntervalSettle(false, 3, 5, one, List.of(5L)),
                new RateWindow(10, 3_600, 1),
                new RateWindow(10, 1, 1),
                new RateWindowSettle(10, 3_600, 1, 5, 13_888_888L),
                new RateLog(100, 1_000_000, 1),
                new RateLogSettle(100, 1_000_000, 3, 5, 1),
                acquire(0, true),
                acquire(1, false),
                new LockRenew(OWNER, LockMode.EXCLUSIVE, LockQueue.BARGING, 600_000_000, 33_000_000),
                release(0, LockPlace.LEAVE, false),
                release(60_000_000, LockPlace.JOIN, true),
                new LockBreak(7, 0, 600_000_000, 77),
                new LockInspect(OWNER),
                new LockInspect(LockOwner.NOBODY),
                new CounterIncrement(1, Long.MIN_VALUE, Long.MAX_VALUE, false, hour),
                new CounterUndo(1, 0),
                new CounterSet(5, hour),
                new CounterGet(),
                new CounterDelete(),
                new ValueRead(true),
                new ValuePut(4, hour, mark, true, abc),
                new ValueSetIfAbsent(hour, mark, true, abc),
                new ValueCompareAndSet(1, Ttl.keep(), mark, true, abc),
                new ValueCompareAndDelete(1, mark),
                new ValueRenew(Ttl.renew(Duration.ofHours(1)), 600_000_000),
                new ValueDelete(mark, true),
                new ValueDeleteIfEqual(mark, abc),
                new Probe.Plant(null, Effect.Put.NEVER, true),
                new Probe.Read(),
                new Probe.Add(1, 100, 1_000),
                new Probe.Tell(7, 1_000));
    }

    private static LockAcquire acquire(long since, boolean more) {
        return new LockAcquire(
                OWNER, LockMode.EXCLUSIVE, LockQueue.BARGING, 600_000_000, 33_000_000, since, true, more, 77);
    }

    private static LockRelease release(long atLeast, LockPlace place, boolean all) {
        return new LockRelease(OWNER, LockMode.EXCLUSIVE, LockQueue.BARGING, 600_000_000, atLeast, place, all, 77);
    }

    private static final ScriptCalls RIGHT = new ScriptCalls(PREFIX, () -> NOW);

    @Test
    void twinsReadWhatTheTextOfValuesSaysAndLeaveAllElseUntouched() {
        OPERATIONS.forEach(operation -> compare(RIGHT, operation));
    }

    @Test
    void theTableFindsEveryMutantOut() {
        assertThat(LuaMutants.ON_TEXTS.stream().filter(this::survives)).isEmpty();
    }

    private boolean survives(LuaMutant mutant) {
        ScriptCalls wrong = new ScriptCalls(new ScriptText(PREFIX, mutant::part), () -> NOW);
        List<Operation<?>> concerned = OPERATIONS.stream()
                .filter(operation -> !digest(wrong, operation).equals(digest(RIGHT, operation)))
                .toList();
        assertThat(concerned).as(mutant.toString()).isNotEmpty();
        concerned.forEach(operation -> redis.load(wrong.single(KEY, operation).script()));
        try {
            concerned.forEach(operation -> compare(wrong, operation));
            return true;
        } catch (AssertionError | RuntimeException foundOut) {
            return false;
        }
    }

    private static String digest(ScriptCalls calls, Operation<?> operation) {
        return calls.single(KEY, operation).script().digest();
    }

    private static void compare(ScriptCalls calls, Operation<?> operation) {
        ScriptCall<?> call = calls.single(KEY, operation);
        for (String text : TEXTS) {
            compare(call, operation, text.getBytes(StandardCharsets.UTF_8));
        }
    }

    private static void compare(ScriptCall<?> call, Operation<?> operation, byte[] bytes) {
        redis.commands().set(name(), bytes);
        Object expected;
        byte[] next = bytes;
        try {
            Transition<?> transition = operation.apply(ValueText.decode(bytes), NOW);
            expected = transition.result();
            next = transition.effect() instanceof Effect.Put put
                    ? ValueText.encode(put.next())
                    : transition.effect() instanceof Effect.Delete ? null : bytes;
        } catch (StoreException error) {
            expected = error.getClass();
        }
        Object actual = outcome(call);
        byte[] left = redis.commands().get(name());
        String shown = new String(bytes, 0, Math.min(100, bytes.length), StandardCharsets.ISO_8859_1);
        assertThat(actual).as("%s on '%s'", operation, shown).isEqualTo(expected);
        assertThat(left).as("%s on '%s' leaves", operation, shown).isEqualTo(next);
    }

    private static Object outcome(ScriptCall<?> call) {
        try {
            return redis.run(call);
        } catch (StoreException error) {
            return error.getClass();
        }
    }

    @Test
    void aForeignTypeIsUnreadableAndUntouched() {
        redis.commands().del(name());
        redis.commands().rpush(name(), new byte[] {'1'}, new byte[] {'2'});
        for (Operation<?> operation : OPERATIONS) {
            assertThat(outcome(RIGHT.single(KEY, operation)))
                    .as(operation.name())
                    .isEqualTo(UnreadableStateException.class);
        }
        assertThat(redis.commands().llen(name())).isEqualTo(2);
        redis.commands().del(name());
    }

    private static byte[] name() {
        return KEY.text().getBytes(StandardCharsets.US_ASCII);
    }
}
