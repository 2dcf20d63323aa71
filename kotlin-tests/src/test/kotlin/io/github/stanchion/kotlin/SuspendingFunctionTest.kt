package io.github.stanchion.kotlin

import io.github.stanchion.annotation.RateLimited
import io.github.stanchion.limit.RateLimitExceededException
import io.github.stanchion.testkit.VirtualClock
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.CoroutineName
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.Job
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.currentCoroutineContext
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withContext
import kotlinx.coroutines.yield
import org.assertj.core.api.Assertions.assertThat
import org.assertj.core.api.Assertions.assertThatThrownBy
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.Timeout
import org.springframework.boot.test.context.FilteredClassLoader
import org.springframework.stereotype.Service
import java.time.Duration
import java.util.concurrent.atomic.AtomicInteger

@Timeout(60)
class SuspendingFunctionTest {
    private val contexts = contextsWith(Quotes::class.java)

    @Test
    fun callIsChargedOnceHoweverOftenItSuspends() =
        contexts.on<Quotes> { quotes ->
            runBlocking {
                assertThat(quotes.quote("A")).isEqualTo("quote of A")
                assertThat(quotes.quote("A")).isEqualTo("quote of A")
                assertThat(quotes.quote("B")).isEqualTo("quote of B")
            }
            assertThatThrownBy { runBlocking { quotes.quote("A") } }.isInstanceOf(RateLimitExceededException::class.java)
            assertThat(quotes.runs).hasValue(3)
        }

    @Test
    fun concurrentCallsGetWhatTheLimitHoldsAndNoMore() =
        contexts.on<Quotes> { quotes ->
            val admitted =
                runBlocking(Dispatchers.Default) {
                    (1..1_000).map { async { runCatching { quotes.crowded() }.isSuccess } }.awaitAll().count { it }
                }
            assertThat(admitted).isEqualTo(5)
            assertThat(quotes.runs).hasValue(5)
        }

    @Test
    fun waitingCallerBlocksNoThread() =
        contexts.running { context ->
            val quotes = context.getBean(Quotes::class.java)
            val clock = context.getBean(VirtualClock::class.java)
            runBlocking {
                quotes.patient()
                val second = async(start = CoroutineStart.UNDISPATCHED) { quotes.patient() }
                assertThat(second.isCompleted).isFalse()
                clock.advance(Duration.ofMinutes(1))
                assertThat(second.await()).isEqualTo("patient")
            }
        }

    @Test
    fun cancelledCallerCancelsTheFunction() =
        contexts.on<Quotes> { quotes ->
            runBlocking {
                val call = launch(start = CoroutineStart.UNDISPATCHED) { quotes.endless() }
                quotes.begun.await()
                call.cancel()
                call.join()
                assertThat(quotes.ended.await()).isEqualTo("cancelled")
            }
        }

    @Test
    fun functionRunsInTheContextOfItsCaller() =
        contexts.on<Quotes> { quotes ->
            val name = runBlocking { withContext(CoroutineName("caller")) { quotes.callerName() } }
            assertThat(name).isEqualTo("caller")
        }

    @Test
    fun functionThatComesToNothingIsGuardedToo() =
        contexts.on<Quotes> { quotes ->
            runBlocking { quotes.nothing() }
            assertThatThrownBy { runBlocking { quotes.nothing() } }.isInstanceOf(RateLimitExceededException::class.java)
        }

    @Test
    fun resultDecidesWhetherTheCallCounts() =
        contexts.on<Quotes> { quotes ->
            runBlocking {
                assertThat(quotes.find(null)).isNull()
                assertThat(quotes.find(null)).isNull()
                assertThat(quotes.find("found")).isEqualTo("found")
            }
            assertThatThrownBy { runBlocking { quotes.find("late") } }.isInstanceOf(RateLimitExceededException::class.java)
        }

    @Test
    fun failureReachesTheCallerAsItIs() =
        contexts.on<Quotes> { quotes ->
            assertThatThrownBy { runBlocking { quotes.failing() } }
                .isInstanceOf(IllegalStateException::class.java)
                .hasMessage("broken")
        }

    @Test
    fun expressionsSeeNoContinuation() {
        contexts.on<Quotes> { quotes -> assertThat(runBlocking { quotes.counted("a", "b") }).isEqualTo("ab") }
        contextsWith(Curious::class.java).refusesToStart("'#p1'", "which the method does not have")
    }

    @Test
    fun policyWithoutANameIsCalledAsTheSourceSays() =
        contexts.on<Quotes> { quotes ->
            assertThatThrownBy {
                runBlocking {
                    quotes.nothing()
                    quotes.nothing()
                }
            }.isInstanceOfSatisfying(RateLimitExceededException::class.java) {
                assertThat(it.name()).isEqualTo("Quotes#nothing()")
            }
        }

    @Test
    fun startWithoutReactorsCoroutinesIsRefused() =
        listOf("kotlinx.coroutines.reactor", "kotlin.reflect.full").forEach { missing ->
            contexts
                .withClassLoader(FilteredClassLoader(missing))
                .refusesToStart("Quotes.", "org.jetbrains.kotlinx:kotlinx-coroutines-reactor", "kotlin-reflect")
        }

    @Service
    class Quotes {
        val runs = AtomicInteger()
        val begun = CompletableDeferred<Unit>()
        val ended = CompletableDeferred<String>()

        @RateLimited(limit = ["2/1h"], key = ["#symbol"])
        suspend fun quote(symbol: String): String {
            yield()
            runs.incrementAndGet()
            yield()
            return "quote of $symbol"
        }

        @RateLimited(limit = ["5/1h"])
        suspend fun crowded() {
            runs.incrementAndGet()
            yield()
        }

        @RateLimited(limit = ["1/1m"], maxWait = "2m")
        suspend fun patient(): String {
            yield()
            return "patient"
        }

        @RateLimited(limit = ["1/1h"])
        suspend fun endless() {
            try {
                begun.complete(Unit)
                CompletableDeferred<Unit>().await()
            } finally {
                ended.complete(if (currentCoroutineContext()[Job]!!.isCancelled) "cancelled" else "done")
            }
        }

        @RateLimited(limit = ["1/1h"])
        suspend fun callerName(): String? {
            yield()
            return currentCoroutineContext()[CoroutineName]?.name
        }

        @RateLimited(limit = ["1/1h"])
        suspend fun nothing() = yield()

        @RateLimited(limit = ["1/1h"], refundWhen = "#result == null")
        suspend fun find(what: String?): String? {
            yield()
            return what
        }

        @RateLimited(limit = ["1/1h"])
        suspend fun failing() {
            yield()
            throw IllegalStateException("broken")
        }

        @RateLimited(limit = ["2/1h"], cost = "#root.args.length")
        suspend fun counted(first: String, second: String): String {
            yield()
            return first + second
        }
    }

    @Service
    class Curious {
        @RateLimited(limit = ["2/1h"], key = ["#p1"])
        suspend fun one(only: String) = only
    }
}
