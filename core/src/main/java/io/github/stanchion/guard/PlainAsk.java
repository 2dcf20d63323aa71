package io.github.stanchion.guard;

import io.github.stanchion.store.AtomicStore;
import io.github.stanchion.store.Operation;
import io.github.stanchion.store.StoreKey;

/** A question of its own. */
record PlainAsk(AtomicStore store, StoreKey key, Operation<?> operation) implements Move.Ask {}
