package io.github.stanchion.weaving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.stanchion.weaving.app.Clerk;
import io.github.stanchion.weaving.app.Vault;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What holds in addition where AspectJ has woven the guards in. */
abstract class WovenContract extends WeavingContract {

    @Override
    final boolean woven() {
        return true;
    }

    @Test
    void privateFinalAndStaticMethodsOfABean() {
        try (Application own = Application.start("aspectj", Vault.class)) {
            own.bean(Vault.class).opensHidden();
            own.bean(Vault.class).sealed();
            Vault.shared();
            assertThat(own.charged()).containsExactly("hidden", "sealed", "shared");
        }
    }

    @Test
    void callOfAPlainObjectWhoseResultComesLaterSaysWhereItComesFrom() throws Exception {
        assertThat(new Clerk().later().get(20, TimeUnit.SECONDS)).isEqualTo("later");
        assertThat(application.origins()).containsExactly("the caller");
        new Clerk().open();
        assertThat(application.origins()).containsExactly("the caller");
    }

    @Test
    void wovenClassesUnderProxyWeavingStopTheStart() {
        assertThatThrownBy(() -> Application.start("proxy")).hasStackTraceContaining("stanchion.weaving=aspectj");
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
        Application second = Application.start("aspectj");
        try (Application third = Application.start("aspectj")) {
            second.close();
            new Clerk().open();
            assertThat(third.charged()).containsExactly("open");
        }
        new Clerk().metered();
        assertCharged("metered");
    }
}
