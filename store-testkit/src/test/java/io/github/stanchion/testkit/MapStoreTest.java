package io.github.stanchion.testkit;

import io.github.stanchion.store.AtomicStore;

/** The good store of the kit passes all that the broken ones fail. */
class MapStoreTest extends AtomicStoreContract {

    @Override
    protected AtomicStore store(VirtualClock clock) {
        return new MapStore(clock);
    }
}
