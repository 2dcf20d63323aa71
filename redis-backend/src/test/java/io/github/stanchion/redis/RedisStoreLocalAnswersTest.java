package io.github.stanchion.redis;

import io.github.stanchion.store.AtomicStore;
import io.github.stanchion.testkit.LocalAnswersContract;
import io.github.stanchion.testkit.VirtualClock;

class RedisStoreLocalAnswersTest extends LocalAnswersContract {

    @Override
    protected AtomicStore store(VirtualClock clock) {
        return TestStores.standalone().clock(clock).build();
    }

    @Override
    protected int randomSteps() {
        return 10_000;
    }
}
