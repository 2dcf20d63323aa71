package io.github.stanchion.kotlin

import io.github.stanchion.annotation.RateLimited
import io.github.stanchion.limit.RateLimitExceededException
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.flow.flow
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.yield
import org.assertj.core.api.Assertions.assertThat
import org.assertj.core.api.Assertions.assertThatThrownBy
import org.junit.jupiter.api.Test
import org.springframework.stereotype.Service
import java.util.concurrent.atomic.AtomicInteger

class FlowTest {
    private val contexts = contextsWith(Ticker::class.java)

    @Test
    fun eachCollectionOfAFlowIsACall() =
        contexts.on<Ticker> { ticker ->
            val ticks = ticker.ticks(3)
            assertThat(ticker.collections).hasValue(0)
            runBlocking {
                assertThat(ticks.toList()).containsExactly(1, 2, 3)
                assertThat(ticks.first()).isEqualTo(1)
            }
            assertThatThrownBy { runBlocking { ticks.toList() } }.isInstanceOf(RateLimitExceededException::class.java)
            assertThat(ticker.collections).hasValue(2)
        }

    @Test
    fun eachCollectionOfWhatASuspendingFunctionComesToIsACall() =
        contexts.on<Ticker> { ticker ->
            runBlocking {
                val ticks = ticker.ticksSoon(3)
                assertThat(ticks.toList()).containsExactly(1, 2, 3)
                assertThat(ticks.toList()).containsExactly(1, 2, 3)
                assertThatThrownBy { runBlocking { ticks.toList() } }.isInstanceOf(RateLimitExceededException::class.java)
            }
            assertThat(ticker.collections).hasValue(2)
        }

    @Service
    class Ticker {
        val collections = AtomicInteger()

        @RateLimited(limit = ["2/1h"])
        fun ticks(count: Int): Flow<Int> =
            flow {
                collections.incrementAndGet()
                for (tick in 1..count) {
                    yield()
                    emit(tick)
                }
            }

        @RateLimited(limit = ["2/1h"])
        suspend fun ticksSoon(count: Int): Flow<Int> {
            yield()
            return flow {
                collections.incrementAndGet()
                for (tick in 1..count) {
                    emit(tick)
                }
            }
        }
    }
}
