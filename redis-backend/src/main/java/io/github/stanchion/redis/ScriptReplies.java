package io.github.stanchion.redis;

import io.github.stanchion.store.KeyedOperation;
import io.github.stanchion.store.NotACounterException;
import io.github.stanchion.store.Operation;
import io.github.stanchion.store.StepResult;
import io.github.stanchion.store.StoreException;
import io.github.stanchion.store.StoreKey;
import io.github.stanchion.store.UnreadableStateException;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads what the frames reply.
 *
 * <p>A twin's reply is its numbers, {@linkplain Packed packed}; or these and the bytes that came with them; or the number of an
 * error. All three are what the twin returns first, and what {@code run.lua} returns.
 */
final class ScriptReplies {

    private static final long UNREADABLE = 1;
    private static final long NOT_A_COUNTER = 2;

    private ScriptReplies() {}

    /** Of {@code run_all.lua}: the verdict, then of each step its admission and its reply; or the error that stopped it. */
    static JointReply joint(List<KeyedOperation<?>> steps, Object reply) {
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

    /** Of {@code run_each.lua}: the reply of each step. */
    static List<StepResult<?>> each(List<KeyedOperation<?>> steps, Object reply) {
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

    private static <R> R result(KeyedOperation<R> step, Object reply) {
        return result(step.key(), step.operation(), reply);
    }

    /** What a twin's reply means: the result, or the error that concerns the key. */
    static <R> R result(StoreKey key, Operation<R> operation, Object reply) {
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
}
