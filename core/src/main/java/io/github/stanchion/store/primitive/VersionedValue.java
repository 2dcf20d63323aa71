package io.github.stanchion.store.primitive;

import org.jspecify.annotations.Nullable;

/**
 * A value and its version, read together.
 *
 * @param version names this very write of the value for ever; 0 = there is none, which is an expectation like any other
 * @param payload null if there is none
 * @param timeLeft until the value ends
 */
public record VersionedValue(long version, @Nullable Payload payload, TimeLeft timeLeft) {

    public boolean isAbsent() {
        return payload == null;
    }

    /**
     * The value as text, null if there is none.
     *
     * @throws IllegalStateException if the value is not the UTF-8 form of a text
     */
    public @Nullable String text() {
        return payload == null ? null : payload.text();
    }

    /** A copy of the value's bytes, null if there is none. */
    public byte @Nullable [] bytes() {
        return payload == null ? null : payload.bytes();
    }
}
