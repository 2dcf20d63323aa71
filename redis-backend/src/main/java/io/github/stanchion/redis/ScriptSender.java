package io.github.stanchion.redis;

import io.github.stanchion.store.KeyedOperation;
import io.github.stanchion.store.Operation;
import io.github.stanchion.store.StepResult;
import io.github.stanchion.store.StoreKey;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Sends steps as scripts, each to the server of its slot. Thread-safe; nobody waits. */
final class ScriptSender {

    private final ScriptCalls scripts;
    private final Courier courier;
    private final Tally tally;

    ScriptSender(ScriptCalls scripts, Courier courier, Tally tally) {
        this.scripts = scripts;
        this.courier = courier;
        this.tally = tally;
    }

    /** The slot of a key; 0 for all of them without a cluster. */
    int slot(StoreKey key) {
        Topology topology = courier.topology();
        return topology.isCluster() ? topology.slot(key.text().getBytes(StandardCharsets.US_ASCII)) : 0;
    }

    Courier courier() {
        return courier;
    }

    Tally tally() {
        return tally;
    }

    /** One step on one key: one trip. */
    <R> Call<R> single(StoreKey key, Operation<R> operation) {
        ScriptCall<R> script = scripts.single(key, operation);
        int slot = courier.topology().slot(script.keys().get(0));
        tally.trip();
        return courier.send(new ScriptRun<>(courier, slot, key, operation.vital(), script));
    }

    /** The script of a joint decision; {@link IllegalArgumentException} if an operation has no twin. */
    ScriptCall<JointReply> prepareJoint(List<KeyedOperation<?>> steps) {
        return scripts.joint(steps);
    }

    /** A joint decision on keys of this slot. */
    Call<JointReply> joint(int slot, List<KeyedOperation<?>> steps, ScriptCall<JointReply> prepared) {
        return courier.send(run(slot, steps, isVital(steps), prepared));
    }

    /** The script of independent steps; {@link IllegalArgumentException} if an operation has no twin. */
    ScriptCall<List<StepResult<?>>> prepareEach(List<KeyedOperation<?>> steps) {
        return scripts.each(steps);
    }

    /** Independent steps on keys of this slot. */
    Call<List<StepResult<?>>> each(
            int slot, List<KeyedOperation<?>> steps, boolean vital, ScriptCall<List<StepResult<?>>> prepared) {
        return courier.send(run(slot, steps, vital, prepared));
    }

    static boolean isVital(List<KeyedOperation<?>> steps) {
        for (KeyedOperation<?> step : steps) {
            if (step.operation().vital()) {
                return true;
            }
        }
        return false;
    }

    private <T> ScriptRun<T> run(int slot, List<KeyedOperation<?>> steps, boolean vital, ScriptCall<T> script) {
        return new ScriptRun<>(courier, slot, common(steps), vital, script);
    }

    /** A key that stands for all, if they belong to one space. */
    private static @Nullable StoreKey common(List<KeyedOperation<?>> steps) {
        StoreKey first = steps.get(0).key();
        for (KeyedOperation<?> step : steps) {
            if (!step.key().space().equals(first.space())) {
                return null;
            }
        }
        return first;
    }
}
