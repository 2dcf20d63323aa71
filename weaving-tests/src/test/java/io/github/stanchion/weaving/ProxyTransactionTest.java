package io.github.stanchion.weaving;

import org.junit.jupiter.api.Tag;

/** Locks and transactions by Spring's proxies alone. */
@Tag("proxy")
class ProxyTransactionTest extends TransactionWeavingContract {

    @Override
    boolean woven() {
        return false;
    }
}
