package io.github.stanchion.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.stanchion.limit.Bandwidth;
import io.github.stanchion.limit.BucketShape;
import io.github.stanchion.limit.RateBucket;
import io.github.stanchion.limit.RateReset;
import io.github.stanchion.store.Cells;
import io.github.stanchion.store.Effect;
import io.github.stanchion.store.KeySpace;
import io.github.stanchion.store.KeyedOperation;
import io.github.stanchion.store.Operation;
import io.github.stanchion.store.StoreException;
import io.github.stanchion.store.StoreKey;
import io.github.stanchion.store.primitive.CounterIncrement;
import io.github.stanchion.store.primitive.Mark;
import io.github.stanchion.store.primitive.Payload;
import io.github.stanchion.store.primitive.Ttl;
import io.github.stanchion.store.primitive.ValuePut;
import io.github.stanchion.testkit.Probe;
import io.lettuce.core.RedisClient;
import io.lettuce.core.pubsub.RedisPubSubAdapter;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * The frames around the twins: random single, joint and separate steps on a few keys come to what the operations themselves
 * come to on a {@link FrameModel}, in replies, values, times to live and signals.
 */
class FramesTest {

    private static final int CALLS = 30;
    private static final String PREFIX = RedisUnderTest.prefix();
    private static final KeySpace SPACE =
            KeySpace.of(PREFIX, Probe.KIND, "frames").slotByName();
    private static final List<StoreKey> KEYS =
            Stream.of("1", "2", "3").map(SPACE::key).toList();
    private static final BucketShape SHAPE = BucketShape.of(new Bandwidth(5, 5, 60_000_000));

    private static final BlockingQueue<String> HEARD = new LinkedBlockingQueue<>();
    private static ScriptRunner redis;
    private static RedisClient listener;

    @BeforeAll
    static void connect() {
        redis = ScriptRunner.on(RedisUnderTest.uri());
        listener = RedisClient.create(RedisUnderTest.uri());
        StatefulRedisPubSubConnection<String, String> subscription = listener.connectPubSub();
        subscription.addListener(new RedisPubSubAdapter<>() {
            @Override
            public void message(String pattern, String channel, String message) {
                HEARD.add(channel + " " + message);
            }
        });
        subscription.sync().psubscribe(PREFIX + ":*");
    }

    @AfterAll
    static void disconnect() {
        KEYS.forEach(FramesTest::delete);
        listener.shutdown(0, 1, TimeUnit.SECONDS);
        redis.close();
    }

    @Test
    void callsComeToWhatTheirOperationsSay() throws InterruptedException {
        Random seeds = new Random();
        for (int i = 0; i < 100; i++) {
            walk(new ScriptText(PREFIX), seeds.nextLong());
        }
    }

    @Test
    void theWalkFindsEveryMutantOut() throws InterruptedException {
        List<LuaMutant> survivors = new ArrayList<>();
        for (LuaMutant mutant : LuaMutants.ON_FRAMES) {
            if (survives(mutant)) {
                survivors.add(mutant);
            }
        }
        assertThat(survivors).isEmpty();
    }

    private static boolean survives(LuaMutant mutant) throws InterruptedException {
        ScriptText text = new ScriptText(PREFIX, mutant::part);
        redis.load(new LuaScript(text.single("probe.add", 3)));
        redis.load(new LuaScript(text.several("run_all.lua", List.of("probe.add"))));
        redis.load(new LuaScript(text.several("run_each.lua", List.of("probe.add"))));
        for (long seed = 0; seed < 100; seed++) {
            try {
                walk(text, seed);
            } catch (AssertionError foundOut) {
                return false;
            }
        }
        return true;
    }

    private static void walk(ScriptText text, long seed) throws InterruptedException {
        try {
            new Walk(text, new Random(seed)).run();
        } catch (RuntimeException | AssertionError failed) {
            throw new AssertionError("Walk of seed " + seed + " failed: " + failed.getMessage(), failed);
        }
    }

    private static byte[] name(StoreKey key) {
        return key.text().getBytes(StandardCharsets.US_ASCII);
    }

    private static void delete(StoreKey key) {
        redis.commands().del(name(key));
    }

    private static final class Walk {

        private final Random random;
        private final ScriptCalls calls;
        private final FrameModel model = new FrameModel(PREFIX);
        private long now = 1_800_000_000_000_000L;
        private long sequence;

        Walk(ScriptText text, Random random) {
            this.random = random;
            this.calls = new ScriptCalls(text, () -> now);
        }

        void run() throws InterruptedException {
            KEYS.forEach(FramesTest::delete);
            HEARD.clear();
            for (int i = 0; i < CALLS; i++) {
                now += random.nextInt(20_000_000);
                disturb();
                call();
                KEYS.forEach(this::compare);
            }
            compareSignals();
            now = 0;
            KEYS.forEach(this::underTheServersOwnTime);
        }

        /** Now and then something lies under a key that is not ours. */
        private void disturb() {
            StoreKey key = KEYS.get(random.nextInt(KEYS.size()));
            switch (random.nextInt(12)) {
                case 0 -> {
                    delete(key);
                    model.put(key, null);
                }
                case 1 -> {
                    redis.commands().set(name(key), new byte[] {'x'});
                    model.put(key, "x");
                }
                case 2 -> {
                    delete(key);
                    redis.commands().rpush(name(key), new byte[] {'x'});
                    model.put(key, FrameModel.FOREIGN);
                }
                default -> {}
            }
        }

        private void call() {
            switch (random.nextInt(3)) {
                case 0 -> {
                    KeyedOperation<?> step = step(KEYS.get(random.nextInt(KEYS.size())));
                    Object actual = outcome(() -> redis.run(calls.single(step.key(), step.operation())));
                    assertThat(actual).as("%s", step).isEqualTo(outcome(() -> model.single(step, now)));
                }
                case 1 -> {
                    List<StoreKey> keys = new ArrayList<>(KEYS);
                    Collections.shuffle(keys, random);
                    List<KeyedOperation<?>> steps = keys.subList(0, 1 + random.nextInt(keys.size())).stream()
                            .<KeyedOperation<?>>map(this::step)
                            .toList();
                    Object actual = outcome(() -> redis.run(calls.joint(steps)));
                    assertThat(actual).as("%s", steps).isEqualTo(outcome(() -> model.joint(steps, now)));
                }
                default -> {
                    List<KeyedOperation<?>> steps = IntStream.range(0, 1 + random.nextInt(8))
                            .<KeyedOperation<?>>mapToObj(i -> step(KEYS.get(random.nextInt(KEYS.size()))))
                            .toList();
                    List<?> actual = redis.run(calls.each(steps)).stream()
                            .map(result -> outcome(result::get))
                            .toList();
                    assertThat(actual)
                            .as("%s", steps)
                            .isEqualTo(model.each(steps, now).stream()
                                    .map(result -> outcome(result::get))
                                    .toList());
                }
            }
        }

        private KeyedOperation<?> step(StoreKey key) {
            return new KeyedOperation<>(key, operation(), random.nextInt(3) == 0);
        }

        private Operation<?> operation() {
            long span = random.nextInt(4) == 0 ? Effect.Put.NEVER : 1 + random.nextInt(100_000_000);
            return switch (random.nextInt(10)) {
                case 0 -> new Probe.Read();
                case 1 -> new Probe.Plant(Cells.of(random.nextInt(9)), span, random.nextBoolean());
                case 2 -> new Probe.Plant(null, Effect.Put.NEVER, random.nextBoolean());
                case 3 -> new Probe.Tell(random.nextLong() >> 11, span);
                case 4 -> new RateReset(random.nextInt(1_000));
                case 5 -> new RateBucket(1 + random.nextInt(3), 3, 0, 0, SHAPE);
                case 6 ->
                    new CounterIncrement(
                            Long.MAX_VALUE / 2,
                            Long.MIN_VALUE,
                            Long.MAX_VALUE,
                            false,
                            Ttl.ensure(Duration.ofMinutes(1)));
                case 7 ->
                    new ValuePut(0, Ttl.none(), new Mark(1, ++sequence, 1_000_000), true, Payload.of(new byte[] {
                        (byte) random.nextInt(256), '\n'
                    }));
                default -> new Probe.Add(random.nextInt(5), random.nextInt(20), span);
            };
        }

        private void compare(StoreKey key) {
            FrameModel.Held held = model.at(key);
            if (held == null) {
                assertThat(redis.commands().exists(name(key))).as("%s", key).isZero();
            } else if (held.text().equals(FrameModel.FOREIGN)) {
                assertThat(redis.commands().type(name(key))).isEqualTo("list");
            } else {
                assertThat(FrameModel.text(redis.commands().get(name(key)))).isEqualTo(held.text());
                requireTimeToLive(key, held.collectAfterMicros(), TimeUnit.DAYS.toMillis(1));
            }
        }

        private void requireTimeToLive(StoreKey key, long collectAfterMicros, long spareMillis) {
            long left = redis.commands().pttl(name(key));
            if (collectAfterMicros == Effect.Put.NEVER) {
                assertThat(left).isEqualTo(-1);
            } else {
                long most = collectAfterMicros / 1_000 + 1 + spareMillis;
                assertThat(left).isBetween(most - 60_000, most);
            }
        }

        private void compareSignals() throws InterruptedException {
            String end = PREFIX + ":end ";
            redis.commands().publish((PREFIX + ":end").getBytes(StandardCharsets.US_ASCII), new byte[0]);
            List<String> heard = new ArrayList<>();
            for (String next = heard(); !next.equals(end); next = heard()) {
                heard.add(next);
            }
            assertThat(heard).isEqualTo(model.signals());
        }

        private static String heard() throws InterruptedException {
            String next = HEARD.poll(10, TimeUnit.SECONDS);
            assertThat(next).as("signal").isNotNull();
            return next;
        }

        /** Any of the three frames; a value that need not be kept even a millisecond. */
        private void underTheServersOwnTime(StoreKey key) {
            delete(key);
            KeyedOperation<?> step = new KeyedOperation<>(key, new Probe.Add(1, 9, 500));
            long before = serverTime();
            Object sum =
                    switch (random.nextInt(3)) {
                        case 0 -> redis.run(calls.single(key, step.operation()));
                        case 1 ->
                            redis.run(calls.joint(List.of(step))).steps().get(0).result();
                        default -> redis.run(calls.each(List.of(step))).get(0).get();
                    };
            assertThat(((Probe.Sum) sum).nowMicros()).isBetween(before, serverTime());
        }

        private static long serverTime() {
            List<byte[]> time = redis.commands().time();
            return Long.parseLong(new String(time.get(0), StandardCharsets.US_ASCII)) * 1_000_000
                    + Long.parseLong(new String(time.get(1), StandardCharsets.US_ASCII));
        }

        private static Object outcome(Supplier<?> call) {
            try {
                return call.get();
            } catch (StoreException error) {
                return error.getClass();
            }
        }
    }
}
