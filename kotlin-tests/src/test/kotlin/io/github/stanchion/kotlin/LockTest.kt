package io.github.stanchion.kotlin

import io.github.stanchion.annotation.OnContention
import io.github.stanchion.annotation.WithLock
import io.github.stanchion.lock.LockNotAcquiredException
import io.github.stanchion.lock.Locks
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.emptyFlow
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withContext
import kotlinx.coroutines.yield
import org.assertj.core.api.Assertions.assertThat
import org.assertj.core.api.Assertions.assertThatThrownBy
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.Timeout
import org.springframework.stereotype.Service
import java.util.concurrent.atomic.AtomicInteger

/** Locks around suspending functions: held until the function has ended, on whatever thread. */
@Timeout(60)
class LockTest {
    private val contexts = contextsWith(Inner::class.java, Desk::class.java)

    @Test
    fun lockIsHeldWhileTheFunctionIsSuspended() =
        contexts.running { context ->
            val desk = context.getBean(Desk::class.java)
            val locks = context.getBean(Locks::class.java)
            runBlocking {
                val first = async(start = CoroutineStart.UNDISPATCHED) { desk.serve("x") }
                assertThat(locks.holding()).isEqualTo(1)
                assertThatThrownBy { runBlocking(Dispatchers.Default) { desk.serve("x") } }
                    .isInstanceOf(LockNotAcquiredException::class.java)
                val waiting = async(start = CoroutineStart.UNDISPATCHED) { desk.queue("x") }
                assertThat(waiting.isCompleted).isFalse()
                desk.work.complete("done")
                assertThat(first.await()).isEqualTo("done")
                assertThat(waiting.await()).isEqualTo("next")
                assertThat(locks.holding()).isZero()
            }
        }

    @Test
    fun cancelledCallerFreesIt() =
        contexts.running { context ->
            val locks = context.getBean(Locks::class.java)
            runBlocking {
                val call = async(start = CoroutineStart.UNDISPATCHED) { context.getBean(Desk::class.java).serve("x") }
                assertThat(locks.holding()).isEqualTo(1)
                call.cancel()
                call.join()
                assertThat(locks.holding()).isZero()
            }
        }

    @Test
    fun coroutineEntersItsLockAgainOnAnotherThread() =
        contexts.on<Desk> { desk -> assertThat(runBlocking { desk.nested("x") }).isEqualTo("inner") }

    @Test
    fun otherCoroutineOfTheSameThreadIsNotInside() =
        contexts.on<Desk> { desk ->
            runBlocking {
                val first = async(start = CoroutineStart.UNDISPATCHED) { desk.serve("x") }
                val other = async(start = CoroutineStart.UNDISPATCHED) { runCatching { desk.serve("x") } }
                assertThat(other.await().exceptionOrNull()).isInstanceOf(LockNotAcquiredException::class.java)
                desk.work.complete("done")
                first.await()
            }
        }

    @Test
    fun oneOfManyCallersComputesWhatAllGet() =
        contexts.on<Desk> { desk ->
            val values =
                runBlocking(Dispatchers.Default) {
                    val callers = (1..50).map { async(start = CoroutineStart.UNDISPATCHED) { desk.compute("x") } }
                    desk.work.complete("computed")
                    callers.awaitAll()
                }
            assertThat(values).hasSize(50).containsOnly(listOf("computed"))
            assertThat(desk.computations).hasValue(1)
        }

    @Test
    fun skippedCallComesToWhatIsEmptyOfItsType() =
        contexts.on<Desk> { desk ->
            runBlocking {
                val first = async(start = CoroutineStart.UNDISPATCHED) { desk.list("x") }
                assertThat(desk.list("x")).isEmpty()
                desk.work.complete("done")
                assertThat(first.await()).containsExactly("done")
            }
        }

    @Test
    fun flowCannotBeShared() {
        contextsWith(Sharing::class.java).refusesToStart("Sharing.flow", "kotlinx.coroutines.flow.Flow<java.lang.String>")
    }

    @Service
    class Desk(
        private val inner: Inner,
    ) {
        val work = CompletableDeferred<String>()
        val computations = AtomicInteger()

        @WithLock(name = "desk", key = ["#key"], waitTime = "0s")
        suspend fun serve(key: String): String = work.await()

        @WithLock(name = "desk", key = ["#key"], waitTime = "1m")
        suspend fun queue(key: String): String {
            yield()
            return "next"
        }

        @WithLock(name = "desk", key = ["#key"], waitTime = "0s")
        suspend fun nested(key: String): String = withContext(Dispatchers.IO) { inner.again(key) }

        @WithLock(name = "shared", key = ["#key"], onContention = [OnContention.SINGLE_FLIGHT], share = "1m")
        suspend fun compute(key: String): List<String> {
            computations.incrementAndGet()
            return listOf(work.await())
        }

        @WithLock(name = "skipped", key = ["#key"], waitTime = "0s", onContention = [OnContention.SKIP])
        suspend fun list(key: String): List<String> = listOf(work.await())
    }

    @Service
    class Inner {
        @WithLock(name = "desk", key = ["#key"], waitTime = "0s")
        suspend fun again(key: String): String {
            yield()
            return "inner"
        }
    }

    @Service
    class Sharing {
        @WithLock(name = "shared", onContention = [OnContention.SINGLE_FLIGHT])
        fun flow(): Flow<String> = emptyFlow()
    }
}
