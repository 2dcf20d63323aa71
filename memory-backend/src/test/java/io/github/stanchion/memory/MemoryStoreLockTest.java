package io.github.stanchion.memory;

import io.github.stanchion.store.AtomicStore;
import io.github.stanchion.testkit.LockContract;
import io.github.stanchion.testkit.VirtualClock;

class MemoryStoreLockTest extends LockContract {

    @Override
    protected AtomicStore store(VirtualClock clock) {
        return MemoryStore.builder().clock(clock).build();
    }
}
