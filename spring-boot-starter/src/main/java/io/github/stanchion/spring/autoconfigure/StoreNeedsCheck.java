package io.github.stanchion.spring.autoconfigure;

import io.github.stanchion.guard.GuardPlan;
import io.github.stanchion.spring.store.StoreNeeds;
import io.github.stanchion.store.AtomicStore;
import java.util.function.Consumer;
import org.springframework.beans.factory.ObjectProvider;

/** Stops the start if guards need of the store what it declares not to have. */
final class StoreNeedsCheck implements GuardCheck {

    private final StoreNeeds needs;
    private final ObjectProvider<AtomicStore> store;

    StoreNeedsCheck(StoreNeeds needs, ObjectProvider<AtomicStore> store) {
        this.needs = needs;
        this.store = store;
    }

    @Override
    public void guarded(GuardPlan plan, Consumer<String> warnings) {
        needs.add(plan);
    }

    @Override
    public void all(Consumer<String> warnings) {
        AtomicStore chosen = store.getObject();
        needs.require(chosen.capabilities(), Stores.name(chosen), "Choose another store by stanchion.store.");
    }
}
