package io.github.stanchion.weaving;

import org.junit.jupiter.api.Tag;

/** Classes woven by the build. */
@Tag("compile-time")
class CompileTimeWeavingTest extends WovenContract {}
