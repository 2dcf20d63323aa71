package io.github.stanchion.redis;

import io.github.stanchion.store.AtomicStore;
import io.github.stanchion.testkit.LockContract;
import io.github.stanchion.testkit.VirtualClock;
import org.junit.jupiter.api.Nested;

class RedisStoreLockTest {

    @Nested
    class Standalone extends LockContract {
        @Override
        protected AtomicStore store(VirtualClock clock) {
            return TestStores.standalone().clock(clock).build();
        }

        @Override
        protected int cycles() {
            return 2_000;
        }
    }

    @Nested
    class Cluster extends LockContract {
        @Override
        protected AtomicStore store(VirtualClock clock) {
            return TestStores.cluster().clock(clock).build();
        }

        @Override
        protected int cycles() {
            return 2_000;
        }
    }
}
