package io.github.stanchion.spring.autoconfigure;

import io.github.stanchion.annotation.LockTransactions;
import io.github.stanchion.guard.GuardPlan;
import io.github.stanchion.lock.LockGuard;
import io.github.stanchion.spring.reactive.ReactiveResults;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.transaction.ReactiveTransactionManager;

/** Says once what locks do not do: veto reactive transactions. */
final class ReactiveVetoCheck implements GuardCheck {

    private final ListableBeanFactory beans;
    private final List<String> methods = new ArrayList<>();

    ReactiveVetoCheck(ListableBeanFactory beans) {
        this.beans = beans;
    }

    @Override
    public void guarded(GuardPlan plan, Consumer<String> warnings) {
        if (plan.adapter() instanceof ReactiveResults && plan.guards().stream().anyMatch(ReactiveVetoCheck::minds)) {
            methods.add(plan.method().displayName());
        }
    }

    private static boolean minds(Object guard) {
        return guard instanceof LockGuard lock && lock.policy().tx() != LockTransactions.IGNORE;
    }

    @Override
    public void all(Consumer<String> warnings) {
        if (!methods.isEmpty() && beans.getBeanNamesForType(ReactiveTransactionManager.class, true, false).length > 0) {
            warnings.accept("Locks do not veto reactive transactions: what " + String.join(", ", methods)
                    + " commits after its lock is lost stays; hand the fencing token to what it writes to, or set"
                    + " tx to ignore if that does not matter");
        }
    }
}
