package io.github.stanchion.redis;

import io.github.stanchion.store.AtomicStore;
import io.github.stanchion.testkit.AtomicStoreContract;
import io.github.stanchion.testkit.VirtualClock;
import org.junit.jupiter.api.Nested;

class RedisStoreContractTest {

    @Nested
    class Standalone extends AtomicStoreContract {
        @Override
        protected AtomicStore store(VirtualClock clock) {
            return TestStores.standalone().clock(clock).build();
        }
    }

    @Nested
    class Coalescing extends AtomicStoreContract {
        @Override
        protected AtomicStore store(VirtualClock clock) {
            return TestStores.standalone().clock(clock).coalesce(true).build();
        }
    }

    @Nested
    class Cluster extends AtomicStoreContract {
        @Override
        protected AtomicStore store(VirtualClock clock) {
            return TestStores.cluster().clock(clock).build();
        }
    }

    @Nested
    class Sentinel extends AtomicStoreContract {
        @Override
        protected AtomicStore store(VirtualClock clock) {
            return TestStores.sentinel().clock(clock).build();
        }
    }
}
