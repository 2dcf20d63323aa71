package io.github.stanchion.spring.weave;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.stanchion.annotation.RateLimited;
import io.github.stanchion.annotation.WithLock;
import io.github.stanchion.guard.GuardEvent;
import io.github.stanchion.guard.GuardListener;
import io.github.stanchion.guard.GuardRejectedException;
import io.github.stanchion.limit.RateLimitDecision;
import io.github.stanchion.limit.RateLimitExceededException;
import io.github.stanchion.lock.Lease;
import io.github.stanchion.lock.LockEvent;
import io.github.stanchion.lock.LockNotAcquiredException;
import io.github.stanchion.lock.LockOutcome;
import io.github.stanchion.lock.LockPolicies;
import io.github.stanchion.lock.Locks;
import io.github.stanchion.spring.autoconfigure.StanchionAutoConfiguration;
import io.github.stanchion.store.AtomicStore;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationListener;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.resilience.annotation.EnableResilientMethods;
import org.springframework.resilience.annotation.Retryable;
import org.springframework.resilience.retry.MethodRetryEvent;
import org.springframework.scheduling.annotation.Async;
import org.springframework.scheduling.annotation.EnableAsync;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.access.prepost.PostAuthorize;
import org.springframework.security.access.prepost.PreAuthorize;
import org.springframework.security.authentication.TestingAuthenticationToken;
import org.springframework.security.concurrent.DelegatingSecurityContextRunnable;
import org.springframework.security.config.annotation.method.configuration.EnableMethodSecurity;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.transaction.annotation.EnableTransactionManagement;
import org.springframework.transaction.annotation.Transactional;
import reactor.core.publisher.Mono;

/** One method with all of it: the chain around it, outermost first, as the documents say, with the real lock. */
class MeasuredChainTest {

    private static final int CALLS = 100;
    private static final String WORKER = "worker-";

    private final ApplicationContextRunner contexts = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(StanchionAutoConfiguration.class))
            .withUserConfiguration(Others.class)
            .withBean(Log.class)
            .withBean(Everything.class)
            .withPropertyValues("stanchion.locks.book.wait=1m");

    @BeforeEach
    void login() {
        SecurityContextHolder.getContext().setAuthentication(new TestingAuthenticationToken("bob", "", "ROLE_USER"));
    }

    @AfterEach
    void logout() {
        SecurityContextHolder.clearContext();
    }

    @Test
    void hundredCallsPassTheChainInTheOrderOfTheTable() {
        contexts.run(context -> {
            Log log = context.getBean(Log.class);
            Everything bean = context.getBean(Everything.class);

            for (int i = 0; i < CALLS; i++) {
                assertThat(bean.write().get(10, TimeUnit.SECONDS)).isEqualTo("done");
            }

            assertThat(log.calls())
                    .hasSize(CALLS)
                    .containsOnly(List.of(
                            "worker",
                            "rate limit",
                            "pre-authorized",
                            "lock",
                            "begin",
                            "body",
                            "commit",
                            "release",
                            "post-authorized"));
        });
    }

    @Test
    void eachAttemptIsChargedAndLocksAnew() {
        contexts.run(context -> {
            Log log = context.getBean(Log.class);
            Everything bean = context.getBean(Everything.class);

            for (int i = 0; i < CALLS; i++) {
                bean.writeAtTheSecondAttempt();
            }
            log.awaitEndOf(CALLS);

            assertThat(log.calls())
                    .hasSize(CALLS)
                    .containsOnly(List.of(
                            "worker",
                            "rate limit",
                            "pre-authorized",
                            "lock",
                            "begin",
                            "body",
                            "rollback",
                            "release",
                            "attempt failed",
                            "rate limit",
                            "pre-authorized",
                            "lock",
                            "begin",
                            "body",
                            "commit",
                            "release",
                            "post-authorized"));
            assertThat(log.transactions())
                    .as("transactions of all threads, one at a time")
                    .isEqualTo(Stream.generate(() -> List.of("begin", "end"))
                            .limit(2 * CALLS)
                            .flatMap(List::stream)
                            .toList());
            assertThat(log.remaining()).isEqualTo(Everything.LIMIT - 2 * CALLS);
        });
    }

    @Test
    void refusalsNeedNotBeRetried() {
        contexts.run(context -> {
            Everything bean = context.getBean(Everything.class);

            assertThat(thrownBy(bean.fail())).isInstanceOf(Flaw.class);
            assertThat(thrownBy(bean.fail())).isInstanceOf(RateLimitExceededException.class);

            assertThat(context.getBean(Log.class).calls())
                    .containsExactlyInAnyOrder(
                            List.of("worker", "rate limit", "attempt failed", "rate limit", "attempt failed"),
                            List.of("worker", "rate limit REFUSED", "attempt failed"));
        });
    }

    @Test
    void failedStageIsNotRetriedAndAFailedPublisherIs() {
        contexts.run(context -> {
            Everything bean = context.getBean(Everything.class);

            assertThat(thrownBy(bean.failStage())).isInstanceOf(Flaw.class);
            assertThat(thrownBy(bean.failStage())).isInstanceOf(Flaw.class);
            assertThat(thrownBy(bean.failStage())).isInstanceOf(RateLimitExceededException.class);

            assertThatThrownBy(bean.failPublisher()::block).hasRootCauseInstanceOf(Flaw.class);
            assertThatThrownBy(bean.failPublisher()::block).isInstanceOf(RateLimitExceededException.class);
        });
    }

    @Test
    void refusalsAreInTheFutureAndEndTheCallWhereTheyStand() {
        contexts.withPropertyValues("stanchion.rate-limits.all.limit=3/1d", "stanchion.locks.book.wait=0s")
                .run(context -> {
                    Log log = context.getBean(Log.class);
                    Everything bean = context.getBean(Everything.class);
                    Judge judge = context.getBean(Judge.class);

                    judge.before = false;
                    assertThat(thrownBy(bean.write())).isInstanceOf(AccessDeniedException.class);
                    judge.before = true;
                    try (Locks elsewhere = Locks.builder(LockPolicies.of(Map.of()), context.getBean(AtomicStore.class))
                                    .build();
                            Lease held = elsewhere.acquireAsync("book").get(10, TimeUnit.SECONDS)) {
                        assertThat(held.isHeld()).isTrue();
                        assertThat(thrownBy(bean.write())).isInstanceOf(LockNotAcquiredException.class);
                    }
                    judge.after = false;
                    assertThat(thrownBy(bean.write())).isInstanceOf(AccessDeniedException.class);
                    assertThat(thrownBy(bean.write())).isInstanceOf(RateLimitExceededException.class);

                    assertThat(log.calls())
                            .containsExactlyInAnyOrder(
                                    List.of("worker", "rate limit", "pre-authorized"),
                                    List.of(
                                            "worker",
                                            "rate limit",
                                            "pre-authorized",
                                            "lock REFUSED",
                                            "post-authorized"),
                                    List.of(
                                            "worker",
                                            "rate limit",
                                            "pre-authorized",
                                            "lock",
                                            "begin",
                                            "body",
                                            "commit",
                                            "release",
                                            "post-authorized"),
                                    List.of("worker", "rate limit REFUSED"));
                });
    }

    @Test
    void lockCanStandOutsideOfAuthorization() {
        contexts.withPropertyValues("stanchion.order=lock,authorization,rate-limit")
                .run(context -> {
                    Log log = context.getBean(Log.class);
                    Everything bean = context.getBean(Everything.class);

                    assertThat(bean.write().get(10, TimeUnit.SECONDS)).isEqualTo("done");
                    context.getBean(Judge.class).before = false;
                    assertThat(thrownBy(bean.write())).isInstanceOf(AccessDeniedException.class);

                    assertThat(log.calls())
                            .containsExactlyInAnyOrder(
                                    List.of(
                                            "worker",
                                            "lock",
                                            "pre-authorized",
                                            "rate limit",
                                            "begin",
                                            "body",
                                            "commit",
                                            "post-authorized",
                                            "release"),
                                    List.of("worker", "lock", "pre-authorized", "release"));
                });
    }

    private static Throwable thrownBy(Future<String> result) throws Exception {
        try {
            throw new AssertionError("Returned " + result.get(10, TimeUnit.SECONDS));
        } catch (ExecutionException failed) {
            return failed.getCause();
        }
    }

    /** What happened, in order, and on which thread. */
    static class Log {

        private final List<Entry> entries = new CopyOnWriteArrayList<>();
        private final Semaphore ended = new Semaphore(0);
        private final AtomicLong remaining = new AtomicLong(Everything.LIMIT);

        void add(String what) {
            entries.add(new Entry(Thread.currentThread().getName(), what));
        }

        void hear(GuardEvent event) {
            if (event instanceof RateLimitDecision decision) {
                remaining.accumulateAndGet(decision.verdict().remaining(), Math::min);
                add(decision.outcome().isAdmitted() ? "rate limit" : "rate limit REFUSED");
            } else if (event instanceof LockEvent.Decided decided) {
                add(decided.outcome() == LockOutcome.ACQUIRED ? "lock" : "lock " + decided.outcome());
            } else if (event instanceof LockEvent.Released) {
                add("release");
            }
        }

        long remaining() {
            return remaining.get();
        }

        /** What happened in each call, all of it on a worker's thread. */
        List<List<String>> calls() {
            assertThat(entries).allSatisfy(entry -> assertThat(entry.thread()).startsWith(WORKER));
            return entries.stream()
                    .map(Entry::thread)
                    .distinct()
                    .flatMap(thread -> split(entries.stream()
                            .filter(entry -> entry.thread().equals(thread))
                            .map(Entry::what)
                            .toList()))
                    .toList();
        }

        private static Stream<List<String>> split(List<String> calls) {
            int[] starts = IntStream.concat(
                            IntStream.range(0, calls.size())
                                    .filter(at -> calls.get(at).equals("worker")),
                            IntStream.of(calls.size()))
                    .toArray();
            return IntStream.range(1, starts.length).mapToObj(i -> calls.subList(starts[i - 1], starts[i]));
        }

        /** How transactions of all threads followed each other. */
        List<String> transactions() {
            return entries.stream()
                    .map(Entry::what)
                    .filter(List.of("begin", "commit", "rollback")::contains)
                    .map(what -> what.equals("begin") ? what : "end")
                    .toList();
        }

        void ended() {
            ended.release();
        }

        void awaitEndOf(int calls) throws InterruptedException {
            assertThat(ended.tryAcquire(calls, 1, TimeUnit.MINUTES)).isTrue();
        }

        private record Entry(String thread, String what) {}
    }

    static class Everything {

        static final int LIMIT = 1000;

        private final Log log;
        private final ThreadLocal<Boolean> failed = ThreadLocal.withInitial(() -> false);

        Everything(Log log) {
            this.log = log;
        }

        @Async
        @Retryable(includes = Flaw.class, maxRetries = 1, delay = 0)
        @RateLimited(name = "all", limit = LIMIT + "/1d")
        @PreAuthorize("@judge.before()")
        @PostAuthorize("@judge.after()")
        @WithLock("book")
        @Transactional
        public CompletableFuture<String> write() {
            log.add("body");
            return CompletableFuture.completedFuture("done");
        }

        @Async
        @Retryable(includes = Flaw.class, maxRetries = 1, delay = 0)
        @RateLimited(name = "all", limit = LIMIT + "/1d")
        @PreAuthorize("@judge.before()")
        @PostAuthorize("@judge.after()")
        @WithLock("book")
        @Transactional
        public void writeAtTheSecondAttempt() {
            log.add("body");
            failed.set(!failed.get());
            if (failed.get()) {
                throw new Flaw();
            }
        }

        @Async
        @Retryable(excludes = GuardRejectedException.class, maxRetries = 1, delay = 0)
        @RateLimited(limit = "2/1d")
        public Future<String> fail() {
            throw new Flaw();
        }

        @Async
        @Retryable(includes = Flaw.class, maxRetries = 1, delay = 0)
        @RateLimited(limit = "2/1d")
        public CompletableFuture<String> failStage() {
            throw new Flaw();
        }

        @Retryable(includes = Flaw.class, maxRetries = 1, delay = 0)
        @RateLimited(limit = "2/1d")
        public Mono<String> failPublisher() {
            return Mono.error(Flaw::new);
        }
    }

    static final class Flaw extends RuntimeException {

        private static final long serialVersionUID = 1L;
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAsync
    @EnableResilientMethods
    @EnableTransactionManagement
    @EnableMethodSecurity
    static class Others {

        @Bean
        GuardListener listener(Log log) {
            return log::hear;
        }

        @Bean
        ApplicationListener<MethodRetryEvent> attempts(Log log) {
            return event -> {
                if (!event.isRetryAborted()) {
                    log.add("attempt failed");
                }
            };
        }

        @Bean
        ThreadPoolTaskExecutor taskExecutor(Log log) {
            ThreadPoolTaskExecutor workers = new ThreadPoolTaskExecutor();
            workers.setThreadNamePrefix(WORKER);
            workers.setCorePoolSize(4);
            workers.setTaskDecorator(task -> new DelegatingSecurityContextRunnable(() -> {
                log.add("worker");
                task.run();
                log.ended();
            }));
            return workers;
        }

        @Bean
        Judge judge(Log log) {
            return new Judge(log::add);
        }

        @Bean
        GuardAdvisorTest.Transactions transactionManager(Log log) {
            return new GuardAdvisorTest.Transactions(log::add);
        }
    }

    static class Judge {

        private final Consumer<String> notes;
        private volatile boolean before = true;
        private volatile boolean after = true;

        Judge(Consumer<String> notes) {
            this.notes = notes;
        }

        public boolean before() {
            notes.accept("pre-authorized");
            return before;
        }

        public boolean after() {
            notes.accept("post-authorized");
            return after;
        }
    }
}
