package io.github.stanchion.kotlin.woven

import io.github.stanchion.annotation.RateLimited
import kotlinx.coroutines.yield
import org.springframework.stereotype.Service

/** Woven by the agent. */
@Service
class Clock {
    @RateLimited(limit = ["1/1h"])
    suspend fun strike() = yield()
}

/** Woven by the agent, and none of whose functions suspends. */
class Bell {
    @RateLimited(limit = ["1/1h"])
    fun ring() = "ringing"
}
