package io.github.stanchion.store;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Lists and clears keys, for administration and tests; never on a guard's path.
 *
 * <p>Thread-safe. A key that is present throughout a listing appears at least once; keys that come or go meanwhile may
 * appear or not. Keys whose value has ended but was not collected yet may appear too.
 */
public interface KeyScan {

    /**
     * The next keys of a range.
     *
     * @param cursor null to begin, else {@link Page#next()} of the page before
     * @param limit about how many keys to look at, 1 to 10,000; a page may hold fewer, and none without being the last
     * @throws UnsupportedOperationException if the store lacks {@link Capability#SCAN}
     */
    Page page(KeyRange range, @Nullable String cursor, int limit);

    /**
     * Deletes all keys of a range that exist when the call begins, and nothing outside the range.
     *
     * @return how many keys were deleted
     */
    long clear(KeyRange range);

    /**
     * Some keys of a range.
     *
     * @param keys the keys found
     * @param next where the next page begins, null after the last
     */
    record Page(List<StoreKey> keys, @Nullable String next) {

        public Page {
            keys = List.copyOf(keys);
        }
    }
}
