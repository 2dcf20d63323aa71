package io.github.stanchion.spring.test;

import io.github.stanchion.spring.autoconfigure.GuardSwitch;
import io.github.stanchion.spring.autoconfigure.PolicyReloader;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.ApplicationContext;
import org.springframework.core.Ordered;
import org.springframework.test.context.TestContext;
import org.springframework.test.context.TestExecutionListener;

/** Switches guards before each test method as it says, and clears what the test leaves behind. */
final class GuardTestExecutionListener implements TestExecutionListener, Ordered {

    /** Around Spring's transactions: what a test has locked may be released once they are over. */
    private static final int BEFORE_TRANSACTIONS = 3_900;

    GuardTestExecutionListener() {}

    @Override
    public int getOrder() {
        return BEFORE_TRANSACTIONS;
    }

    @Override
    public void beforeTestMethod(TestContext test) {
        GuardSwitches switches = GuardSwitches.of(test.getTestClass(), test.getTestMethod());
        if (switches == null && !test.hasApplicationContext()) {
            return;
        }
        ApplicationContext context = test.getApplicationContext();
        if (switches != null) {
            PolicyReloader policies =
                    context.getBeanProvider(PolicyReloader.class).getIfUnique();
            if (policies == null) {
                throw new IllegalStateException(
                        "There are no guards to switch off or on: "
                                + test.getTestClass().getName()
                                + " has a context without Stanchion; add @AutoConfigureStanchion, or remove @GuardsOff and @GuardsOn");
            }
            policies.switchTo(switches.among(policies.policyNames()));
        }
        context.getBeanProvider(TestState.class).ifUnique(TestState::begin);
    }

    @Override
    public void afterTestMethod(TestContext test) {
        if (!test.hasApplicationContext()) {
            return;
        }
        ApplicationContext context = test.getApplicationContext();
        try {
            context.getBeanProvider(TestState.class).ifUnique(TestState::end);
        } finally {
            ObjectProvider<PolicyReloader> policies = context.getBeanProvider(PolicyReloader.class);
            if (GuardSwitches.of(test.getTestClass(), test.getTestMethod()) != null) {
                policies.ifUnique(reloader -> reloader.switchTo(GuardSwitch.ON));
            }
        }
    }
}
