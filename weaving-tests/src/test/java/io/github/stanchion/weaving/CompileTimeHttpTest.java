package io.github.stanchion.weaving;

import org.junit.jupiter.api.Tag;

/** Answers of handlers woven by the build. */
@Tag("compile-time")
class CompileTimeHttpTest extends WovenHttpContract {}
