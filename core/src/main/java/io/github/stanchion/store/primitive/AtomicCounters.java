package io.github.stanchion.store.primitive;

import io.github.stanchion.store.AtomicStore;
import io.github.stanchion.store.JointResult;
import io.github.stanchion.store.KeyedOperation;
import io.github.stanchion.store.Operation;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * Counters of 64 bits, shared by all who share the store: each call is one atomic step and one round trip.
 *
 * <p>A counter that is missing, or whose time has come by the store's clock, counts as 0. Steps say how long the counter
 * lives; see {@link Ttl}. Thread-safe. Synchronous methods may block for the store's I/O; the {@code Async} forms never do, and
 * their stages may complete on an I/O thread. Arguments are checked before the store is called, in both forms by
 * {@link IllegalArgumentException} or {@link NullPointerException} from the call itself. Trouble is a
 * {@link io.github.stanchion.store.StoreException}: a {@link io.github.stanchion.store.NotACounterException} where the key
 * holds something else, a {@link io.github.stanchion.store.CounterOverflowException} where the count would leave 64 bits; both
 * leave things as they are. After a {@link io.github.stanchion.store.StoreTimeoutException} the step may have been applied;
 * it is never sent again, so nothing is counted twice.
 *
 * <pre>{@code
 * if (!counters.namespace("otp").incrementIfWithin(userId, 1, 5, Ttl.ensure(Duration.ofMinutes(15))).applied()) {
 *     throw new TooManyCodes();
 * }
 * }</pre>
 */
public final class AtomicCounters {

    private static final String KIND = "counter";

    private final AtomicStore store;
    private final Namespace namespace;

    /**
     * The counters of the namespace {@code default}.
     *
     * @param prefix that of all keys of the application
     */
    public AtomicCounters(AtomicStore store, String prefix) {
        this(store, Namespace.bare(prefix, KIND));
    }

    private AtomicCounters(AtomicStore store, Namespace namespace) {
        this.store = store;
        this.namespace = namespace;
    }

    /** The counters of a namespace of that name within this one; whatever its characters, it is no other's. */
    public AtomicCounters namespace(String name) {
        return new AtomicCounters(store, namespace.child(name));
    }

    /**
     * Deletes the counters of this namespace and of those within it that exist when the call begins; for administration.
     *
     * @return how many
     * @throws UnsupportedOperationException if the store cannot list its keys
     */
    public long clear() {
        return store.keys().clear(namespace.range());
    }

    /** Reads a counter and its time left together. */
    public Count get(String key) {
        return run(key, new CounterGet());
    }

    public CompletionStage<Count> getAsync(String key) {
        return runAsync(key, new CounterGet());
    }

    /** Sets a counter, whatever it was. */
    public Count set(String key, long count, Ttl ttl) {
        return run(key, new CounterSet(count, ttl));
    }

    public CompletionStage<Count> setAsync(String key, long count, Ttl ttl) {
        return runAsync(key, new CounterSet(count, ttl));
    }

    /** Deletes a counter; true if there was one. */
    public boolean delete(String key) {
        return store.execute(namespace.key(key), new CounterDelete()).existed();
    }

    public CompletionStage<Boolean> deleteAsync(String key) {
        return store.executeAsync(namespace.key(key), new CounterDelete()).thenApply(CounterReply::existed);
    }

    /** Reads a counter and, if it has an end, however near, sets that so long from now; creates nothing. */
    public Count getAndRenew(String key, Duration duration) {
        return run(key, renewal(duration));
    }

    public CompletionStage<Count> getAndRenewAsync(String key, Duration duration) {
        return runAsync(key, renewal(duration));
    }

    private static CounterIncrement renewal(Duration duration) {
        return unbounded(0, Ttl.renew(duration));
    }

    /** Adds 1. */
    public Count increment(String key, Ttl ttl) {
        return increment(key, 1, ttl);
    }

    public CompletionStage<Count> incrementAsync(String key, Ttl ttl) {
        return incrementAsync(key, 1, ttl);
    }

    /** Adds any number; 0 creates nothing but applies {@code ttl} to what is there. */
    public Count increment(String key, long delta, Ttl ttl) {
        return run(key, unbounded(delta, ttl));
    }

    public CompletionStage<Count> incrementAsync(String key, long delta, Ttl ttl) {
        return runAsync(key, unbounded(delta, ttl));
    }

    /** Takes 1 away; counts may be negative. */
    public Count decrement(String key, Ttl ttl) {
        return decrement(key, 1, ttl);
    }

    public CompletionStage<Count> decrementAsync(String key, Ttl ttl) {
        return decrementAsync(key, 1, ttl);
    }

    public Count decrement(String key, long amount, Ttl ttl) {
        return run(key, unbounded(negated(amount), ttl));
    }

    public CompletionStage<Count> decrementAsync(String key, long amount, Ttl ttl) {
        return runAsync(key, unbounded(negated(amount), ttl));
    }

    /** Adds if the count stays at or below {@code max}; else is refused and changes nothing, its end included. */
    public Count incrementIfWithin(String key, long delta, long max, Ttl ttl) {
        return run(key, within(delta, max, ttl));
    }

    public CompletionStage<Count> incrementIfWithinAsync(String key, long delta, long max, Ttl ttl) {
        return runAsync(key, within(delta, max, ttl));
    }

    /** Takes away if the count stays at or above {@code min}; else is refused and changes nothing, its end included. */
    public Count decrementIfAtLeast(String key, long amount, long min, Ttl ttl) {
        return run(key, atLeast(amount, min, false, ttl));
    }

    public CompletionStage<Count> decrementIfAtLeastAsync(String key, long amount, long min, Ttl ttl) {
        return runAsync(key, atLeast(amount, min, false, ttl));
    }

    /** Adds, but no further than {@code max}; a count above that stays. */
    public Count saturatingIncrement(String key, long delta, long max, Ttl ttl) {
        return run(key, new CounterIncrement(delta, Long.MIN_VALUE, max, true, ttl));
    }

    public CompletionStage<Count> saturatingIncrementAsync(String key, long delta, long max, Ttl ttl) {
        return runAsync(key, new CounterIncrement(delta, Long.MIN_VALUE, max, true, ttl));
    }

    /** Takes away, but no further than {@code min}; a count below that stays. */
    public Count saturatingDecrement(String key, long amount, long min, Ttl ttl) {
        return run(key, atLeast(amount, min, true, ttl));
    }

    public CompletionStage<Count> saturatingDecrementAsync(String key, long amount, long min, Ttl ttl) {
        return runAsync(key, atLeast(amount, min, true, ttl));
    }

    /**
     * Adds to several counters if each stays at or below its own bound; else changes none: several windows in one step.
     *
     * @param increments 1 to {@value AtomicStore#MOST_STEPS}, on distinct keys
     */
    public JointCount incrementAllIfWithin(List<BoundedIncrement> increments) {
        return joint(store.executeAll(steps(increments)));
    }

    public CompletionStage<JointCount> incrementAllIfWithinAsync(List<BoundedIncrement> increments) {
        return store.executeAllAsync(steps(increments)).thenApply(AtomicCounters::joint);
    }

    private List<KeyedOperation<?>> steps(List<BoundedIncrement> increments) {
        return increments.stream()
                .<KeyedOperation<?>>map(increment -> new KeyedOperation<>(
                        namespace.key(increment.key()), within(increment.delta(), increment.max(), increment.ttl())))
                .toList();
    }

    private static JointCount joint(JointResult result) {
        List<Count> counts = result.results().stream()
                .map(CounterReply.class::cast)
                .map(reply -> result.admitted() ? reply.after() : reply.before())
                .toList();
        return new JointCount(result.admitted(), counts);
    }

    private static CounterIncrement unbounded(long delta, Ttl ttl) {
        return new CounterIncrement(delta, Long.MIN_VALUE, Long.MAX_VALUE, false, ttl);
    }

    private static CounterIncrement within(long delta, long max, Ttl ttl) {
        return new CounterIncrement(delta, Long.MIN_VALUE, max, false, ttl);
    }

    private static CounterIncrement atLeast(long amount, long min, boolean saturate, Ttl ttl) {
        return new CounterIncrement(negated(amount), min, Long.MAX_VALUE, saturate, ttl);
    }

    private static long negated(long amount) {
        if (amount == Long.MIN_VALUE) {
            throw new IllegalArgumentException("Amount '" + amount + "' has no opposite; increment by it in two steps");
        }
        return -amount;
    }

    private Count run(String key, Operation<CounterReply> operation) {
        return store.execute(namespace.key(key), operation).after();
    }

    private CompletionStage<Count> runAsync(String key, Operation<CounterReply> operation) {
        return store.executeAsync(namespace.key(key), operation).thenApply(CounterReply::after);
    }
}
