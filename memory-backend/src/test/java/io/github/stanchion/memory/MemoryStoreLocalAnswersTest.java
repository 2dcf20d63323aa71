package io.github.stanchion.memory;

import io.github.stanchion.store.AtomicStore;
import io.github.stanchion.testkit.LocalAnswersContract;
import io.github.stanchion.testkit.VirtualClock;

class MemoryStoreLocalAnswersTest extends LocalAnswersContract {

    @Override
    protected AtomicStore store(VirtualClock clock) {
        return MemoryStore.builder().clock(clock).build();
    }
}
