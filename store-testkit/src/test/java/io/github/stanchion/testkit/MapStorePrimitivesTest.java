package io.github.stanchion.testkit;

import io.github.stanchion.store.AtomicStore;

class MapStorePrimitivesTest extends PrimitivesContract {

    @Override
    protected AtomicStore store(VirtualClock clock) {
        return new MapStore(clock);
    }
}
