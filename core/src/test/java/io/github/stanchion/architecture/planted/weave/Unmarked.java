package io.github.stanchion.architecture.planted.weave;

import io.github.stanchion.architecture.planted.limit.KnowsAttempt;

/** In a package that is not null-marked; knows a kind of guard. */
interface Unmarked {
    KnowsAttempt known();
}
