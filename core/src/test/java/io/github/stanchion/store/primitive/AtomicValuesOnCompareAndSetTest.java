package io.github.stanchion.store.primitive;

import io.github.stanchion.store.AtomicStore;
import io.github.stanchion.store.MapCompareAndSetStore;
import io.github.stanchion.store.SettableClock;

class AtomicValuesOnCompareAndSetTest extends ValuesContract {

    @Override
    AtomicStore store(SettableClock clock) {
        return new MapCompareAndSetStore(clock, Runnable::run);
    }
}
