package io.github.stanchion.weaving;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.stanchion.weaving.app.Vault;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Spring's proxies alone. */
@Tag("proxy")
class ProxyWeavingTest extends WeavingContract {

    @Override
    boolean woven() {
        return false;
    }

    @Test
    void guardedMethodsThatNoProxyReachesStopTheStart() {
        assertThatThrownBy(() -> Application.start("proxy", Vault.class))
                .hasStackTraceContaining("Guarded method Vault.")
                .hasStackTraceContaining("no proxy can guard it");
    }
}
