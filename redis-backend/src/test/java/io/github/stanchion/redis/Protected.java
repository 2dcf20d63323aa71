package io.github.stanchion.redis;

import io.github.stanchion.store.StoreException;
import io.github.stanchion.store.primitive.AtomicValues;
import io.github.stanchion.store.primitive.Ttl;
import io.github.stanchion.testkit.proof.Action;
import io.github.stanchion.testkit.proof.HistoryWriter;
import io.lettuce.core.RedisURI;
import org.jspecify.annotations.Nullable;

/**
 * What a lock protects, on a server that nobody disturbs: for each lock a register that takes no stale token, and a counter that
 * takes everything. Each operation is noted. Thread-safe.
 */
final class Protected implements AutoCloseable {

    private final RedisStore store;
    private final AtomicValues values;
    private final HistoryWriter history;

    Protected(String uri, String prefix, HistoryWriter history) {
        store = TestStores.patient(RedisStore.builder(RedisURI.create(uri)))
                .keyPrefix(prefix)
                .build();
        store.connect();
        values = new AtomicValues(store, prefix);
        this.history = history;
    }

    static String register(String lock) {
        return "register-" + lock;
    }

    static String counter(String lock) {
        return "counter-" + lock;
    }

    /** Reads the register, or the counter. */
    void read(String key, String owner) {
        HistoryWriter.Pending reading = history.begin(Action.READ, key, owner);
        long[] seen = numbers(values.get(key).text());
        reading.ok(seen[0], seen[1]);
    }

    /** Writes the token into the register of the lock, as its owner may or may not be allowed to; whether it was. */
    boolean write(String lock, String owner, long token) {
        String key = register(lock);
        HistoryWriter.Pending writing = history.begin(Action.WRITE, key, owner, token, token);
        try {
            boolean stored = values.putFenced(key, token + " " + token, token, Ttl.none())
                    .stored();
            if (stored) {
                writing.ok();
            } else {
                writing.fail();
            }
            return stored;
        } catch (StoreException silent) {
            writing.unknown();
            throw silent;
        }
    }

    /** The sum that one more makes of the counter of the lock. */
    long next(String lock) {
        return numbers(values.get(counter(lock)).text())[1] + 1;
    }

    /** Writes the sum, whatever was written since. */
    void add(String lock, String owner, long sum) {
        HistoryWriter.Pending adding = history.begin(Action.ADD, counter(lock), owner, 0, sum);
        values.put(counter(lock), "0 " + sum, Ttl.none());
        adding.ok();
    }

    private static long[] numbers(@Nullable String text) {
        if (text == null) {
            return new long[2];
        }
        String[] words = text.split(" ", -1);
        return new long[] {Long.parseLong(words[0]), Long.parseLong(words[1])};
    }

    @Override
    public void close() {
        store.close();
    }
}
