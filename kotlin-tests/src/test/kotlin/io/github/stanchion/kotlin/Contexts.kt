package io.github.stanchion.kotlin

import io.github.stanchion.guard.GuardConfigurationException
import io.github.stanchion.spring.autoconfigure.StanchionAutoConfiguration
import io.github.stanchion.testkit.VirtualClock
import io.github.stanchion.testkit.VirtualSleeper
import org.assertj.core.api.Assertions.assertThat
import org.springframework.boot.autoconfigure.AutoConfigurations
import org.springframework.boot.test.context.runner.ApplicationContextRunner
import org.springframework.context.ApplicationContext

/** Applications of these beans, in which time passes when a test says so. */
internal fun contextsWith(vararg beans: Class<*>): ApplicationContextRunner {
    val guarded =
        ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(StanchionAutoConfiguration::class.java))
            .withBean(VirtualClock::class.java)
            .withBean(VirtualSleeper::class.java)
    return beans.fold(guarded) { contexts, bean -> contexts.withBean(bean) }
}

/** Starts the application for a test. */
internal fun ApplicationContextRunner.running(test: (ApplicationContext) -> Unit) {
    run { context -> test(context) }
}

/** Runs a test on the application's bean of this type. */
internal inline fun <reified T : Any> ApplicationContextRunner.on(crossinline test: (T) -> Unit) {
    running { context -> test(context.getBean(T::class.java)) }
}

/** That the application does not start, and why. */
internal fun ApplicationContextRunner.refusesToStart(vararg messages: String) {
    run { context ->
        assertThat(context).hasFailed()
        val reason = generateSequence(context.startupFailure) { it.cause }.firstOrNull { it is GuardConfigurationException }
        assertThat(reason).isNotNull().message().contains(*messages)
    }
}
