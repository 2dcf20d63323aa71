package io.github.stanchion.spring.autoconfigure;

import io.github.stanchion.guard.GuardPlan;
import io.github.stanchion.store.AtomicStore;
import io.github.stanchion.store.Capability;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.thread.Threading;
import org.springframework.core.env.Environment;

/**
 * Warns of WebFlux handlers that return their result itself: while their guards ask a store that lies elsewhere, the event loop
 * stands still, and with it all requests of its connections.
 */
final class BlockingHandlerCheck implements GuardCheck {

    private final Environment environment;
    private final ObjectProvider<AtomicStore> store;
    private final List<String> methods = new ArrayList<>();

    BlockingHandlerCheck(Environment environment, ObjectProvider<AtomicStore> store) {
        this.environment = environment;
        this.store = store;
    }

    @Override
    public void guarded(GuardPlan plan, Consumer<String> warnings) {
        if (plan.adapter() == null && Handlers.handlesRequests(plan.method())) {
            methods.add(plan.method().displayName());
        }
    }

    @Override
    public void all(Consumer<String> warnings) {
        // Boot runs such handlers on virtual threads where there are any.
        if (methods.isEmpty() || Threading.VIRTUAL.isActive(environment)) {
            return;
        }
        AtomicStore chosen = store.getObject();
        if (chosen.capabilities().contains(Capability.SHARED)) {
            warnings.accept(
                    "WebFlux handlers " + String.join(", ", methods) + " hold their event loop up while guards ask"
                            + " store '" + Stores.name(chosen) + "'; return a Mono, Flux or CompletionStage, or set"
                            + " spring.threads.virtual.enabled");
        }
    }
}
