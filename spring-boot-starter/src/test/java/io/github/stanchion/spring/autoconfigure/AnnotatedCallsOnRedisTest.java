package io.github.stanchion.spring.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.stanchion.annotation.RateLimited;
import io.github.stanchion.guard.Sleeper;
import io.github.stanchion.limit.RateLimitExceededException;
import io.github.stanchion.redis.CommandLog;
import io.github.stanchion.redis.OwnRedis;
import io.github.stanchion.store.MicroClock;
import io.github.stanchion.testkit.VirtualClock;
import io.github.stanchion.testkit.VirtualSleeper;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** What calls of annotated methods ask of a server, and what they do while they wait. */
@Timeout(120)
class AnnotatedCallsOnRedisTest {

    private static final int WAITING = 1_000;

    private final OwnRedis redis = OwnRedis.start();
    private final VirtualClock clock = new VirtualClock();
    private final VirtualSleeper sleeper = new VirtualSleeper(clock);
    private final ApplicationContextRunner contexts = new ApplicationContextRunner()
            .withConfiguration(
                    AutoConfigurations.of(StanchionAutoConfiguration.class, StanchionRedisAutoConfiguration.class))
            .withBean(MicroClock.class, () -> clock)
            .withBean(Sleeper.class, () -> sleeper)
            .withBean(Service.class)
            .withPropertyValues(
                    "stanchion.redis.uri=" + redis.uri(),
                    "stanchion.redis.command-timeout=20s",
                    "stanchion.defaults.rate-limit.on-store-failure=throw",
                    "stanchion.rate-limits.sometimes.limit=1000/1h",
                    "stanchion.rate-limits.planned.limit=1000/1h",
                    "stanchion.rate-limits.planned.plans.vip=unlimited",
                    "stanchion.rate-limits.planned.plans.banned=blocked",
                    "stanchion.rate-limits.patient.limit=1/1s",
                    "stanchion.rate-limits.patient.max-wait=1h",
                    "stanchion.rate-limits.patient.max-waiters=" + WAITING);

    @AfterEach
    void stop() {
        redis.close();
    }

    @Test
    void callWhoseConditionIsFalseOrWhosePlanDecidesAsksNothing() {
        contexts.run(context -> {
            Service service = context.getBean(Service.class);
            service.sometimes(true);
            service.planned("usual");
            try (CommandLog log = redis.commandLog()) {
                for (int i = 0; i < 100; i++) {
                    service.sometimes(false);
                    service.planned("vip");
                    assertThatThrownBy(() -> service.planned("banned")).isInstanceOf(RateLimitExceededException.class);
                }
                assertThat(log.commands()).isEmpty();

                service.sometimes(true);
                service.planned("usual");
                assertThat(log.commands()).hasSize(2).allMatch(command -> command.startsWith("\"EVALSHA\""));
            }
        });
    }

    @Test
    void thousandMonosThatWaitHoldNoThreadAndGoOnInTheirOrder() {
        Scheduler loop = Schedulers.newParallel("loop", 2);
        contexts.run(context -> {
            Service service = context.getBean(Service.class);
            Queue<Integer> done = new ConcurrentLinkedQueue<>();
            service.patient(0).block(Duration.ofSeconds(20));
            for (int i = 1; i <= WAITING; i++) {
                service.patient(i).subscribeOn(loop).subscribe(done::add);
                // One after the other, so that there is an order.
                sleeper.awaitWaiting(i);
            }

            assertThat(done).isEmpty();
            assertFree(loop);
            for (int i = 1; i <= WAITING; i++) {
                assertThat(done).hasSize(i - 1);
                clock.advance(Duration.ofSeconds(1));
                assertThat(done).endsWith(i);
            }
        });
        loop.dispose();
    }

    /** Both threads do something else at the same time. */
    private static void assertFree(Scheduler loop) throws InterruptedException {
        CountDownLatch both = new CountDownLatch(2);
        for (int i = 0; i < 2; i++) {
            loop.createWorker().schedule(() -> {
                both.countDown();
                await(both);
            });
        }
        assertThat(both.await(20, TimeUnit.SECONDS)).isTrue();
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
    }

    static class Service {

        @RateLimited(name = "sometimes", condition = "#limited")
        public List<String> sometimes(boolean limited) {
            return List.of();
        }

        @RateLimited(name = "planned", plan = "#plan")
        public List<String> planned(String plan) {
            return List.of();
        }

        @RateLimited("patient")
        public Mono<Integer> patient(int number) {
            return Mono.just(number);
        }
    }
}
