package io.github.stanchion.weaving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.stanchion.weave.GuardAspect;
import io.github.stanchion.weaving.app.Clerk;
import org.junit.jupiter.api.Test;

/** What holds in addition where AspectJ has woven the guards in. */
abstract class WovenContract extends WeavingContract {

    @Override
    final boolean woven() {
        return true;
    }

    @Test
    void withoutAnApplicationTheCallIsRefused() {
        stop();
        assertThatThrownBy(() -> new Clerk().open())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContainingAll(Clerk.class.getName() + ".open", "stanchion.weaving=aspectj");
    }

    @Test
    void applicationThatStartedLastGuardsAndItsEndRestoresTheOneBefore() {
        Proxies second = new Proxies();
        Proxies third = new Proxies();
        GuardAspect.Binding secondBinding = GuardAspect.bind(second.executor, second.weaver);
        try (GuardAspect.Binding thirdBinding = GuardAspect.bind(third.executor, third.weaver)) {
            assertThat(thirdBinding).isNotNull();
            secondBinding.close();
            new Clerk().open();
        }
        new Clerk().metered();

        assertThat(second.calls).isEmpty();
        assertThat(third.calls).containsExactly("outer open", "inner open");
        assertCharged("metered");
    }
}
