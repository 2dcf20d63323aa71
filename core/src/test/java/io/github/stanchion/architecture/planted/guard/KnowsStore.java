package io.github.stanchion.architecture.planted.guard;

import io.github.stanchion.architecture.planted.store.KnowsGuard;
import org.jspecify.annotations.Nullable;

/** Allowed by itself. */
public final class KnowsStore {
    @Nullable
    KnowsGuard known;
}
