package io.github.stanchion.kotlin

import io.github.stanchion.annotation.RateLimited
import io.github.stanchion.annotation.WithLock
import io.github.stanchion.redis.OwnRedis
import io.github.stanchion.spring.autoconfigure.StanchionAutoConfiguration
import io.github.stanchion.spring.autoconfigure.StanchionRedisAutoConfiguration
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.yield
import org.assertj.core.api.Assertions.assertThat
import org.junit.jupiter.api.AfterAll
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.TestInstance
import org.junit.jupiter.api.Timeout
import org.springframework.boot.autoconfigure.AutoConfigurations
import org.springframework.boot.test.context.runner.ApplicationContextRunner
import org.springframework.stereotype.Service
import java.util.concurrent.atomic.AtomicInteger

/** Suspending functions whose guards wait for a server, two applications side by side. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(120)
class OnRedisTest {
    private val redis = OwnRedis.start()
    private val process =
        ApplicationContextRunner()
            .withConfiguration(
                AutoConfigurations.of(StanchionAutoConfiguration::class.java, StanchionRedisAutoConfiguration::class.java),
            ).withPropertyValues(
                "stanchion.redis.uri=${redis.uri()}",
                "stanchion.redis.command-timeout=20s",
                "stanchion.redis.connect-timeout=20s",
            ).withBean(Desk::class.java)

    @AfterAll
    fun stop() = redis.close()

    @Test
    fun processesShareALimitToTheLastPermit() =
        process.on<Desk> { one ->
            process.on<Desk> { other ->
                val admitted =
                    runBlocking(Dispatchers.Default) {
                        (1..1_000)
                            .map { async { runCatching { (if (it % 2 == 0) one else other).limited() }.isSuccess } }
                            .awaitAll()
                            .count { it }
                    }
                assertThat(admitted).isEqualTo(5)
            }
        }

    @Test
    fun processesExcludeOneAnother() =
        process.on<Desk> { one ->
            process.on<Desk> { other ->
                runBlocking(Dispatchers.Default) {
                    (1..40).map { async { (if (it % 2 == 0) one else other).locked() } }.awaitAll()
                }
                assertThat(inside).hasValue(0)
                assertThat(together).hasValue(1)
                assertThat(served).hasValue(40)
            }
        }

    @Service
    class Desk {
        @RateLimited(name = "desk", limit = ["5/1h"])
        suspend fun limited() = yield()

        @WithLock(name = "desk", waitTime = "1m")
        suspend fun locked() {
            together.accumulateAndGet(inside.incrementAndGet(), ::maxOf)
            yield()
            served.incrementAndGet()
            inside.decrementAndGet()
        }
    }

    private companion object {
        val inside = AtomicInteger()
        val together = AtomicInteger()
        val served = AtomicInteger()
    }
}
