package io.github.stanchion.weaving;

import org.junit.jupiter.api.Tag;

/** Locks of classes woven by the build. */
@Tag("compile-time")
class CompileTimeLockTest extends LockWeavingContract {

    @Override
    boolean woven() {
        return true;
    }
}
