package io.github.stanchion.redis;

import io.github.stanchion.store.KeyedOperation;
import io.github.stanchion.store.Operation;
import io.github.stanchion.store.StepResult;
import io.github.stanchion.store.StoreKey;
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

    private final ScriptText text;
    private final LongSupplier time;
    private final Map<Object, LuaScript> scripts = new ConcurrentHashMap<>();

    /**
     * @param keyPrefix that of all keys
     * @param time the store time in microseconds that scripts shall go by, 0 = the server's own; under another clock than its
     *     own the server collects a day late
     */
    ScriptCalls(String keyPrefix, LongSupplier time) {
        this(new ScriptText(keyPrefix), time);
    }

    ScriptCalls(ScriptText text, LongSupplier time) {
        this.text = text;
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
        return new Call<>(
                script, List.of(ascii(key.text())), arguments, reply -> ScriptReplies.result(key, operation, reply));
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
        return several(
                "run_all.lua", all, keys, i -> all.get(i).advisory() ? 1 : 0, reply -> ScriptReplies.joint(all, reply));
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
        return several(
                "run_each.lua",
                all,
                keys,
                i -> positions.get(all.get(i).key()),
                reply -> ScriptReplies.each(all, reply));
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

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
