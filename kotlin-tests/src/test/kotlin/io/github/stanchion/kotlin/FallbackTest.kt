package io.github.stanchion.kotlin

import io.github.stanchion.annotation.RateLimited
import io.github.stanchion.limit.RateLimitExceededException
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.flow
import kotlinx.coroutines.flow.flowOf
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.yield
import org.assertj.core.api.Assertions.assertThat
import org.junit.jupiter.api.Test
import org.springframework.stereotype.Service

class FallbackTest {
    private val contexts = contextsWith(Quotes::class.java).withBean("spare", Spare::class.java)

    @Test
    fun suspendingFunctionIsAnsweredByOneThatSuspendsOrNot() =
        contexts.on<Quotes> { quotes ->
            runBlocking {
                assertThat(listOf(quotes.suspending("a"), quotes.suspending("b"))).containsExactly("a", "later b")
                assertThat(listOf(quotes.plain("a"), quotes.plain("b"))).containsExactly("a", "at once b")
                assertThat(listOf(quotes.absent("a"), quotes.absent("b"))).containsExactly("a", null)
                assertThat(listOf(quotes.number("a"), quotes.number("b"))).containsExactly(1, -1)
            }
        }

    @Test
    fun failureComesLastInTheSource() =
        contexts.on<Quotes> { quotes ->
            runBlocking {
                assertThat(listOf(quotes.explained("a"), quotes.explained("b")))
                    .containsExactly("a", "b refused by Quotes#explained(String)")
            }
        }

    @Test
    fun anotherBeanAnswers() =
        contexts.on<Quotes> { quotes ->
            runBlocking { assertThat(listOf(quotes.elsewhere("a"), quotes.elsewhere("b"))).containsExactly("a", "spare b") }
        }

    @Test
    fun valueClassesAreTakenByBoth() =
        contexts.on<Quotes> { quotes ->
            runBlocking {
                assertThat(listOf(quotes.ofSymbol(Symbol("a")), quotes.ofSymbol(Symbol("b")))).containsExactly("a", "soon b")
                assertThat(listOf(quotes.ofSymbol(Symbol("a")), quotes.ofOther(Symbol("a")))).containsExactly("soon a", "a")
                assertThat(quotes.ofOther(Symbol("a"))).isEqualTo("soon a")
            }
        }

    @Test
    fun flowsAreAnsweredByFlows() =
        contexts.on<Quotes> { quotes ->
            runBlocking {
                assertThat(quotes.flowing("a").toList()).containsExactly("a")
                assertThat(quotes.flowing("b").toList()).containsExactly("instead", "b")
                assertThat(quotes.comingToFlow("a").toList()).containsExactly("a")
                assertThat(quotes.comingToFlow("b").toList()).containsExactly("soon", "b")
                assertThat(quotes.comingToFlow("c").toList()).containsExactly("soon", "c")
                assertThat(quotes.comingToAnotherFlow("a").toList()).containsExactly("a")
                assertThat(quotes.comingToAnotherFlow("b").toList()).containsExactly("instead", "b")
            }
        }

    @Test
    fun fallbackThatSuspendsCannotAnswerForOneThatDoesNot() {
        contextsWith(Blocking::class.java).refusesToStart("'later'", "does not fit the guarded method", "'String later(String)'")
    }

    @Test
    fun fallbackOfAnotherResultIsRefused() {
        contextsWith(Mistaken::class.java).refusesToStart("'length'", "does not fit", "'String length(String)'")
    }

    @Service
    class Quotes {
        @RateLimited(limit = ["1/1h"], fallback = "later")
        suspend fun suspending(key: String): String {
            yield()
            return key
        }

        private suspend fun later(key: String): String {
            yield()
            return "later $key"
        }

        @RateLimited(limit = ["1/1h"], fallback = "atOnce")
        suspend fun plain(key: String): String {
            yield()
            return key
        }

        private fun atOnce(key: String) = "at once $key"

        @RateLimited(limit = ["1/1h"], fallback = "none")
        suspend fun absent(key: String): String? {
            yield()
            return key
        }

        private fun none(key: String): String? = key.takeIf { it.isEmpty() }

        @RateLimited(limit = ["1/1h"], fallback = "minusOne")
        suspend fun number(key: String): Int {
            yield()
            return key.length
        }

        private fun minusOne(key: String): Int = -key.length

        @RateLimited(limit = ["1/1h"], fallback = "because")
        suspend fun explained(key: String): String {
            yield()
            return key
        }

        private suspend fun because(key: String, refusal: RateLimitExceededException): String {
            yield()
            return "$key refused by ${refusal.name()}"
        }

        @RateLimited(limit = ["1/1h"], fallback = "spare::answer")
        suspend fun elsewhere(key: String): String {
            yield()
            return key
        }

        @RateLimited(limit = ["1/1h"], fallback = "ofSymbolSoon")
        suspend fun ofSymbol(symbol: Symbol): String {
            yield()
            return symbol.text
        }

        @RateLimited(limit = ["1/1h"], key = ["#symbol"], fallback = "ofSymbolSoon")
        suspend fun ofOther(symbol: Symbol): String {
            yield()
            return symbol.text
        }

        private suspend fun ofSymbolSoon(symbol: Symbol): String {
            yield()
            return "soon ${symbol.text}"
        }

        @RateLimited(limit = ["1/1h"], fallback = "instead")
        fun flowing(key: String): Flow<String> = flowOf(key)

        private fun instead(key: String): Flow<String> = flowOf("instead", key)

        @RateLimited(limit = ["1/1h"], fallback = "soon")
        suspend fun comingToFlow(key: String): Flow<String> {
            yield()
            return flowOf(key)
        }

        @RateLimited(limit = ["1/1h"], fallback = "instead")
        suspend fun comingToAnotherFlow(key: String): Flow<String> {
            yield()
            return flowOf(key)
        }

        private suspend fun soon(key: String): Flow<String> {
            yield()
            return flow {
                emit("soon")
                yield()
                emit(key)
            }
        }
    }

    @JvmInline
    value class Symbol(
        val text: String,
    )

    @Service
    class Spare {
        suspend fun answer(key: String): String {
            yield()
            return "spare $key"
        }
    }

    @Service
    class Blocking {
        @RateLimited(limit = ["1/1h"], fallback = "later")
        fun quote(key: String): String = key

        suspend fun later(key: String): String {
            yield()
            return key
        }
    }

    @Service
    class Mistaken {
        @RateLimited(limit = ["1/1h"], fallback = "length")
        suspend fun quote(key: String): String {
            yield()
            return key
        }

        suspend fun length(key: String): Int {
            yield()
            return key.length
        }
    }
}
