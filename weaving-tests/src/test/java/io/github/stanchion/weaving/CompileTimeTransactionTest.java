package io.github.stanchion.weaving;

import org.junit.jupiter.api.Tag;

/** Locks around transactions of classes woven by the build. */
@Tag("compile-time")
class CompileTimeTransactionTest extends TransactionWeavingContract {

    @Override
    boolean woven() {
        return true;
    }
}
