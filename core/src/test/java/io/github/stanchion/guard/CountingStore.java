package io.github.stanchion.guard;

import io.github.stanchion.store.AtomicStore;
import io.github.stanchion.store.Capability;
import io.github.stanchion.store.Effect;
import io.github.stanchion.store.JointResult;
import io.github.stanchion.store.KeyScan;
import io.github.stanchion.store.KeySpace;
import io.github.stanchion.store.KeyedOperation;
import io.github.stanchion.store.Operation;
import io.github.stanchion.store.Signals;
import io.github.stanchion.store.StepResult;
import io.github.stanchion.store.StoreClosedException;
import io.github.stanchion.store.StoreKey;
import io.github.stanchion.store.Transition;
import io.github.stanchion.store.Value;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A store without state that counts its calls; answers at once, or when a test says so. */
final class CountingStore implements AtomicStore {

    static final StoreKey KEY = KeySpace.of("test", "test", "test").key();

    private final Queue<Runnable> held = new ArrayDeque<>();
    private boolean holding;
    private boolean closed;
    int calls;
    int threadsBlocked;

    Move ask() {
        return Move.ask(this, KEY, new Hello());
    }

    Move askAll() {
        return new Move.AskAll(this, List.of(new KeyedOperation<>(KEY, new Hello())));
    }

    Move askEach() {
        return new Move.AskEach(this, List.of(new KeyedOperation<>(KEY, new Hello())));
    }

    void hold() {
        holding = true;
    }

    /** Answers the oldest call that is held. */
    void release() {
        held.remove().run();
    }

    @Override
    public <R> R execute(StoreKey key, Operation<R> operation) {
        threadsBlocked++;
        return decide(operation);
    }

    @Override
    public <R> CompletionStage<R> executeAsync(StoreKey key, Operation<R> operation) {
        return later(() -> decide(operation));
    }

    @Override
    public JointResult executeAll(List<KeyedOperation<?>> steps) {
        threadsBlocked++;
        return decideAll(steps);
    }

    @Override
    public CompletionStage<JointResult> executeAllAsync(List<KeyedOperation<?>> steps) {
        return later(() -> decideAll(steps));
    }

    @Override
    public List<StepResult<?>> executeEach(List<KeyedOperation<?>> steps) {
        threadsBlocked++;
        return decideEach(steps);
    }

    @Override
    public CompletionStage<List<StepResult<?>>> executeEachAsync(List<KeyedOperation<?>> steps) {
        return later(() -> decideEach(steps));
    }

    private <R> R decide(Operation<R> operation) {
        calls++;
        if (closed) {
            throw new StoreClosedException("Store is closed");
        }
        return operation.apply(null, 0).result();
    }

    private JointResult decideAll(List<KeyedOperation<?>> steps) {
        List<Object> results = new ArrayList<>();
        steps.forEach(step -> results.add(decide(step.operation())));
        return new JointResult(true, results);
    }

    private List<StepResult<?>> decideEach(List<KeyedOperation<?>> steps) {
        List<StepResult<?>> results = new ArrayList<>();
        steps.forEach(step -> results.add(new StepResult.Done<>(decide(step.operation()))));
        return results;
    }

    private <R> CompletionStage<R> later(Supplier<R> decision) {
        CompletableFuture<R> answer = new CompletableFuture<>();
        Runnable deciding = () -> {
            try {
                answer.complete(decision.get());
            } catch (RuntimeException trouble) {
                answer.completeExceptionally(trouble);
            }
        };
        if (holding) {
            held.add(deciding);
        } else {
            deciding.run();
        }
        return answer.minimalCompletionStage();
    }

    @Override
    public Set<Capability> capabilities() {
        return Set.of();
    }

    @Override
    public Signals signals() {
        throw new UnsupportedOperationException();
    }

    @Override
    public KeyScan keys() {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close() {
        closed = true;
    }

    private record Hello() implements Operation<String> {

        @Override
        public String name() {
            return "test.hello";
        }

        @Override
        public long[] arguments() {
            return new long[0];
        }

        @Override
        public Transition<String> apply(@Nullable Value current, long nowMicros) {
            return new Transition<>(Effect.keep(), true, "hello");
        }

        @Override
        public String decode(long[] reply) {
            return "hello";
        }
    }
}
