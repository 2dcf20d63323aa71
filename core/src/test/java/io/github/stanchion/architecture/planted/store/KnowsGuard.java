package io.github.stanchion.architecture.planted.store;

import io.github.stanchion.architecture.planted.guard.KnowsStore;
import org.jspecify.annotations.Nullable;

/** Closes a cycle. */
public final class KnowsGuard {
    @Nullable
    KnowsStore known;
}
