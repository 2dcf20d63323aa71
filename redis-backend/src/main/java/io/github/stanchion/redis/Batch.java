package io.github.stanchion.redis;

import io.github.stanchion.store.KeyedOperation;
import io.github.stanchion.store.StepResult;
import io.github.stanchion.store.StoreException;
import io.github.stanchion.store.StoreKey;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Independent steps, in chunks of {@value #LARGEST_CHUNK} for each slot, some of them on their way at a time.
 *
 * <p>Not all at once, so that calls of others on the same connection stay quick, and each chunk has the whole command
 * time-out. Steps of one key stay in their order: they share a chunk, or the next chunk waits for the one before.
 */
final class Batch {

    static final int LARGEST_CHUNK = 100;
    private static final int MOST_UNDER_WAY = 400;

    private final ScriptSender sender;
    private final StepResult<?>[] results;
    private final Deque<Chunk> waiting = new ArrayDeque<>();
    private final CompletableFuture<List<StepResult<?>>> done = new CompletableFuture<>();
    private final AtomicInteger events = new AtomicInteger();
    private final AtomicInteger underWay = new AtomicInteger();

    /** Steps that travel in one script. */
    private static final class Chunk {
        private final int slot;
        private final List<Integer> places = new ArrayList<>();
        private final List<KeyedOperation<?>> steps = new ArrayList<>();
        private @Nullable ScriptCall<List<StepResult<?>>> script;
        private @Nullable Chunk after;
        private volatile boolean over;

        private Chunk(int slot) {
            this.slot = slot;
        }

        private boolean isFull() {
            return steps.size() == LARGEST_CHUNK;
        }
    }

    private Batch(ScriptSender sender, List<KeyedOperation<?>> steps) {
        this.sender = sender;
        this.results = new StepResult<?>[steps.size()];
        plan(steps);
    }

    static CompletableFuture<List<StepResult<?>>> run(ScriptSender sender, List<KeyedOperation<?>> steps) {
        if (steps.isEmpty()) {
            return CompletableFuture.completedFuture(List.of());
        }
        Batch batch = new Batch(sender, steps);
        batch.advance();
        return batch.done;
    }

    private void plan(List<KeyedOperation<?>> steps) {
        Map<StoreKey, List<Integer>> places = new LinkedHashMap<>();
        for (int i = 0; i < steps.size(); i++) {
            places.computeIfAbsent(steps.get(i).key(), key -> new ArrayList<>(1))
                    .add(i);
        }
        Map<Integer, Chunk> filling = new LinkedHashMap<>();
        places.forEach((key, own) -> {
            int slot = sender.slot(key);
            Chunk chunk = filling.get(slot);
            if (chunk == null || chunk.steps.size() + own.size() > LARGEST_CHUNK) {
                chunk = begin(slot, null);
            }
            for (int place : own) {
                if (chunk.isFull()) {
                    chunk = begin(slot, chunk);
                }
                chunk.places.add(place);
                chunk.steps.add(steps.get(place));
            }
            filling.put(slot, chunk);
        });
        waiting.forEach(chunk -> chunk.script = sender.prepareEach(chunk.steps));
    }

    private Chunk begin(int slot, @Nullable Chunk after) {
        Chunk chunk = new Chunk(slot);
        chunk.after = after;
        waiting.add(chunk);
        return chunk;
    }

    /** Sends what may go; one thread at a time, and whoever comes meanwhile leaves it to that. */
    private void advance() {
        if (events.getAndIncrement() != 0) {
            return;
        }
        int seen;
        do {
            seen = events.get();
            sendWhatMayGo();
        } while (events.addAndGet(-seen) != 0);
    }

    private void sendWhatMayGo() {
        boolean sent = false;
        for (@Nullable Chunk next = waiting.peek(); next != null && mayGo(next); next = waiting.peek()) {
            waiting.remove();
            sent = true;
            send(next);
        }
        if (sent) {
            sender.tally().trip();
        }
        if (waiting.isEmpty() && underWay.get() == 0) {
            done.complete(Arrays.asList(results));
        }
    }

    private boolean mayGo(Chunk next) {
        int others = underWay.get();
        return (others == 0 || others + next.steps.size() <= MOST_UNDER_WAY) && (next.after == null || next.after.over);
    }

    private void send(Chunk chunk) {
        underWay.addAndGet(chunk.steps.size());
        ScriptCall<List<StepResult<?>>> script = chunk.script;
        if (script == null) {
            throw new IllegalStateException("A chunk is sent before it is planned");
        }
        chunk.script = null;
        Stages.whenOver(
                sender.each(chunk.slot, chunk.steps, ScriptSender.isVital(chunk.steps), script),
                (replies, failed) -> over(chunk, replies, failed));
    }

    private void over(Chunk chunk, @Nullable List<StepResult<?>> replies, @Nullable Throwable failed) {
        StoreException error = failed instanceof StoreException known ? known : null;
        for (int i = 0; i < chunk.places.size(); i++) {
            if (replies != null) {
                results[chunk.places.get(i)] = replies.get(i);
            } else if (error != null) {
                results[chunk.places.get(i)] = new StepResult.Failed<>(error);
            }
        }
        if (failed != null && error == null) {
            done.completeExceptionally(failed);
        }
        chunk.over = true;
        underWay.addAndGet(-chunk.steps.size());
        advance();
    }
}
