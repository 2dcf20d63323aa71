package io.github.stanchion.weaving;

import org.junit.jupiter.api.Tag;

/** Locks of classes woven by the agent. */
@Tag("load-time")
class LoadTimeLockTest extends LockWeavingContract {

    @Override
    boolean woven() {
        return true;
    }
}
