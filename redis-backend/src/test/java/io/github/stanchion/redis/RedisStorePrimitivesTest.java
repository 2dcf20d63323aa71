package io.github.stanchion.redis;

import io.github.stanchion.store.AtomicStore;
import io.github.stanchion.testkit.PrimitivesContract;
import io.github.stanchion.testkit.VirtualClock;
import org.junit.jupiter.api.Nested;

class RedisStorePrimitivesTest {

    @Nested
    class Standalone extends PrimitivesContract {
        @Override
        protected AtomicStore store(VirtualClock clock) {
            return TestStores.standalone().clock(clock).build();
        }
    }

    @Nested
    class Cluster extends PrimitivesContract {
        @Override
        protected AtomicStore store(VirtualClock clock) {
            return TestStores.cluster().clock(clock).build();
        }

        @Override
        protected boolean spreadsKeys() {
            return true;
        }
    }
}
