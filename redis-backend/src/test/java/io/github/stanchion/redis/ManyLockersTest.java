package io.github.stanchion.redis;

import io.github.stanchion.store.AtomicStore;
import io.github.stanchion.testkit.ManyLockersContract;

class ManyLockersTest extends ManyLockersContract {

    @Override
    protected AtomicStore store() {
        return TestStores.standalone().build();
    }
}
