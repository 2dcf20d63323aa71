package io.github.stanchion.spring.reactive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.stanchion.guard.GuardRejectedException;
import io.github.stanchion.guard.Sleeper;
import io.github.stanchion.spring.autoconfigure.StanchionAutoConfiguration;
import io.github.stanchion.spring.weave.Noted;
import io.github.stanchion.spring.weave.NotingBinder;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import reactor.adapter.JdkFlowAdapter;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.util.context.ContextView;

class ReactiveResultsTest {

    private final HandSleeper sleeper = new HandSleeper();
    private final ApplicationContextRunner contexts = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(StanchionAutoConfiguration.class))
            .withBean(Sleeper.class, () -> sleeper)
            .withBean(NotingBinder.class)
            .withBean(Service.class);

    @Test
    void nothingHappensBeforeSubscriptionAndEachSubscriptionIsACall() {
        running((service, binder) -> {
            Mono<String> mono = service.mono("a");
            assertThat(binder.notes()).isEmpty();
            assertThat(service.runs()).isZero();

            assertThat(mono.block()).isEqualTo("a");
            assertThat(mono.block()).isEqualTo("a");

            assertThat(service.runs()).isEqualTo(2);
            assertThat(binder.notes()).containsExactly("enter m", "left m returned a", "enter m", "left m returned a");
        });
    }

    @Test
    void emptyMonoReturnsNothing() {
        running((service, binder) -> {
            assertThat(service.nothing().block()).isNull();
            assertThat(binder.notes()).containsExactly("enter e", "left e returned null");
        });
    }

    @Test
    void fluxEndsWithItsLastElement() {
        running((service, binder) -> {
            assertThat(service.flux().collectList().block()).containsExactly("a", "b", "b");
            assertThat(binder.notes()).containsExactly("enter f", "left f returned b");
        });
    }

    @Test
    void errorEndsTheCallAndReachesTheSubscriber() {
        running((service, binder) -> {
            assertThatThrownBy(() -> service.failing().block()).hasMessage("broken");
            assertThat(binder.notes()).containsExactly("enter x", "left x threw broken");
        });
    }

    @Test
    void exceptionWhileAssemblingIsAnErrorOfTheResult() {
        running((service, binder) -> {
            assertThatThrownBy(() -> service.throwing().block()).hasMessage("at once");
            assertThat(binder.notes()).containsExactly("enter t", "left t threw at once");
        });
    }

    @Test
    void rejectionIsAnErrorOfTheResultAndTheMethodDoesNotRun() {
        running((service, binder) -> {
            binder.refuse();

            assertThatThrownBy(() -> service.mono("a").block()).isInstanceOf(GuardRejectedException.class);
            assertThatThrownBy(() -> service.flux().blockLast()).isInstanceOf(GuardRejectedException.class);
            assertThat(service.runs()).isZero();
        });
    }

    @Test
    void fallbackAnswersARejection() {
        running((service, binder) -> {
            binder.refuse();
            binder.fallBack((call, failure) ->
                    call.method().returnType() == Mono.class ? Mono.just("instead") : Flux.just("in", "stead"));

            assertThat(service.mono("a").block()).isEqualTo("instead");
            assertThat(service.flux().collectList().block()).containsExactly("in", "stead");
        });
    }

    @Test
    void fallbackAnswersAFailureOnceTheCallHasBeenLeft() {
        running((service, binder) -> {
            binder.fallBack((call, failure) -> Mono.just("instead of " + failure.getMessage()));

            assertThat(service.failing().block()).isEqualTo("instead of broken");
            assertThat(binder.notes()).containsExactly("enter x", "left x threw broken");
        });
    }

    @Test
    void cancellationWhileRunningEndsTheCallOnce() {
        running((service, binder) -> {
            Disposable running = service.hanging().subscribe();
            running.dispose();
            running.dispose();

            assertThat(binder.notes()).containsExactly("enter h", "left h Cancelled");
        });
    }

    @Test
    void takingPartOfAFluxIsACancellation() {
        running((service, binder) -> {
            assertThat(service.flux().take(1).collectList().block()).containsExactly("a");
            assertThat(binder.notes()).containsExactly("enter f", "left f Cancelled");
        });
    }

    @Test
    void waitingBlocksNoThreadAndCanBeGivenUp() {
        running((service, binder) -> {
            binder.pause(1_000);
            List<String> got = new ArrayList<>();
            service.mono("a").subscribe(got::add);
            Disposable impatient = service.mono("b").subscribe(got::add);
            assertThat(service.runs()).isZero();

            impatient.dispose();
            sleeper.elapse();

            assertThat(got).containsExactly("a");
            assertThat(binder.notes()).containsExactly("enter m", "enter m", "abandoned m", "left m returned a");
        });
    }

    @Test
    void subscribersContextIsTheCallsAndReachesTheMethod() {
        running((service, binder) -> {
            String user = service.contextual()
                    .contextWrite(context -> context.put("user", "bob"))
                    .block();

            assertThat(user).isEqualTo("bob");
            assertThat(binder.contexts()).singleElement().satisfies(context -> assertThat(
                            ((ContextView) context).<String>get("user"))
                    .isEqualTo("bob"));
        });
    }

    @Test
    void otherPublishersAreAdapted() {
        running((service, binder) -> {
            assertThat(Flux.from(JdkFlowAdapter.flowPublisherToFlux(service.flow()))
                            .collectList()
                            .block())
                    .containsExactly("a", "b");
            assertThat(binder.notes()).containsExactly("enter j", "left j returned b");
        });
    }

    @Test
    void stagesAreNotThisAdaptersAndStartAtOnce() {
        running((service, binder) -> {
            CompletableFuture<String> stage = service.stage();

            assertThat(stage).isCompletedWithValue("s");
            assertThat(stage).isCompletedWithValue("s");
            assertThat(binder.notes()).containsExactly("enter s", "left s returned s");
        });
    }

    private void running(BiConsumer<Service, NotingBinder> test) {
        contexts.run(context -> test.accept(context.getBean(Service.class), context.getBean(NotingBinder.class)));
    }

    /** Lets time pass when told to. */
    private static final class HandSleeper implements Sleeper {

        private final List<CompletableFuture<Void>> waits = new ArrayList<>();

        @Override
        public void sleep(long micros) {
            throw new AssertionError("A thread was blocked");
        }

        @Override
        public CompletionStage<Void> sleepAsync(long micros) {
            CompletableFuture<Void> wait = new CompletableFuture<>();
            waits.add(wait);
            return wait;
        }

        void elapse() {
            waits.forEach(wait -> wait.complete(null));
        }
    }

    static class Service {

        private int runs;

        public int runs() {
            return runs;
        }

        @Noted("m")
        public Mono<String> mono(String text) {
            runs++;
            return Mono.just(text);
        }

        @Noted("e")
        public Mono<String> nothing() {
            return Mono.empty();
        }

        @Noted("f")
        public Flux<String> flux() {
            runs++;
            return Flux.just("a", "b", "b");
        }

        @Noted("x")
        public Mono<String> failing() {
            return Mono.error(new IllegalStateException("broken"));
        }

        @Noted("t")
        public Mono<String> throwing() {
            throw new IllegalStateException("at once");
        }

        @Noted("h")
        public Flux<String> hanging() {
            return Sinks.many().unicast().<String>onBackpressureBuffer().asFlux();
        }

        @Noted("c")
        public Mono<String> contextual() {
            return Mono.deferContextual(context -> Mono.just(context.get("user")));
        }

        @Noted("j")
        public Flow.Publisher<String> flow() {
            return JdkFlowAdapter.publisherToFlowPublisher(Flux.just("a", "b"));
        }

        @Noted("s")
        public CompletableFuture<String> stage() {
            return CompletableFuture.completedFuture("s");
        }
    }
}
