package io.github.stanchion.memory;

import io.github.stanchion.store.AtomicStore;
import io.github.stanchion.testkit.ManyLockersContract;

class ManyLockersTest extends ManyLockersContract {

    @Override
    protected AtomicStore store() {
        return MemoryStore.create();
    }
}
