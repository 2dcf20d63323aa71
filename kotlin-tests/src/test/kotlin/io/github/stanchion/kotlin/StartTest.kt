package io.github.stanchion.kotlin

import io.github.stanchion.annotation.RateLimited
import io.github.stanchion.kotlin.woven.Bell
import io.github.stanchion.kotlin.woven.Clock
import io.github.stanchion.limit.RateLimitExceededException
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.yield
import org.assertj.core.api.Assertions.assertThat
import org.assertj.core.api.Assertions.assertThatThrownBy
import org.junit.jupiter.api.Test
import org.springframework.stereotype.Service

/** Functions that nothing would guard, or more than once. */
class StartTest {
    @Test
    fun finalClassIsRefused() {
        contextsWith(Final::class.java).refusesToStart("Final.quote", "final class", "in Kotlin with its compiler plugin 'spring'")
    }

    @Test
    fun finalFunctionOfAnOpenClassIsRefused() {
        contextsWith(Closed::class.java).refusesToStart("Closed.quote", "is final", "neither private nor final")
    }

    @Test
    fun privateSuspendingFunctionIsRefused() {
        contextsWith(Hidden::class.java).refusesToStart("Hidden.quote", "is private")
    }

    @Test
    fun wovenSuspendingFunctionIsRefused() {
        contextsWith(Clock::class.java)
            .withPropertyValues("stanchion.weaving=aspectj")
            .refusesToStart("Clock.strike", "suspends and is woven by AspectJ", "Do not weave its class")
    }

    @Test
    fun wovenSuspendingFunctionOfAPlainObjectIsRefusedAndOthersAreGuarded() {
        contextsWith().withPropertyValues("stanchion.weaving=aspectj").running {
            assertThatThrownBy { runBlocking { Clock().strike() } }
                .isInstanceOf(IllegalStateException::class.java)
                .hasMessageContainingAll("Clock.strike", "only a proxy can guard it")
            assertThat(Bell().ring()).isEqualTo("ringing")
            assertThatThrownBy { Bell().ring() }.isInstanceOf(RateLimitExceededException::class.java)
        }
    }

    class Final {
        @RateLimited(limit = ["1/1h"])
        fun quote() = "quote"
    }

    open class Closed {
        @RateLimited(limit = ["1/1h"])
        fun quote() = "quote"
    }

    @Service
    class Hidden {
        @RateLimited(limit = ["1/1h"])
        private suspend fun quote() = yield()

        suspend fun itself() = quote()
    }
}
