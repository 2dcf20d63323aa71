package io.github.stanchion.weaving;

import org.junit.jupiter.api.Tag;

/** Spring's proxies alone. */
@Tag("proxy")
class ProxyWeavingTest extends WeavingContract {

    @Override
    boolean woven() {
        return false;
    }
}
