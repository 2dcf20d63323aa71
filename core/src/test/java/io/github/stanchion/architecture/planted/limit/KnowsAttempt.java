package io.github.stanchion.architecture.planted.limit;

import io.github.stanchion.architecture.planted.attempt.Sibling;
import org.jspecify.annotations.Nullable;

/** Knows another kind of guard. */
public final class KnowsAttempt {
    @Nullable
    Sibling sibling;
}
