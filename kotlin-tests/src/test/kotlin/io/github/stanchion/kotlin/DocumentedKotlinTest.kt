package io.github.stanchion.kotlin

import io.github.stanchion.annotation.OnContention
import io.github.stanchion.annotation.RateLimited
import io.github.stanchion.annotation.WithLock
import io.github.stanchion.limit.RateLimitExceededException
import kotlinx.coroutines.delay
import kotlinx.coroutines.runBlocking
import org.assertj.core.api.Assertions.assertThat
import org.junit.jupiter.api.Test
import org.springframework.stereotype.Service
import java.nio.file.Files
import java.nio.file.Path

/** The Kotlin of the documentation: compiled, and does what it says. */
class DocumentedKotlinTest {
    @Test
    fun blocksStandHere() {
        val source = Files.readString(Path.of("src/test/kotlin/io/github/stanchion/kotlin/DocumentedKotlinTest.kt"))
        val blocks =
            Files.list(Path.of("../docs")).use { pages ->
                pages
                    .filter { it.toString().endsWith(".md") }
                    .toList()
                    .flatMap { Regex("```kotlin\n(.*?)```", RegexOption.DOT_MATCHES_ALL).findAll(Files.readString(it)) }
                    .map { it.groupValues[1] }
            }
        assertThat(blocks).hasSize(1).allSatisfy { assertThat(source).contains(it) }
    }

    @Test
    fun flightsAreSharedAndRefusalsAnswered() =
        contextsWith(Suppliers::class.java)
            .withPropertyValues("stanchion.rate-limits.quotes.limit=1/1h")
            .on<Suppliers> { suppliers ->
                runBlocking {
                    assertThat(suppliers.quote("A")).isEqualTo(Quote("A", 42))
                    assertThat(suppliers.quote("A")).isEqualTo(Quote("A, quotes", 41))
                }
            }
}

data class Quote(
    val symbol: String,
    val price: Int,
)

@Service
class Suppliers {
    @RateLimited(name = "quotes", key = ["#symbol"], maxWait = "2s", fallback = "latest")
    @WithLock(name = "quotes", key = ["#symbol"], onContention = [OnContention.SINGLE_FLIGHT], share = "10s")
    suspend fun quote(symbol: String): Quote {
        delay(20)
        return Quote(symbol, 42)
    }

    private suspend fun latest(symbol: String, refusal: RateLimitExceededException): Quote {
        delay(1)
        return Quote("$symbol, ${refusal.name()}", 41)
    }
}
