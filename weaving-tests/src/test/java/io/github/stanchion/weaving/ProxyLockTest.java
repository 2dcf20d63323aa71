package io.github.stanchion.weaving;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.stanchion.weaving.app.Cellar;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Locks by Spring's proxies alone. */
@Tag("proxy")
class ProxyLockTest extends LockWeavingContract {

    @Override
    boolean woven() {
        return false;
    }

    @Test
    void lockedMethodsThatNoProxyReachesStopTheStart() {
        assertThatThrownBy(() -> Application.start("proxy", Cellar.class))
                .hasStackTraceContaining("Guarded method Cellar.")
                .hasStackTraceContaining("no proxy can guard it");
    }
}
