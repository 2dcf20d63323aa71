package io.github.stanchion.weaving;

import org.junit.jupiter.api.Tag;

/** Classes woven by the agent. */
@Tag("load-time")
class LoadTimeWeavingTest extends WovenContract {}
