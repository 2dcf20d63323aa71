package io.github.stanchion.redis;

import io.github.stanchion.store.KeyedOperation;
import io.github.stanchion.store.NotACounterException;
import io.github.stanchion.store.Operation;
import io.github.stanchion.store.StepResult;
import io.github.stanchion.store.StoreException;
import io.github.stanchion.store.StoreKey;
import io.github.stanchion.store.UnreadableStateException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.IntToLongFunction;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.LongStream;

/**
 * Makes the calls of one store: which script runs, what travels to it, and what its reply means.
 *
 * <p>Thread-safe. Scripts are composed once for each operation or set of operations, and kept as long as there are not very
 * many. Operations are found by name; one without a twin is an {@link IllegalArgumentException}.
 *
 * <p>Signals are published to {@code <prefix>:1:<kind>:<topic>}, as decimals with a space between them.
 */
final class ScriptCalls {

    private static final int MOST_SCRIPTS = 1_024;
    private static final byte[] NOTHING = {};
    private static final long UNREADABLE = 1;
    private static final long NOT_A_COUNTER = 2;

    private final ScriptText text;
    private final LongSupplier time;
    private final Map<Object, LuaScript> scripts = new ConcurrentHashMap<>();

    /**
     * @param keyPrefix that of all keys
     * @param time the store time in microseconds that scripts shall go by, 0 = the server's own; under another clock than its
     *     own the server collects a day late
     */
    ScriptCalls(String keyPrefix, LongSupplier time) {
        this.text = new ScriptText(keyPrefix);
        this.time = time;
    }

    private record Single(String operation, int numbers) {}

    private record Several(String frame, List<String> operations) {}

    private record Call<T>(LuaScript script, List<byte[]> keys, List<byte[]> arguments, Function<Object, T> reader)
            implements ScriptCall<T> {
        @Override
        public T read(Object reply) {
            return reader.apply(reply);
        }
    }

    /** Applies one operation to one key. */
    <R> ScriptCall<R> single(StoreKey key, Operation<R> operation) {
        long[] numbers = operation.arguments();
        LuaScript script = script(
                new Single(operation.name(), numbers.length), () -> text.single(operation.name(), numbers.length));
        byte[] payload = operation.payload();
        long now = time.getAsLong();
        List<byte[]> arguments = new ArrayList<>(3);
        arguments.add(Packed.of(numbers));
        if (payload != null || now != 0) {
            arguments.add(payload == null ? NOTHING : payload);
        }
        if (now != 0) {
            arguments.add(ascii(Long.toString(now)));
        }
        return new Call<>(script, List.of(ascii(key.text())), arguments, reply -> result(key, operation, reply));
    }

    /**
     * Decides over several keys of one slot at once: each step is judged on the state before, and all effects are applied or,
     * if one that is not advisory refuses, none.
     *
     * @param steps on distinct keys
     */
    ScriptCall<JointReply> joint(List<KeyedOperation<?>> steps) {
        List<KeyedOperation<?>> all = List.copyOf(steps);
        List<byte[]> keys = all.stream().map(step -> ascii(step.key().text())).toList();
        return several("run_all.lua", all, keys, i -> all.get(i).advisory() ? 1 : 0, reply -> joint(all, reply));
    }

    private static JointReply joint(List<KeyedOperation<?>> steps, Object reply) {
        List<?> parts = (List<?>) reply;
        long verdict = (Long) parts.get(0);
        if (verdict < 0) {
            int failed = Math.toIntExact((Long) parts.get(1)) - 1;
            result(steps.get(failed), parts.get(2));
            throw new IllegalStateException(
                    "Step '" + steps.get(failed).operation().name() + "' failed without an error");
        }
        List<JointReply.Step<?>> answers = new ArrayList<>(steps.size());
        for (int i = 0; i < steps.size(); i++) {
            boolean admitted = (Long) parts.get(2 * i + 1) == 1;
            answers.add(new JointReply.Step<>(admitted, result(steps.get(i), parts.get(2 * i + 2))));
        }
        return new JointReply(verdict == 1, answers);
    }

    /**
     * Applies independent steps on keys of one slot; those of one key follow one another in the order given, and the key is
     * read and written once. An error of one step stands in its place.
     */
    ScriptCall<List<StepResult<?>>> each(List<KeyedOperation<?>> steps) {
        List<KeyedOperation<?>> all = List.copyOf(steps);
        Map<StoreKey, Integer> positions = new LinkedHashMap<>();
        all.forEach(step -> positions.putIfAbsent(step.key(), positions.size() + 1));
        List<byte[]> keys =
                positions.keySet().stream().map(key -> ascii(key.text())).toList();
        return several("run_each.lua", all, keys, i -> positions.get(all.get(i).key()), reply -> each(all, reply));
    }

    private static List<StepResult<?>> each(List<KeyedOperation<?>> steps, Object reply) {
        List<?> parts = (List<?>) reply;
        List<StepResult<?>> results = new ArrayList<>(steps.size());
        for (int i = 0; i < steps.size(); i++) {
            results.add(stepResult(steps.get(i), parts.get(i)));
        }
        return results;
    }

    private static <R> StepResult<R> stepResult(KeyedOperation<R> step, Object reply) {
        try {
            return new StepResult.Done<>(result(step, reply));
        } catch (StoreException error) {
            return new StepResult.Failed<>(error);
        }
    }

    private <T> ScriptCall<T> several(
            String frame,
            List<KeyedOperation<?>> steps,
            List<byte[]> keys,
            IntToLongFunction second,
            Function<Object, T> reader) {
        List<String> names = steps.stream()
                .map(step -> step.operation().name())
                .distinct()
                .sorted()
                .toList();
        LuaScript script = script(new Several(frame, names), () -> text.several(frame, names));
        LongStream.Builder numbers = LongStream.builder().add(time.getAsLong());
        List<byte[]> arguments = new ArrayList<>(steps.size() + 1);
        arguments.add(NOTHING);
        for (int i = 0; i < steps.size(); i++) {
            Operation<?> operation = steps.get(i).operation();
            long[] own = operation.arguments();
            numbers.add(names.indexOf(operation.name()) + 1)
                    .add(second.applyAsLong(i))
                    .add(own.length);
            for (long number : own) {
                numbers.add(number);
            }
            byte[] payload = operation.payload();
            arguments.add(payload == null ? NOTHING : payload);
        }
        arguments.set(0, Packed.of(numbers.build().toArray()));
        return new Call<>(script, keys, arguments, reader);
    }

    private LuaScript script(Object shape, Supplier<String> composed) {
        LuaScript known = scripts.get(shape);
        if (known != null) {
            return known;
        }
        LuaScript made = new LuaScript(composed.get());
        if (scripts.size() < MOST_SCRIPTS) {
            scripts.put(shape, made);
        }
        return made;
    }

    private static <R> R result(KeyedOperation<R> step, Object reply) {
        return result(step.key(), step.operation(), reply);
    }

    private static <R> R result(StoreKey key, Operation<R> operation, Object reply) {
        try {
            if (reply instanceof byte[] numbers) {
                return operation.decode(Packed.numbers(numbers));
            }
            if (reply instanceof List<?> parts) {
                return operation.decode(Packed.numbers((byte[]) parts.get(0)), (byte[]) parts.get(1));
            }
        } catch (StoreException error) {
            throw error.at(key);
        }
        throw error(operation, reply).at(key);
    }

    private static StoreException error(Operation<?> operation, Object reply) {
        if (reply.equals(UNREADABLE)) {
            return new UnreadableStateException(
                    "State is none that '" + operation.name() + "' can read; nothing was changed, remove or rename it");
        }
        if (reply.equals(NOT_A_COUNTER)) {
            return new NotACounterException(
                    "Value is not a counter; it was written by something else and left untouched");
        }
        throw new IllegalStateException("Reply '" + reply + "' to '" + operation.name() + "' is none of its script's");
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
