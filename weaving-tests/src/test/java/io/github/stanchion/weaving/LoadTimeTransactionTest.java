package io.github.stanchion.weaving;

import org.junit.jupiter.api.Tag;

/** Locks around transactions of classes woven by the agent. */
@Tag("load-time")
class LoadTimeTransactionTest extends TransactionWeavingContract {

    @Override
    boolean woven() {
        return true;
    }
}
