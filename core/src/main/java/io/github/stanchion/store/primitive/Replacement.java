package io.github.stanchion.store.primitive;

import org.jspecify.annotations.Nullable;

/** What a conditional write came to. */
public sealed interface Replacement {

    /** Whether the value was written. */
    boolean stored();

    /** The version of the value there is now; 0 if there is none. */
    long version();

    /**
     * The value was written, or deleted.
     *
     * @param version the version it was given; 0 after a deletion
     */
    record Stored(long version) implements Replacement {

        @Override
        public boolean stored() {
            return true;
        }
    }

    /**
     * The condition did not hold; nothing changed.
     *
     * @param version that of the value in the way, 0 if there is none
     * @param current the value in the way, null if there is none or it was not asked for
     */
    record Conflict(long version, @Nullable Payload current) implements Replacement {

        @Override
        public boolean stored() {
            return false;
        }
    }
}
