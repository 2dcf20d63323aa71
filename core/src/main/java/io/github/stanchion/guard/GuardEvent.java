package io.github.stanchion.guard;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Something that a guard decided or noticed; each kind of guard has records of its own. */
public interface GuardEvent {

    /** The kind of guard, as in {@code rate-limit}. */
    String kind();

    /** The policy's name; never a key. */
    String name();

    /** If the guard has refused a call, what the log is to say of it, without a key; null of all else. */
    default @Nullable Supplier<String> rejection() {
        return null;
    }
}
