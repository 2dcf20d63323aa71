package io.github.stanchion.store.primitive;

import io.github.stanchion.store.AtomicStore;
import io.github.stanchion.store.Operation;
import io.github.stanchion.store.RaceBackoff;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Values with versions, shared by all who share the store: each call is one atomic step and one round trip, save {@code update}.
 *
 * <p>A version names one write for ever; it never returns, neither after a change back, nor a deletion, nor an end, so a
 * compare-and-set is not fooled by a value that looks as before. Version 0 means that there is no value and may be expected like
 * any other. A value ends exactly when its {@link Ttl} says, by the store's clock. Values are text, as UTF-8, or bytes, at most
 * {@value io.github.stanchion.store.Item#LARGEST} of them.
 *
 * <p>Thread-safe. Synchronous methods may block for the store's I/O; the {@code Async} forms never do, and their stages may
 * complete on an I/O thread. Arguments are checked before the store is called, in both forms by
 * {@link IllegalArgumentException} or {@link NullPointerException} from the call itself. Trouble is a
 * {@link io.github.stanchion.store.StoreException}. After a {@link io.github.stanchion.store.StoreTimeoutException} the step
 * may have been applied; a compare-and-set or compare-and-delete by version has been asked a second time by then.
 *
 * <pre>{@code
 * VersionedValue seen = values.namespace("jobs").get("42");
 * Replacement done = values.namespace("jobs").compareAndSet("42", seen.version(), "done");
 * }</pre>
 */
public final class AtomicValues {

    /** How often {@code update} tries before it answers with the conflict. */
    public static final int MOST_TRIES = 16;

    private static final String KIND = "value";
    private static final Duration RETENTION = Duration.ofMinutes(10);

    private final AtomicStore store;
    private final Namespace namespace;
    private final ValueSteps steps;
    private final RaceBackoff backoff = RaceBackoff.jittered();

    /**
     * The values of the namespace {@code default}, whose versions are remembered for 10 minutes.
     *
     * @param prefix that of all keys of the application
     */
    public AtomicValues(AtomicStore store, String prefix) {
        this(store, prefix, Writer.random(), RETENTION);
    }

    /**
     * The values of the namespace {@code default}.
     *
     * @param writer tells this process's writes from those of others
     * @param retention how long the version of a deleted or ended value is remembered: more than clocks may step back
     */
    public AtomicValues(AtomicStore store, String prefix, Writer writer, Duration retention) {
        this(store, Namespace.bare(prefix, KIND), new ValueSteps(writer, retention));
    }

    private AtomicValues(AtomicStore store, Namespace namespace, ValueSteps steps) {
        this.store = store;
        this.namespace = namespace;
        this.steps = steps;
    }

    /** The values of a namespace of that name within this one; whatever its characters, it is no other's. */
    public AtomicValues namespace(String name) {
        return new AtomicValues(store, namespace.child(name), steps);
    }

    /**
     * Removes the values of this namespace and of those within it that exist when the call begins; for administration.
     *
     * <p>Their versions are forgotten too. New ones are greater all the same, unless the store's clock steps back.
     *
     * @return how many, counting deleted and ended ones whose version was still remembered
     * @throws UnsupportedOperationException if the store cannot list its keys
     */
    public long clear() {
        return store.keys().clear(namespace.range());
    }

    /** Reads a value, its version and its time left together. */
    public VersionedValue get(String key) {
        return run(key, steps.read(true)).read();
    }

    public CompletionStage<VersionedValue> getAsync(String key) {
        return runAsync(key, steps.read(true)).thenApply(ValueReply::read);
    }

    /** Reads the time left alone; cheap for large values. */
    public TimeLeft timeLeft(String key) {
        return run(key, steps.read(false)).timeLeft();
    }

    public CompletionStage<TimeLeft> timeLeftAsync(String key) {
        return runAsync(key, steps.read(false)).thenApply(ValueReply::timeLeft);
    }

    /** Reads a value and, if it has an end, however near, sets that so long from now; creates nothing. */
    public VersionedValue getAndRenew(String key, Duration duration) {
        return run(key, steps.renew(duration)).read();
    }

    public CompletionStage<VersionedValue> getAndRenewAsync(String key, Duration duration) {
        return runAsync(key, steps.renew(duration)).thenApply(ValueReply::read);
    }

    /** Stores a value, whatever was there; answers its version. */
    public long put(String key, String value, Ttl ttl) {
        return run(key, steps.put(Payload.of(value), ttl, false)).version();
    }

    public CompletionStage<Long> putAsync(String key, String value, Ttl ttl) {
        return runAsync(key, steps.put(Payload.of(value), ttl, false)).thenApply(ValueReply::version);
    }

    public long put(String key, byte[] value, Ttl ttl) {
        return run(key, steps.put(Payload.of(value), ttl, false)).version();
    }

    public CompletionStage<Long> putAsync(String key, byte[] value, Ttl ttl) {
        return runAsync(key, steps.put(Payload.of(value), ttl, false)).thenApply(ValueReply::version);
    }

    /**
     * Stores a value unless a write with a greater fencing token came before, even if that value has ended or been deleted in
     * the 24 hours since: so a lock's former owner cannot overwrite its successor.
     *
     * @param token positive, as the lock gave it out
     */
    public Replacement putFenced(String key, String value, long token, Ttl ttl) {
        return run(key, steps.putFenced(Payload.of(value), token, ttl)).replacement();
    }

    public CompletionStage<Replacement> putFencedAsync(String key, String value, long token, Ttl ttl) {
        return runAsync(key, steps.putFenced(Payload.of(value), token, ttl)).thenApply(ValueReply::replacement);
    }

    public Replacement putFenced(String key, byte[] value, long token, Ttl ttl) {
        return run(key, steps.putFenced(Payload.of(value), token, ttl)).replacement();
    }

    public CompletionStage<Replacement> putFencedAsync(String key, byte[] value, long token, Ttl ttl) {
        return runAsync(key, steps.putFenced(Payload.of(value), token, ttl)).thenApply(ValueReply::replacement);
    }

    /** Stores a value if there is none; else changes nothing, its end included, and answers the version in the way. */
    public Replacement setIfAbsent(String key, String value, Ttl ttl) {
        return run(key, steps.setIfAbsent(Payload.of(value), ttl)).replacement();
    }

    public CompletionStage<Replacement> setIfAbsentAsync(String key, String value, Ttl ttl) {
        return runAsync(key, steps.setIfAbsent(Payload.of(value), ttl)).thenApply(ValueReply::replacement);
    }

    public Replacement setIfAbsent(String key, byte[] value, Ttl ttl) {
        return run(key, steps.setIfAbsent(Payload.of(value), ttl)).replacement();
    }

    public CompletionStage<Replacement> setIfAbsentAsync(String key, byte[] value, Ttl ttl) {
        return runAsync(key, steps.setIfAbsent(Payload.of(value), ttl)).thenApply(ValueReply::replacement);
    }

    /** True for exactly one caller until {@code duration} has passed: for one-time codes and messages that come twice. */
    public boolean consumeOnce(String key, Duration duration) {
        return setIfAbsent(key, "", Ttl.of(duration)).stored();
    }

    public CompletionStage<Boolean> consumeOnceAsync(String key, Duration duration) {
        return setIfAbsentAsync(key, "", Ttl.of(duration)).thenApply(Replacement::stored);
    }

    /** Stores a value, which keeps its end, if the one there has this version; not for version 0, which has no end to keep. */
    public Replacement compareAndSet(String key, long version, String value) {
        return compareAndSet(key, version, value, Ttl.keep());
    }

    public CompletionStage<Replacement> compareAndSetAsync(String key, long version, String value) {
        return compareAndSetAsync(key, version, value, Ttl.keep());
    }

    public Replacement compareAndSet(String key, long version, byte[] value) {
        return compareAndSet(key, version, value, Ttl.keep());
    }

    public CompletionStage<Replacement> compareAndSetAsync(String key, long version, byte[] value) {
        return compareAndSetAsync(key, version, value, Ttl.keep());
    }

    /**
     * Stores a value if the one there has this version.
     *
     * @param version one that was read, or 0 if there should be no value
     * @return {@link Replacement.Conflict} with what is there, up to {@value ValueCompareAndSet#LARGEST_CURRENT} bytes of it
     */
    public Replacement compareAndSet(String key, long version, String value, Ttl ttl) {
        return replace(key, version, Payload.of(value), ttl);
    }

    public CompletionStage<Replacement> compareAndSetAsync(String key, long version, String value, Ttl ttl) {
        return replaceAsync(key, version, Payload.of(value), ttl);
    }

    public Replacement compareAndSet(String key, long version, byte[] value, Ttl ttl) {
        return replace(key, version, Payload.of(value), ttl);
    }

    public CompletionStage<Replacement> compareAndSetAsync(String key, long version, byte[] value, Ttl ttl) {
        return replaceAsync(key, version, Payload.of(value), ttl);
    }

    /** Deletes a value if it has this version; true if it did, or if the version is 0 and there is none. */
    public boolean compareAndDelete(String key, long version) {
        return remove(key, version).stored();
    }

    public CompletionStage<Boolean> compareAndDeleteAsync(String key, long version) {
        return removeAsync(key, version).thenApply(Replacement::stored);
    }

    /** Deletes a value if it equals this one; true if it did. */
    public boolean deleteIfEquals(String key, String value) {
        return run(key, steps.deleteIfEqual(Payload.of(value))).applied();
    }

    public CompletionStage<Boolean> deleteIfEqualsAsync(String key, String value) {
        return runAsync(key, steps.deleteIfEqual(Payload.of(value))).thenApply(ValueReply::applied);
    }

    public boolean deleteIfEquals(String key, byte[] value) {
        return run(key, steps.deleteIfEqual(Payload.of(value))).applied();
    }

    public CompletionStage<Boolean> deleteIfEqualsAsync(String key, byte[] value) {
        return runAsync(key, steps.deleteIfEqual(Payload.of(value))).thenApply(ValueReply::applied);
    }

    /** Deletes a value; true if there was one. */
    public boolean delete(String key) {
        return run(key, steps.delete(false)).applied();
    }

    public CompletionStage<Boolean> deleteAsync(String key) {
        return runAsync(key, steps.delete(false)).thenApply(ValueReply::applied);
    }

    /** Deletes a value; answers it, null if there was none. */
    public @Nullable Payload getAndDelete(String key) {
        return run(key, steps.delete(true)).payload();
    }

    public CompletionStage<@Nullable Payload> getAndDeleteAsync(String key) {
        return runAsync(key, steps.delete(true)).thenApply(ValueReply::payload);
    }

    /** Stores a value; answers the one it replaced, null if there was none. */
    public @Nullable Payload getAndSet(String key, String value, Ttl ttl) {
        return run(key, steps.put(Payload.of(value), ttl, true)).payload();
    }

    public CompletionStage<@Nullable Payload> getAndSetAsync(String key, String value, Ttl ttl) {
        return runAsync(key, steps.put(Payload.of(value), ttl, true)).thenApply(ValueReply::payload);
    }

    public @Nullable Payload getAndSet(String key, byte[] value, Ttl ttl) {
        return run(key, steps.put(Payload.of(value), ttl, true)).payload();
    }

    public CompletionStage<@Nullable Payload> getAndSetAsync(String key, byte[] value, Ttl ttl) {
        return runAsync(key, steps.put(Payload.of(value), ttl, true)).thenApply(ValueReply::payload);
    }

    /**
     * Changes a value by a function that is called again whenever somebody else changed it meanwhile.
     *
     * <p>Two round trips a try, up to {@value #MOST_TRIES} tries with jitter between them, blocking.
     *
     * @param change from the value, null if there is none, to the next one, null to delete; called once a try
     * @return {@link Replacement.Conflict} if each try lost
     */
    public Replacement update(String key, UnaryOperator<@Nullable Payload> change, Ttl ttl) {
        return new ValueUpdate(this, key, change, ttl, backoff).run();
    }

    /** As {@link #update}, without blocking; {@code change} may run on an I/O thread. */
    public CompletionStage<Replacement> updateAsync(String key, UnaryOperator<@Nullable Payload> change, Ttl ttl) {
        return new ValueUpdate(this, key, change, ttl, backoff).runAsync();
    }

    Replacement replace(String key, long version, Payload value, Ttl ttl) {
        return conditional(key, version, steps.compareAndSet(version, value, ttl))
                .replacement();
    }

    CompletionStage<Replacement> replaceAsync(String key, long version, Payload value, Ttl ttl) {
        return conditionalAsync(key, version, steps.compareAndSet(version, value, ttl))
                .thenApply(ValueReply::replacement);
    }

    Replacement remove(String key, long version) {
        return conditional(key, version, steps.compareAndDelete(version)).replacement();
    }

    CompletionStage<Replacement> removeAsync(String key, long version) {
        return conditionalAsync(key, version, steps.compareAndDelete(version)).thenApply(ValueReply::replacement);
    }

    /** No value, unlike a version, may come back, so a write that expects it is not sent twice. */
    private ValueReply conditional(String key, long version, Operation<ValueReply> step) {
        return version == 0 ? run(key, step) : AskedAgain.execute(store, namespace.key(key), step);
    }

    private CompletionStage<ValueReply> conditionalAsync(String key, long version, Operation<ValueReply> step) {
        return version == 0 ? runAsync(key, step) : AskedAgain.executeAsync(store, namespace.key(key), step);
    }

    private ValueReply run(String key, Operation<ValueReply> step) {
        return store.execute(namespace.key(key), step);
    }

    private CompletionStage<ValueReply> runAsync(String key, Operation<ValueReply> step) {
        return store.executeAsync(namespace.key(key), step);
    }
}
