package io.github.stanchion.spring.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.stanchion.annotation.OnContention;
import io.github.stanchion.annotation.WithLock;
import io.github.stanchion.lock.Lease;
import io.github.stanchion.lock.LockNotAcquiredException;
import io.github.stanchion.lock.LockPolicies;
import io.github.stanchion.lock.Locks;
import io.github.stanchion.lock.ResultCodec;
import io.github.stanchion.lock.ResultCodecs;
import io.github.stanchion.memory.MemoryStore;
import io.github.stanchion.store.StoreException;
import io.github.stanchion.testkit.Together;
import io.github.stanchion.testkit.VirtualClock;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** Locks of an application on memory: beans, guarded methods, results that are shared. */
class LockConfigurationTest {

    private final ApplicationContextRunner contexts = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(StanchionAutoConfiguration.class))
            .withBean(Office.class);

    @Test
    void guardedMethodRunsAloneAndHoldsItsLock() throws Exception {
        contexts.run(context -> {
            Office office = context.getBean(Office.class);
            inside(4, 25, () -> office.file(1));

            assertThat(office.most()).isEqualTo(1);
            assertThat(office.done()).isEqualTo(100);
            assertThat(context.getBean(Locks.class).holding()).isZero();
        });
    }

    @Test
    void keysAreLocksOfTheirOwn() {
        contexts.run(context -> {
            Office office = context.getBean(Office.class);
            Locks locks = context.getBean(Locks.class);
            try (Lease lease = locks.acquire("document", 1)) {
                assertThat(lease.isHeld()).isTrue();
                // Entered again by its holder, and free for other keys.
                assertThat(office.file(1)).isEqualTo(lease.fencingToken());
                assertThat(elsewhere(() -> office.file(2))).isPositive();
                assertThatThrownBy(() -> elsewhere(() -> office.tryToFile(1)))
                        .isInstanceOf(LockNotAcquiredException.class);
            }
        });
    }

    @Test
    void fileWinsOverAnnotation() {
        contexts.withPropertyValues(
                        "stanchion.locks.document.wait=0s",
                        "stanchion.locks.document.on-contention=skip",
                        "stanchion.locks.document.skip-value=7L")
                .run(context -> {
                    try (Lease held = context.getBean(Locks.class).acquire("document", 1)) {
                        assertThat(elsewhere(() -> context.getBean(Office.class).file(1)))
                                .isEqualTo(7)
                                .isNotEqualTo(held.fencingToken());
                    }
                });
    }

    @Test
    void disabledGuardsLockNothing() {
        contexts.withPropertyValues("stanchion.enabled=false").run(context -> {
            Locks locks = context.getBean(Locks.class);
            try (Lease outer = locks.acquire("document", 1)) {
                assertThat(outer.isHeld()).isTrue();
                assertThat(locks.holding()).isZero();
                assertThat(elsewhere(() -> locks.tryAcquire("document", 1))).isNotNull();
            }
        });
    }

    @Test
    void userBeansWin() {
        LockPolicies policies = LockPolicies.of(Map.of());
        Locks locks = Locks.builder(policies, MemoryStore.builder().build()).build();
        new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(StanchionAutoConfiguration.class))
                .withBean("mine", Locks.class, () -> locks)
                .run(context -> assertThat(context).getBean(Locks.class).isSameAs(locks));
    }

    @Test
    void noThreadBeforeTheFirstLockedCall() {
        Set<Thread> before = threads();
        contexts.run(context -> {
            assertThat(context).hasSingleBean(Locks.class);
            assertThat(news(before)).noneMatch(name -> name.contains("lease") || name.contains("lock"));

            context.getBean(Office.class).file(1);
            assertThat(news(before)).anyMatch(name -> name.contains("lease"));
        });
    }

    @Test
    void locksAreClosedBeforeTheirStore() {
        Lease[] left = new Lease[1];
        contexts.run(context -> {
            left[0] = context.getBean(Locks.class).acquire("document", 1);
            assertThat(context.getBeanFactory().getDependenciesForBean("locks")).contains("stanchionStore");
        });
        assertThatThrownBy(left[0]::verify).isInstanceOf(StoreException.class);
        left[0].close();
    }

    @Test
    void singleFlightSharesResultsAsJson() throws Exception {
        contexts.run(context -> {
            Office office = context.getBean(Office.class);
            List<Report> reports = Together.run(8, number -> office.report("may"));

            assertThat(reports).containsOnly(new Report("may", List.of(1, 2)));
            assertThat(office.reports()).isEqualTo(1);
        });
    }

    @Test
    void singleFlightWithoutACodecStopsTheStart() {
        StartFailure.of(contexts.withClassLoader(new FilteredClassLoader("tools.jackson.databind")))
                .describes("Lock 'report' on Office.report")
                .describes("which nothing turns into bytes")
                .advises("add Jackson, or declare a ResultCodecs bean");
    }

    @Test
    void codecsOfTheApplicationComeFirst() {
        AtomicInteger encoded = new AtomicInteger();
        ResultCodecs own = type -> type != Report.class
                ? null
                : new ResultCodec() {
                    @Override
                    public byte[] encode(@Nullable Object result) {
                        encoded.incrementAndGet();
                        return "mine".getBytes(StandardCharsets.UTF_8);
                    }

                    @Override
                    public Object decode(byte[] bytes) {
                        return new Report(new String(bytes, StandardCharsets.UTF_8), List.of());
                    }
                };
        contexts.withBean("own", ResultCodecs.class, () -> own).run(context -> {
            context.getBean(Office.class).report("may");
            assertThat(encoded).hasValue(1);
        });
    }

    @Test
    void leasesAgeWithADrivenClock() {
        VirtualClock clock = new VirtualClock();
        contexts.withBean(VirtualClock.class, () -> clock).run(context -> {
            Lease lease = context.getBean(Locks.class).acquire("document", 1);
            long before = lease.remaining().toMillis();
            clock.advance(Duration.ofSeconds(1));
            assertThat(before - lease.remaining().toMillis()).isEqualTo(1_000);
            lease.close();
        });
    }

    private static Set<Thread> threads() {
        return Thread.getAllStackTraces().keySet();
    }

    private static Set<String> news(Set<Thread> before) {
        return threads().stream()
                .filter(thread -> !before.contains(thread))
                .map(Thread::getName)
                .collect(Collectors.toSet());
    }

    private static <T> T elsewhere(Callable<T> call) throws Exception {
        return Together.run(1, number -> call.call()).get(0);
    }

    private static void inside(int threads, int times, Callable<?> call) throws Exception {
        Together.run(threads, number -> {
            for (int i = 0; i < times; i++) {
                call.call();
            }
            return true;
        });
    }

    public record Report(String month, List<Integer> figures) {}

    public static class Office {

        private final AtomicInteger now = new AtomicInteger();
        private final AtomicInteger most = new AtomicInteger();
        private final AtomicInteger done = new AtomicInteger();
        private final AtomicInteger reports = new AtomicInteger();

        @WithLock(name = "document", key = "#id", waitTime = "20s")
        public long file(long id) {
            most.accumulateAndGet(now.incrementAndGet(), Math::max);
            Thread.onSpinWait();
            now.decrementAndGet();
            done.incrementAndGet();
            return Lease.current("document").fencingToken();
        }

        @WithLock(name = "document", key = "#id", waitTime = "0s")
        public long tryToFile(long id) {
            return id;
        }

        public int most() {
            return most.get();
        }

        public int done() {
            return done.get();
        }

        public int reports() {
            return reports.get();
        }

        @WithLock(name = "report", key = "#month", onContention = OnContention.SINGLE_FLIGHT, share = "1m")
        public Report report(String month) {
            reports.incrementAndGet();
            return new Report(month, List.of(1, 2));
        }
    }
}
