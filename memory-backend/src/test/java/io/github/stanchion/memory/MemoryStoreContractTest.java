package io.github.stanchion.memory;

import io.github.stanchion.store.AtomicStore;
import io.github.stanchion.testkit.AtomicStoreContract;
import io.github.stanchion.testkit.VirtualClock;

class MemoryStoreContractTest extends AtomicStoreContract {

    @Override
    protected AtomicStore store(VirtualClock clock) {
        return MemoryStore.builder().clock(clock).build();
    }
}
