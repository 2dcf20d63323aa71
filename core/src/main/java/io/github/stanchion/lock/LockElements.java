package io.github.stanchion.lock;

import io.github.stanchion.guard.KeyResolver;
import io.github.stanchion.store.AtomicStore;
import io.github.stanchion.store.StoreKey;
import java.util.Arrays;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.BaseStream;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/** The locks of the elements of a collection: each once, in the order that all callers use. */
final class LockElements {

    private LockElements() {}

    /**
     * The keys of all elements.
     *
     * @throws IllegalArgumentException if there are more than {@value AtomicStore#MOST_STEPS}, or one has no name
     */
    static List<StoreKey> keys(LockPolicy policy, String text, @Nullable Object elements) {
        TreeSet<StoreKey> keys = new TreeSet<>();
        Iterator<?> all = iterator(policy, text, elements);
        while (all.hasNext()) {
            String part = KeyResolver.part(all.next(), text);
            if (part == null) {
                throw new IllegalArgumentException(
                        "Element of key '" + text + "' of lock '" + policy.name() + "' is null; lock what has a name");
            }
            keys.add(policy.key(List.of(part)));
            if (keys.size() > AtomicStore.MOST_STEPS) {
                throw new IllegalArgumentException("Key '" + text + "' of lock '" + policy.name()
                        + "' has too many elements; lock at most " + AtomicStore.MOST_STEPS + " at once");
            }
        }
        return List.copyOf(keys);
    }

    private static Iterator<?> iterator(LockPolicy policy, String text, @Nullable Object elements) {
        if (elements instanceof Collection<?> collection) {
            return collection.iterator();
        }
        if (elements instanceof Iterable<?> iterable) {
            return iterable.iterator();
        }
        if (elements instanceof BaseStream<?, ?> stream) {
            return stream.iterator();
        }
        if (elements instanceof Object[] array) {
            return Arrays.asList(array).iterator();
        }
        if (elements instanceof long[] array) {
            return LongStream.of(array).iterator();
        }
        if (elements instanceof int[] array) {
            return IntStream.of(array).iterator();
        }
        throw new IllegalArgumentException("Key '" + text + "' of lock '" + policy.name()
                + "' is no collection, array or stream; remove each, or use one");
    }
}
