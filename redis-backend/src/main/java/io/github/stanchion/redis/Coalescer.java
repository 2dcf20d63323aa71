package io.github.stanchion.redis;

import io.github.stanchion.store.KeyedOperation;
import io.github.stanchion.store.Operation;
import io.github.stanchion.store.StepResult;
import io.github.stanchion.store.StoreClosedException;
import io.github.stanchion.store.StoreException;
import io.github.stanchion.store.StoreFullException;
import io.github.stanchion.store.StoreKey;
import io.github.stanchion.store.StoreTimeoutException;
import io.github.stanchion.store.StoreUnreachableException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Lets calls for one key share scripts: while one is on its way, others wait, and leave together when it is back.
 *
 * <p>Thread-safe. Nobody lingers: a call that meets no other is sent at once, and so is one that finds {@value #MOST_WAITING}
 * waiting already. Each call keeps its own time-out.
 */
final class Coalescer {

    private static final int MOST_WAITING = 64;

    private final ScriptSender sender;
    private final ConcurrentHashMap<StoreKey, Deque<Waiting<?>>> lanes = new ConcurrentHashMap<>();

    Coalescer(ScriptSender sender) {
        this.sender = sender;
    }

    /** A call that waits for its turn. */
    private static final class Waiting<R> extends CompletableFuture<R> implements Due {
        private final KeyedOperation<R> step;
        private final Courier courier;
        private final long due;
        private volatile boolean sent;

        private Waiting(KeyedOperation<R> step, Courier courier) {
            this.step = step;
            this.courier = courier;
            this.due = courier.deadlines().next();
        }

        @Override
        public long due() {
            return due;
        }

        @Override
        public void timedOut() {
            if (isDone()) {
                return;
            }
            fail(new StoreTimeoutException("No reply came within "
                    + courier.timeout().toMillis() + " ms; whether the operation was applied is unknown"));
        }

        @Override
        public void abandoned() {
            fail(
                    sent
                            ? new StoreTimeoutException(
                                    "Store was closed before the reply; whether the operation was applied is unknown")
                            : new StoreClosedException("Store was closed; nothing was applied"));
        }

        private void fail(StoreException error) {
            completeExceptionally(error.at(step.key()));
        }

        @SuppressWarnings("unchecked") // the result of the same step
        private void settle(StepResult<?> result) {
            if (result instanceof StepResult.Done<?> done) {
                complete((R) done.result());
            } else if (result instanceof StepResult.Failed<?> failed) {
                completeExceptionally(failed.error());
            }
        }
    }

    <R> CompletableFuture<R> execute(StoreKey key, Operation<R> operation) {
        Waiting<R> waiting = new Waiting<>(new KeyedOperation<>(key, operation), sender.courier());
        boolean[] first = new boolean[1];
        boolean[] full = new boolean[1];
        lanes.compute(key, (same, lane) -> {
            if (lane == null) {
                first[0] = true;
                return new ArrayDeque<>();
            }
            full[0] = lane.size() == MOST_WAITING;
            if (!full[0]) {
                lane.add(waiting);
            }
            return lane;
        });
        if (first[0] || full[0]) {
            return alone(key, operation, first[0]);
        }
        sender.courier().deadlines().watch(waiting);
        return waiting;
    }

    private <R> CompletableFuture<R> alone(StoreKey key, Operation<R> operation, boolean opensLane) {
        try {
            Call<R> call = sender.single(key, operation);
            if (opensLane) {
                Stages.whenOver(call, (result, failed) -> leave(key));
            }
            return call;
        } catch (RuntimeException notSent) {
            if (opensLane) {
                leave(key);
            }
            throw notSent;
        }
    }

    /** What was on its way is back: those that wait leave together. */
    private void leave(StoreKey key) {
        List<Waiting<?>> together = new ArrayList<>();
        lanes.computeIfPresent(key, (same, lane) -> {
            for (@Nullable Waiting<?> next = lane.poll(); next != null; next = lane.poll()) {
                if (!next.isDone()) {
                    together.add(next);
                }
            }
            return together.isEmpty() ? null : lane;
        });
        if (!together.isEmpty()) {
            send(key, together);
        }
    }

    private void send(StoreKey key, List<Waiting<?>> together) {
        List<KeyedOperation<?>> steps = new ArrayList<>(together.size());
        for (Waiting<?> waiting : together) {
            waiting.sent = true;
            steps.add(waiting.step);
        }
        try {
            Call<List<StepResult<?>>> call = sender.each(sender.slot(key), steps, false, sender.prepareEach(steps));
            sender.tally().trip();
            sender.tally().coalesced(steps.size());
            Stages.whenOver(call, (results, failed) -> {
                leave(key);
                for (int i = 0; i < together.size(); i++) {
                    settle(together.get(i), results == null ? null : results.get(i), failed);
                }
            });
        } catch (RuntimeException oneOfThem) {
            leave(key);
            together.forEach(this::sendAlone);
        }
    }

    /** Who cannot be sent fails alone. */
    private <R> void sendAlone(Waiting<R> waiting) {
        try {
            Stages.whenOver(sender.single(waiting.step.key(), waiting.step.operation()), (result, failed) -> {
                if (result != null) {
                    waiting.complete(result);
                } else if (failed != null) {
                    waiting.completeExceptionally(failed);
                }
            });
        } catch (RuntimeException notSent) {
            waiting.completeExceptionally(notSent);
        }
    }

    private static void settle(Waiting<?> waiting, @Nullable StepResult<?> result, @Nullable Throwable failed) {
        if (result != null) {
            waiting.settle(result);
        } else if (failed != null) {
            waiting.completeExceptionally(failed instanceof StoreException error ? own(error) : failed);
        }
    }

    /** Each caller gets an exception of its own, as it becomes theirs to throw. */
    private static StoreException own(StoreException shared) {
        String message = String.valueOf(shared.getMessage());
        if (shared.outcomeUnknown()) {
            return new StoreTimeoutException(message, shared);
        }
        return shared instanceof StoreFullException
                ? new StoreFullException(message, shared)
                : new StoreUnreachableException(message, shared);
    }
}
