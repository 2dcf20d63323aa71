package io.github.stanchion.redis;

import io.github.stanchion.store.AtomicStore;
import io.github.stanchion.testkit.RateLimitContract;
import io.github.stanchion.testkit.VirtualClock;
import org.junit.jupiter.api.Nested;

class RedisStoreRateLimitTest {

    @Nested
    class Standalone extends RateLimitContract {
        @Override
        protected AtomicStore store(VirtualClock clock) {
            return TestStores.standalone().clock(clock).build();
        }
    }

    @Nested
    class Cluster extends RateLimitContract {
        @Override
        protected AtomicStore store(VirtualClock clock) {
            return TestStores.cluster().clock(clock).build();
        }

        /** What is decided is the same as on one server, where the walks are long. */
        @Override
        protected int randomSteps() {
            return 10_000;
        }
    }
}
