package io.github.stanchion.kotlin

import io.github.stanchion.annotation.RateLimited
import io.github.stanchion.testkit.VirtualClock
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.flow
import kotlinx.coroutines.flow.flowOf
import kotlinx.coroutines.yield
import org.assertj.core.api.Assertions.assertThat
import org.junit.jupiter.api.AfterEach
import org.junit.jupiter.api.BeforeEach
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.Timeout
import org.springframework.boot.WebApplicationType
import org.springframework.boot.autoconfigure.EnableAutoConfiguration
import org.springframework.boot.builder.SpringApplicationBuilder
import org.springframework.context.ConfigurableApplicationContext
import org.springframework.context.annotation.Import
import org.springframework.stereotype.Service
import org.springframework.web.bind.annotation.GetMapping
import org.springframework.web.bind.annotation.PathVariable
import org.springframework.web.bind.annotation.RestController
import java.net.URI
import java.net.http.HttpClient
import java.net.http.HttpRequest
import java.net.http.HttpResponse
import java.net.http.HttpResponse.BodyHandlers

/** What clients of suspending handlers are told, the same on both stacks. */
@Timeout(60)
abstract class HttpContract(
    private val type: WebApplicationType,
) {
    private lateinit var application: ConfigurableApplicationContext
    private val client = HttpClient.newHttpClient()

    @BeforeEach
    fun start() {
        application =
            SpringApplicationBuilder(Application::class.java)
                .web(type)
                .properties("server.port=0", "spring.main.banner-mode=off", "logging.level.root=error")
                .run()
    }

    @AfterEach
    fun stop() = application.close()

    @Test
    fun suspendingHandlerAnswersWithItsQuotaAndRefusesWithAProblem() {
        val first = get("/search")
        assertThat(first.statusCode()).isEqualTo(200)
        assertThat(first.body()).isEqualTo("found")
        assertThat(first.headers().firstValue("RateLimit")).hasValue("\"search\";r=1;t=30")
        assertThat(get("/search").statusCode()).isEqualTo(200)

        val refused = get("/search")
        assertThat(refused.statusCode()).isEqualTo(429)
        assertThat(refused.headers().firstValue("Retry-After")).hasValue("30")
        assertThat(refused.headers().firstValue("Content-Type")).hasValue("application/problem+json")
        assertThat(refused.body()).contains("\"status\":429")
    }

    @Test
    fun suspendingServiceRefusesTheRequestToo() {
        assertThat(get("/quotes/A").body()).isEqualTo("quote of A")
        assertThat(get("/quotes/B").body()).isEqualTo("quote of B")
        val refused = get("/quotes/A")
        assertThat(refused.statusCode()).isEqualTo(429)
        assertThat(refused.headers().firstValue("Retry-After")).hasValue("60")
    }

    @Test
    fun refusalOfAFlowIsAProblem() {
        for (path in listOf("/ticks", "/ticks-soon")) {
            assertThat(get(path).body()).isEqualTo("[1,2]")
            assertThat(get(path).statusCode()).isEqualTo(429)
        }
    }

    private fun get(path: String): HttpResponse<String> {
        val port = application.environment.getProperty("local.server.port")
        return client.send(HttpRequest.newBuilder(URI("http://localhost:$port$path")).build(), BodyHandlers.ofString())
    }

    @EnableAutoConfiguration
    @Import(Endpoints::class, Quotes::class, VirtualClock::class)
    class Application

    @RestController
    class Endpoints(
        private val quotes: Quotes,
    ) {
        @RateLimited(name = "search", limit = ["2/1m"], key = ["#ip"])
        @GetMapping("/search")
        suspend fun search(): String {
            yield()
            return "found"
        }

        @GetMapping("/quotes/{symbol}")
        suspend fun quote(
            @PathVariable symbol: String,
        ): String {
            yield()
            return quotes.quote(symbol)
        }

        @RateLimited(limit = ["1/1m"], key = ["#ip"])
        @GetMapping("/ticks")
        fun ticks(): Flow<Int> = flowOf(1, 2)

        @RateLimited(limit = ["1/1m"], key = ["#ip"])
        @GetMapping("/ticks-soon")
        suspend fun ticksSoon(): Flow<Int> {
            yield()
            return flow {
                emit(1)
                yield()
                emit(2)
            }
        }
    }

    @Service
    class Quotes {
        @RateLimited(limit = ["1/1m"], key = ["#symbol"])
        suspend fun quote(symbol: String): String {
            yield()
            return "quote of $symbol"
        }
    }
}
