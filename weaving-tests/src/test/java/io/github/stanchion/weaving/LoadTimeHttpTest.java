package io.github.stanchion.weaving;

import org.junit.jupiter.api.Tag;

/** Answers of handlers woven by the agent. */
@Tag("load-time")
class LoadTimeHttpTest extends WovenHttpContract {}
