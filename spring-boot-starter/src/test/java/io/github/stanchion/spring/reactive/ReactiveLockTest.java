package io.github.stanchion.spring.reactive;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.stanchion.annotation.OnContention;
import io.github.stanchion.annotation.WithLock;
import io.github.stanchion.lock.Lease;
import io.github.stanchion.lock.LockNotAcquiredException;
import io.github.stanchion.lock.Locks;
import io.github.stanchion.spring.autoconfigure.StanchionAutoConfiguration;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.reactivestreams.Publisher;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Schedulers;

/** Locks around reactive methods: held from the subscription to the end of the result, wherever that comes. */
@Timeout(60)
class ReactiveLockTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final ApplicationContextRunner contexts = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(StanchionAutoConfiguration.class))
            .withBean(Inner.class)
            .withBean(Desk.class);

    private static boolean isFree(Locks locks) {
        Lease lease = CompletableFuture.supplyAsync(() -> locks.tryAcquire("desk", "x"))
                .join();
        if (lease == null) {
            return false;
        }
        lease.close();
        return true;
    }

    @Test
    void monoIsHeldFromItsSubscriptionUntilItsValueWhicheverThreadBringsIt() {
        contexts.run(context -> {
            Locks locks = context.getBean(Locks.class);
            Sinks.One<String> work = Sinks.one();
            Mono<String> result =
                    context.getBean(Desk.class).serve("x", work.asMono().publishOn(Schedulers.parallel()));
            assertThat(isFree(locks)).isTrue();
            CompletableFuture<String> value = result.toFuture();
            assertThat(isFree(locks)).isFalse();
            work.tryEmitValue("done").orThrow();
            assertThat(value).succeedsWithin(PATIENCE).isEqualTo("done");
            assertThat(isFree(locks)).isTrue();
        });
    }

    @Test
    void errorAndCancellationFreeIt() {
        contexts.run(context -> {
            Locks locks = context.getBean(Locks.class);
            Desk desk = context.getBean(Desk.class);
            Mono<String> failing = desk.serve("x", Mono.error(new IllegalStateException("business")));
            assertThat(failing.toFuture())
                    .failsWithin(PATIENCE)
                    .withThrowableThat()
                    .withMessageContaining("business");
            assertThat(isFree(locks)).isTrue();

            Disposable subscription = desk.serve("x", Mono.never()).subscribe();
            assertThat(isFree(locks)).isFalse();
            subscription.dispose();
            assertThat(isFree(locks)).isTrue();

            Disposable stream =
                    desk.stream("x", Flux.<String>never().startWith("first")).subscribe();
            assertThat(isFree(locks)).isFalse();
            stream.dispose();
            assertThat(isFree(locks)).isTrue();
            assertThat(locks.holding()).isZero();
            assertThat(locks.waiting()).isZero();
        });
    }

    @Test
    void fluxIsHeldUntilItsLastElementAndWaitersBlockNoThread() {
        contexts.run(context -> {
            Desk desk = context.getBean(Desk.class);
            Sinks.Many<String> work = Sinks.many().unicast().onBackpressureBuffer();
            CompletableFuture<List<String>> first =
                    desk.stream("x", work.asFlux()).collectList().toFuture();
            CompletableFuture<String> second = desk.serve("x", Mono.just("second"))
                    .subscribeOn(Schedulers.parallel())
                    .toFuture();
            work.tryEmitNext("a").orThrow();
            assertThat(second).isNotDone();
            work.tryEmitNext("b").orThrow();
            work.tryEmitComplete().orThrow();
            assertThat(first).succeedsWithin(PATIENCE).isEqualTo(List.of("a", "b"));
            assertThat(second).succeedsWithin(PATIENCE).isEqualTo("second");
        });
    }

    @Test
    void chainEntersItsLockAgainOnAnotherThread() {
        contexts.run(
                context -> assertThat(context.getBean(Desk.class).nested("x").toFuture())
                        .succeedsWithin(PATIENCE)
                        .isEqualTo("inner"));
    }

    @Test
    void skippedMonoIsEmptyAndRefusedOneFails() {
        contexts.withPropertyValues("stanchion.locks.desk.wait=0s").run(context -> {
            Desk desk = context.getBean(Desk.class);
            Disposable holder = desk.serve("x", Mono.never()).subscribe();
            assertThat(CompletableFuture.supplyAsync(() -> desk.skip("x").blockOptional())
                            .join())
                    .isEmpty();
            CompletableFuture<String> refused =
                    desk.serve("x", Mono.just("late")).toFuture();
            assertThat(refused)
                    .failsWithin(PATIENCE)
                    .withThrowableThat()
                    .withCauseInstanceOf(LockNotAcquiredException.class);
            holder.dispose();
        });
    }

    @Test
    void skippedCallComesToItsValueWhateverTheMethodReturns() {
        contexts.run(context -> {
            Desk desk = context.getBean(Desk.class);
            Disposable holder = desk.serve("x", Mono.never()).subscribe();
            assertThat(desk.skipStream("x").collectList().toFuture())
                    .succeedsWithin(PATIENCE)
                    .isEqualTo(List.of("a", "b"));
            assertThat(Flux.from(desk.skipPublisher("x")).collectList().toFuture())
                    .succeedsWithin(PATIENCE)
                    .isEqualTo(List.of());
            assertThat(desk.skipStage("x")).isCompletedWithValue("skipped");
            assertThat(desk.skipEmptyStage("x")).isCompletedWithValue(Optional.empty());
            holder.dispose();
            assertThat(desk.skipStream("x").collectList().toFuture())
                    .succeedsWithin(PATIENCE)
                    .isEqualTo(List.of("ran"));
            assertThat(desk.skipStage("x")).succeedsWithin(PATIENCE).isEqualTo("ran");
        });
    }

    @Test
    void oneSubscriberComputesForAll() {
        contexts.run(context -> {
            Desk desk = context.getBean(Desk.class);
            Sinks.One<String> work = Sinks.one();
            List<CompletableFuture<String>> all = List.of(
                    desk.shared("x", work.asMono()).toFuture(),
                    desk.shared("x", work.asMono()).toFuture(),
                    desk.shared("x", work.asMono()).toFuture());
            work.tryEmitValue("price").orThrow();
            all.forEach(each -> assertThat(each).succeedsWithin(PATIENCE).isEqualTo("price"));
            assertThat(desk.computed()).isEqualTo(1);
        });
    }

    static class Inner {

        @WithLock(name = "desk", key = "#key", waitTime = "1s")
        public Mono<String> serve(String key) {
            return Mono.just("inner");
        }
    }

    static class Desk {

        private final ObjectProvider<Inner> inner;
        private final AtomicInteger computed = new AtomicInteger();

        Desk(ObjectProvider<Inner> inner) {
            this.inner = inner;
        }

        int computed() {
            return computed.get();
        }

        @WithLock(name = "desk", key = "#key", waitTime = "20s")
        public Mono<String> serve(String key, Mono<String> work) {
            return work;
        }

        @WithLock(name = "desk", key = "#key")
        public Flux<String> stream(String key, Flux<String> work) {
            return work;
        }

        @WithLock(name = "desk", key = "#key")
        public Mono<String> nested(String key) {
            return Mono.just(key).publishOn(Schedulers.parallel()).flatMap(same -> inner.getObject()
                    .serve(same));
        }

        @WithLock(name = "desk", key = "#key", onContention = OnContention.SKIP)
        public Mono<String> skip(String key) {
            return Mono.just("ran");
        }

        @WithLock(name = "desk", key = "#key", onContention = OnContention.SKIP, skipValue = "{'a', 'b'}")
        public Flux<String> skipStream(String key) {
            return Flux.just("ran");
        }

        @WithLock(name = "desk", key = "#key", onContention = OnContention.SKIP)
        public Publisher<String> skipPublisher(String key) {
            return Mono.just("ran");
        }

        @WithLock(name = "desk", key = "#key", onContention = OnContention.SKIP, skipValue = "'skipped'")
        public CompletableFuture<String> skipStage(String key) {
            return CompletableFuture.completedFuture("ran");
        }

        @WithLock(name = "desk", key = "#key", onContention = OnContention.SKIP)
        public CompletableFuture<Optional<String>> skipEmptyStage(String key) {
            return CompletableFuture.completedFuture(Optional.of("ran"));
        }

        @WithLock(name = "shared", key = "#key", onContention = OnContention.SINGLE_FLIGHT)
        public Mono<String> shared(String key, Mono<String> work) {
            computed.incrementAndGet();
            return work;
        }
    }
}
