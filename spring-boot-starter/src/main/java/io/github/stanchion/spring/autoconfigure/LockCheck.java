package io.github.stanchion.spring.autoconfigure;

import io.github.stanchion.guard.GuardConfigurationException;
import io.github.stanchion.guard.GuardPlan;
import io.github.stanchion.guard.GuardedMethod;
import io.github.stanchion.lock.LockGuard;
import io.github.stanchion.lock.LockPolicies;
import io.github.stanchion.lock.LockPolicy;
import io.github.stanchion.lock.LockSettings;
import io.github.stanchion.store.AtomicStore;
import io.github.stanchion.store.Capability;
import java.util.function.Consumer;
import org.springframework.beans.factory.ObjectProvider;

/** Warns of locks that work but hardly as meant, and stops the start where a store is to be shared and is not. */
final class LockCheck implements GuardCheck {

    private final LockPolicies policies;
    private final boolean sharedStoreRequired;
    private final ObjectProvider<AtomicStore> store;

    LockCheck(LockPolicies policies, boolean sharedStoreRequired, ObjectProvider<AtomicStore> store) {
        this.policies = policies;
        this.sharedStoreRequired = sharedStoreRequired;
        this.store = store;
    }

    @Override
    public void guarded(GuardPlan plan, Consumer<String> warnings) {
        plan.guards().stream()
                .filter(LockGuard.class::isInstance)
                .map(LockGuard.class::cast)
                .forEach(guard -> check(plan.method(), guard.policy(), warnings));
    }

    private static void check(GuardedMethod method, LockPolicy policy, Consumer<String> warnings) {
        if (Handlers.handlesRequests(method) && policy.waitTime().equals(LockSettings.FOREVER)) {
            warnings.accept("Lock '" + policy.name() + "' on " + method.displayName()
                    + " lets requests wait forever; set wait to 5s or less");
        }
    }

    @Override
    public void all(Consumer<String> warnings) {
        AtomicStore chosen = store.getObject();
        if (sharedStoreRequired && !chosen.capabilities().contains(Capability.SHARED)) {
            throw new GuardConfigurationException(
                    "Property stanchion.locking.require-shared-store is true, and store '" + Stores.name(chosen)
                            + "' is this process's alone",
                    "Choose a shared store by stanchion.store, or remove the property.");
        }
        for (String name : policies.unused()) {
            warnings.accept("Lock '" + name + "' is used by no annotation; check the spelling of stanchion.locks."
                    + name + ", or remove it if Locks does not use it either");
        }
    }
}
