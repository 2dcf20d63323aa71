package io.github.stanchion.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.stanchion.store.Effect;
import io.github.stanchion.store.Exact;
import io.github.stanchion.store.KeySpace;
import io.github.stanchion.store.Operation;
import io.github.stanchion.store.Signal;
import io.github.stanchion.store.StoreException;
import io.github.stanchion.store.StoreKey;
import io.github.stanchion.store.Transition;
import io.github.stanchion.store.Value;
import io.github.stanchion.store.ValueText;
import io.github.stanchion.testkit.Twin;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * Lua twins on one key, a whole walk in one call.
 *
 * <p>Answers each step as the operation itself does and writes it down; when the walk ends, the server takes all of its steps,
 * and each must have come to the same: reply, admission, effect, text, time to collection and signals.
 */
final class RecordedTwin implements Twin {

    private static final byte[] NOTHING = {};
    private static final StoreKey KEY = KeySpace.of("test", "probe", "twins").key("walk");

    /** What a step is to leave behind. */
    private record Left(
            @Nullable Object result,
            @Nullable Class<?> error,
            boolean admitted,
            @Nullable String effect,
            long ttl,
            List<String> signals) {}

    private record Step(Operation<?> operation, @Nullable Value before, long now, Left left) {}

    private final List<String> operations;
    private final BiFunction<byte[], List<byte[]>, List<?>> server;
    private final List<Step> steps = new ArrayList<>();
    private final LongStream.Builder numbers = LongStream.builder();
    private final List<byte[]> payloads = new ArrayList<>();
    private @Nullable Value value;

    /**
     * @param operations the names of those whose twins the server has, in their order there
     * @param server takes packed steps and their payloads
     */
    RecordedTwin(List<String> operations, BiFunction<byte[], List<byte[]>, List<?>> server) {
        this.operations = operations;
        this.server = server;
    }

    @Override
    public void plant(@Nullable Value planted, long nowMicros) {
        value = planted;
        numbers.add(0).add(nowMicros).add(0);
        payloads.add(planted == null ? NOTHING : ValueText.encode(planted));
    }

    @Override
    public Outcome run(Operation<?> operation, long nowMicros) {
        numbers.add(operations.indexOf(operation.name()) + 1).add(nowMicros).add(operation.arguments().length);
        LongStream.of(operation.arguments()).forEach(numbers::add);
        byte[] payload = operation.payload();
        payloads.add(payload == null ? NOTHING : payload);
        try {
            Transition<?> transition = operation.apply(value, nowMicros);
            steps.add(new Step(operation, value, nowMicros, left(transition)));
            value = transition.effect() instanceof Effect.Put put
                    ? put.next()
                    : transition.effect() instanceof Effect.Delete ? null : value;
            return new Outcome(transition.result(), null, transition.effect());
        } catch (StoreException error) {
            steps.add(new Step(operation, value, nowMicros, failed(error)));
            return Outcome.failed(error);
        }
    }

    private static Left left(Transition<?> transition) {
        Effect effect = transition.effect();
        return new Left(
                transition.result(),
                null,
                transition.admitted(),
                effect instanceof Effect.Put put
                        ? text(ValueText.encode(put.next()))
                        : effect instanceof Effect.Delete ? null : "kept",
                effect instanceof Effect.Put put ? put.collectAfterMicros() : 0,
                transition.signals().stream().map(RecordedTwin::line).toList());
    }

    private static Left failed(StoreException error) {
        return new Left(null, error.getClass(), false, "kept", 0, List.of());
    }

    private static String line(Signal signal) {
        return signal.kind() + " " + signal.topic()
                + signal.details().stream().map(detail -> " " + detail).collect(Collectors.joining());
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    @Override
    public @Nullable Value state(long nowMicros) {
        return value;
    }

    /** Takes the whole walk to the server, and compares. */
    @Override
    public void close() {
        if (steps.isEmpty()) {
            return;
        }
        List<?> replies = server.apply(Packed.of(numbers.build().toArray()), payloads);
        assertThat(replies).hasSize(4 * steps.size());
        for (int i = 0; i < steps.size(); i++) {
            Step step = steps.get(i);
            Left actual = left(step.operation(), replies.subList(4 * i, 4 * i + 4));
            if (!actual.equals(step.left())) {
                assertThat(actual)
                        .as("%s on %s at %s", step.operation(), step.before(), step.now())
                        .isEqualTo(step.left());
            }
        }
    }

    private static Left left(Operation<?> operation, List<?> reply) {
        long[] numbers = Packed.numbers(exact((byte[]) reply.get(1)));
        String text = text((byte[]) reply.get(2));
        String news = text((byte[]) reply.get(3));
        List<String> signals = news.isEmpty() ? List.of() : List.of(news.split("\n", -1));
        String effect = numbers[1] == 0 ? "kept" : numbers[1] == 1 ? text : null;
        Object answer = reply.get(0);
        if (answer instanceof byte[] packed) {
            exact(packed);
        }
        try {
            Object result = ScriptReplies.result(KEY, operation, answer);
            if (numbers[0] < 0) {
                throw new AssertionError(operation + " answered with neither an admission nor an error");
            }
            return new Left(result, null, numbers[0] == 1, effect, numbers[2], signals);
        } catch (StoreException error) {
            // Without an admission: frames know an error by that.
            return new Left(null, error.getClass(), numbers[0] >= 0, effect, numbers[2], signals);
        }
    }

    /** Fractions would be cut off in silence. */
    private static byte[] exact(byte[] packed) {
        ByteBuffer numbers = ByteBuffer.wrap(packed);
        while (numbers.hasRemaining()) {
            double number = numbers.getDouble();
            if (number != Math.rint(number) || Math.abs(number) > Exact.MAX) {
                throw new AssertionError("Number '" + number + "' of a reply is not exact");
            }
        }
        return packed;
    }
}
