package io.github.stanchion.memory;

import io.github.stanchion.store.KeySpace;
import io.github.stanchion.store.StoreKey;
import io.github.stanchion.store.Value;
import org.jspecify.annotations.Nullable;

/**
 * The subjects that new keys share while there is no room for them: one for each kind and name.
 *
 * <p>Guessing one account must not lock out all that overflow, so attempts spread over {@value #ATTEMPT_SUBJECTS} subjects,
 * by key. These slots come on top of the bound, as many as there are policies, not subjects.
 */
final class Overflow {

    private static final String ATTEMPTS = "attempt";
    private static final int ATTEMPT_SUBJECTS = 16_384;

    private Overflow() {}

    /** The subject that {@code key} belongs to while it has no slot of its own. */
    static StoreKey subjectOf(StoreKey key) {
        KeySpace space = key.space();
        if (!space.kind().startsWith(ATTEMPTS)) {
            return space.key();
        }
        int hash = key.hashCode() * 0x9E3779B9;
        return space.key(Integer.toString(hash >>> 32 - Integer.numberOfTrailingZeros(ATTEMPT_SUBJECTS)));
    }

    /**
     * What a key without a slot of its own starts from: a copy of its overflow subject, null if that has no state.
     *
     * <p>Once the key has a slot, the copy must be made after the slot is in the map: steps on the overflow subject look
     * there before they charge it.
     */
    static @Nullable Value seed(SlotTable overflow, StoreKey key) {
        while (!overflow.isEmpty()) {
            StoreKey subject = subjectOf(key);
            Slot slot = overflow.get(subject);
            if (slot == null) {
                return null;
            }
            if (slot.take()) {
                try {
                    return slot.value();
                } finally {
                    slot.giveBack();
                }
            }
            overflow.forget(subject, slot);
        }
        return null;
    }
}
