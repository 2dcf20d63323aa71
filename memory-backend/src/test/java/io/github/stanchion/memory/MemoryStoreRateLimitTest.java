package io.github.stanchion.memory;

import io.github.stanchion.store.AtomicStore;
import io.github.stanchion.testkit.RateLimitContract;
import io.github.stanchion.testkit.VirtualClock;

class MemoryStoreRateLimitTest extends RateLimitContract {

    @Override
    protected AtomicStore store(VirtualClock clock) {
        return MemoryStore.builder().clock(clock).build();
    }
}
