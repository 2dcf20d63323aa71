package io.github.stanchion.memory;

import io.github.stanchion.store.AtomicStore;
import io.github.stanchion.testkit.PrimitivesContract;
import io.github.stanchion.testkit.VirtualClock;

class MemoryStorePrimitivesTest extends PrimitivesContract {

    @Override
    protected AtomicStore store(VirtualClock clock) {
        return MemoryStore.builder().clock(clock).build();
    }

    @Override
    protected int reads() {
        return 10_000;
    }
}
