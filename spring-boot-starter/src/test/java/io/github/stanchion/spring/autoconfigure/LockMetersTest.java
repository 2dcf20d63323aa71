package io.github.stanchion.spring.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.stanchion.annotation.LeaseRenewal;
import io.github.stanchion.annotation.OnContention;
import io.github.stanchion.annotation.WithLock;
import io.github.stanchion.guard.Sleeper;
import io.github.stanchion.lock.Lease;
import io.github.stanchion.lock.LeaseLostException;
import io.github.stanchion.lock.LockEvent;
import io.github.stanchion.lock.LockNotAcquiredException;
import io.github.stanchion.lock.LockOutcome;
import io.github.stanchion.lock.Locks;
import io.github.stanchion.store.MicroClock;
import io.github.stanchion.testkit.VirtualClock;
import io.github.stanchion.testkit.VirtualSleeper;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.MDC;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.event.EventListener;
import org.springframework.core.env.MapPropertySource;

/** What is seen of locks from outside: meters, events, the context of the log. */
@Timeout(60)
class LockMetersTest {

    private final VirtualClock clock = new VirtualClock();
    private final VirtualSleeper sleeper = new VirtualSleeper(clock);
    private final ApplicationContextRunner contexts = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    StanchionAutoConfiguration.class,
                    StanchionMetricsAutoConfiguration.class,
                    MetricsAutoConfiguration.class))
            .withBean(MicroClock.class, () -> clock)
            .withBean(Sleeper.class, () -> sleeper)
            .withBean(SimpleMeterRegistry.class)
            .withBean(Desk.class)
            .withBean(Heard.class);

    private static double count(MeterRegistry meters, String meter, String... tags) {
        Meter found = meters.find("stanchion.lock." + meter).tags(tags).meter();
        assertThat(found).as("%s %s", meter, List.of(tags)).isNotNull();
        double sum = 0;
        if (found != null) {
            sum = found.measure().iterator().next().getValue();
        }
        return sum;
    }

    @Test
    void allLocksHaveAllSeriesWithZeroBeforeAnyCallAndKeysMakeNone() {
        contexts.withPropertyValues("stanchion.locks.the-report.wait=1s").run(context -> {
            MeterRegistry meters = context.getBean(MeterRegistry.class);
            for (String name : List.of("desk", "the-report")) {
                for (LockOutcome outcome : LockOutcome.values()) {
                    String tag = outcome.name().toLowerCase(Locale.ROOT);
                    assertThat(count(meters, "acquisitions", "name", name, "outcome", tag))
                            .isZero();
                }
                assertThat(count(meters, "vetoed", "name", name)).isZero();
                assertThat(count(meters, "degraded", "name", name)).isZero();
                assertThat(meters.find("stanchion.guard.calls")
                                .tags("kind", "lock", "name", name)
                                .counters())
                        .isNotEmpty();
            }
            int series = meters.getMeters().size();
            for (int i = 0; i < 1_000; i++) {
                context.getBean(Locks.class).acquire("theReport", "key-" + i).close();
            }
            assertThat(meters.getMeters()).hasSize(series);
            assertThat(count(meters, "acquisitions", "name", "the-report", "outcome", "acquired"))
                    .isEqualTo(1_000);

            Map<String, Object> more = Map.of("stanchion.locks.other.wait", "1s");
            context.getEnvironment().getPropertySources().addFirst(new MapPropertySource("more", more));
            context.getBean(PolicyReloader.class).reload();
            assertThat(count(meters, "vetoed", "name", "other")).isZero();
        });
    }

    @Test
    void callsAreCountedByTheirOutcomeAndTimed() {
        contexts.run(context -> {
            MeterRegistry meters = context.getBean(MeterRegistry.class);
            Desk desk = context.getBean(Desk.class);
            desk.serve();
            desk.nested(desk);
            Lease held = context.getBean(Locks.class).acquireAsync("desk").join();
            assertThat(count(meters, "holders")).isEqualTo(1);
            assertThatThrownBy(desk::serve).isInstanceOf(LockNotAcquiredException.class);
            assertThat(desk.skip()).isNull();
            held.close();

            assertThat(count(meters, "acquisitions", "name", "desk", "outcome", "acquired"))
                    .isEqualTo(3);
            assertThat(count(meters, "acquisitions", "name", "desk", "outcome", "reentered"))
                    .isEqualTo(1);
            assertThat(count(meters, "acquisitions", "name", "desk", "outcome", "refused"))
                    .isEqualTo(1);
            assertThat(count(meters, "acquisitions", "name", "desk", "outcome", "skipped"))
                    .isEqualTo(1);
            assertThat(count(meters, "held", "name", "desk")).isEqualTo(3);
            assertThat(count(meters, "wait", "name", "desk")).isEqualTo(5);
            assertThat(count(meters, "holders")).isZero();
            assertThat(count(meters, "waiting")).isZero();
            assertThat(meters.get("stanchion.guard.calls")
                            .tags("kind", "lock", "name", "desk", "outcome", "admitted")
                            .counter()
                            .count())
                    .isEqualTo(4);
        });
    }

    @Test
    void lossesAndRenewalsAreCountedAndTold() {
        contexts.run(context -> {
            MeterRegistry meters = context.getBean(MeterRegistry.class);
            Desk desk = context.getBean(Desk.class);
            assertThatThrownBy(() -> desk.lose(clock)).isInstanceOf(LeaseLostException.class);
            assertThat(count(meters, "lost", "name", "short", "reason", "expired"))
                    .isEqualTo(1);

            Lease held = context.getBean(Locks.class).acquireAsync("desk").join();
            clock.advance(Duration.ofSeconds(11));
            assertThat(count(meters, "renewals", "name", "desk", "outcome", "held"))
                    .isEqualTo(1);
            assertThat(count(meters, "suspect", "name", "desk")).isZero();
            held.close();

            assertThat(context.getBean(Heard.class).events)
                    .anyMatch(event ->
                            event instanceof LockEvent.Lost lost && lost.name().equals("short"));
        });
    }

    @Test
    void logKnowsTheInnermostLockWhileItIsHeld() {
        contexts.run(context -> {
            Desk desk = context.getBean(Desk.class);
            assertThat(desk.logged()).isEqualTo("desk " + desk.token());
            assertThat(MDC.get("lock.name")).isNull();
            assertThat(MDC.get("lock.token")).isNull();
            CompletableFuture.runAsync(desk::serve).join();
            assertThat(MDC.get("lock.name")).isNull();
        });
    }

    static class Heard {

        private final List<LockEvent> events = new ArrayList<>();

        @EventListener
        public void on(LockEvent event) {
            events.add(event);
        }
    }

    static class Desk {

        private long token;

        long token() {
            return token;
        }

        @WithLock(name = "desk", waitTime = "0s")
        public void serve() {}

        @WithLock(name = "desk", waitTime = "0s")
        public void nested(Desk proxy) {
            proxy.serve();
        }

        @WithLock(name = "desk", onContention = OnContention.SKIP)
        public @Nullable String skip() {
            return "ran";
        }

        @WithLock(name = "desk")
        public String logged() {
            token = Lease.current("desk").fencingToken();
            return MDC.get("lock.name") + " " + MDC.get("lock.token");
        }

        @WithLock(name = "short", leaseTime = "1s", renew = LeaseRenewal.NEVER)
        public void lose(VirtualClock time) {
            time.advance(Duration.ofSeconds(2));
        }
    }
}
