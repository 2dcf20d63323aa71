package io.github.stanchion.redis;

import io.github.stanchion.store.Effect;
import io.github.stanchion.store.KeyedOperation;
import io.github.stanchion.store.Operation;
import io.github.stanchion.store.Signal;
import io.github.stanchion.store.StepResult;
import io.github.stanchion.store.StoreException;
import io.github.stanchion.store.StoreKey;
import io.github.stanchion.store.Transition;
import io.github.stanchion.store.UnreadableStateException;
import io.github.stanchion.store.Value;
import io.github.stanchion.store.ValueText;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What the keys of a server hold, and what calls do to them, as the operations themselves say. */
final class FrameModel {

    /** What a key of a foreign type holds. */
    static final String FOREIGN = "a list";

    private final String prefix;
    private final Map<StoreKey, Held> held = new HashMap<>();
    private final List<String> signals = new ArrayList<>();

    FrameModel(String prefix) {
        this.prefix = prefix;
    }

    /** The bytes as Latin-1, and how long they must be kept; {@link Effect.Put#NEVER} = for ever. */
    record Held(String text, long collectAfterMicros) {}

    @Nullable
    Held at(StoreKey key) {
        return held.get(key);
    }

    /** Signals so far, each as its channel, a space, and the message. */
    List<String> signals() {
        return signals;
    }

    void put(StoreKey key, @Nullable String text) {
        if (text == null) {
            held.remove(key);
        } else {
            held.put(key, new Held(text, Effect.Put.NEVER));
        }
    }

    <R> R single(KeyedOperation<R> step, long now) {
        Transition<R> transition = judge(step, now);
        apply(step.key(), transition);
        return transition.result();
    }

    JointReply joint(List<KeyedOperation<?>> steps, long now) {
        List<Transition<?>> judged = new ArrayList<>();
        boolean admitted = true;
        for (KeyedOperation<?> step : steps) {
            Transition<?> transition = judge(step, now);
            judged.add(transition);
            admitted &= step.advisory() || transition.admitted();
        }
        List<JointReply.Step<?>> answers = new ArrayList<>();
        for (int i = 0; i < steps.size(); i++) {
            Transition<?> transition = judged.get(i);
            answers.add(new JointReply.Step<>(transition.admitted(), transition.result()));
            if (admitted && transition.admitted()) {
                apply(steps.get(i).key(), transition);
            }
        }
        return new JointReply(admitted, answers);
    }

    List<StepResult<?>> each(List<KeyedOperation<?>> steps, long now) {
        List<StepResult<?>> results = new ArrayList<>();
        for (KeyedOperation<?> step : steps) {
            results.add(result(step, now));
        }
        return results;
    }

    private <R> StepResult<R> result(KeyedOperation<R> step, long now) {
        try {
            return new StepResult.Done<>(single(step, now));
        } catch (StoreException error) {
            return new StepResult.Failed<>(error);
        }
    }

    private <R> Transition<R> judge(KeyedOperation<R> step, long now) {
        Held there = held.get(step.key());
        if (there != null && there.text().equals(FOREIGN)) {
            throw new UnreadableStateException("Key is of a foreign type");
        }
        Value value = there == null ? null : ValueText.decode(there.text().getBytes(StandardCharsets.ISO_8859_1));
        Operation<R> operation = step.operation();
        return operation.apply(value, now);
    }

    private void apply(StoreKey key, Transition<?> transition) {
        if (transition.effect() instanceof Effect.Put put) {
            held.put(key, new Held(text(ValueText.encode(put.next())), put.collectAfterMicros()));
        } else if (transition.effect() instanceof Effect.Delete) {
            held.remove(key);
        }
        transition.signals().forEach(signal -> signals.add(line(signal)));
    }

    static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    private String line(Signal signal) {
        return prefix + ":1:" + signal.kind() + ":" + signal.topic() + " "
                + signal.details().stream().map(String::valueOf).collect(Collectors.joining(" "));
    }
}
