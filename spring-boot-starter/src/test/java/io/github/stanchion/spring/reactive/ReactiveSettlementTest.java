package io.github.stanchion.spring.reactive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.stanchion.annotation.RateLimited;
import io.github.stanchion.limit.RateLimiters;
import io.github.stanchion.spring.autoconfigure.StanchionAutoConfiguration;
import io.github.stanchion.testkit.VirtualClock;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** What a call really costs is known when its result ends. */
class ReactiveSettlementTest {

    private static final long CAPACITY = 100;

    private final ApplicationContextRunner contexts = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(StanchionAutoConfiguration.class))
            .withBean(VirtualClock.class)
            .withBean(Model.class);

    @Test
    void monoIsChargedWhatItCostsOnceItIsThere() {
        running((model, limiters) -> {
            Mono<Usage> answer = model.answer("m");
            assertThat(remaining(limiters, "m")).isEqualTo(CAPACITY);
            List<Usage> got = new ArrayList<>();
            answer.subscribe(got::add);
            assertThat(remaining(limiters, "m")).isEqualTo(CAPACITY - 10);

            model.one().tryEmitValue(new Usage(25));

            assertThat(got).containsExactly(new Usage(25));
            assertThat(remaining(limiters, "m")).isEqualTo(CAPACITY - 25);
        });
    }

    @Test
    void fluxIsChargedWhatItsLastElementSaysOnceItEnds() {
        running((model, limiters) -> {
            List<Usage> got = new ArrayList<>();
            model.stream("f").subscribe(got::add);
            model.many().tryEmitNext(new Usage(40));
            model.many().tryEmitNext(new Usage(3));
            assertThat(got).hasSize(2);
            assertThat(remaining(limiters, "f")).isEqualTo(CAPACITY - 10);

            model.many().tryEmitComplete();

            assertThat(remaining(limiters, "f")).isEqualTo(CAPACITY - 3);
        });
    }

    @Test
    void cancellationLeavesWhatWasReserved() {
        running((model, limiters) -> {
            Disposable mono = model.answer("m").subscribe();
            mono.dispose();
            model.one().tryEmitValue(new Usage(1));
            assertThat(remaining(limiters, "m")).isEqualTo(CAPACITY - 10);

            model.many().tryEmitNext(new Usage(1));
            assertThat(model.stream("f").take(1).collectList().block()).containsExactly(new Usage(1));
            assertThat(remaining(limiters, "f")).isEqualTo(CAPACITY - 10);
        });
    }

    @Test
    void costThatCannotBeKnownLeavesWhatWasReserved() {
        running((model, limiters) -> {
            model.many().tryEmitError(new IllegalStateException("cut off"));
            assertThatThrownBy(() -> model.stream("f").blockLast()).hasMessage("cut off");
            assertThat(remaining(limiters, "f")).isEqualTo(CAPACITY - 10);
        });
    }

    private static long remaining(RateLimiters limiters, String who) {
        return limiters.peek("llm", who).remaining();
    }

    private void running(Trial trial) {
        contexts.run(context -> trial.with(context.getBean(Model.class), context.getBean(RateLimiters.class)));
    }

    private interface Trial {
        void with(Model model, RateLimiters limiters);
    }

    /** What an answer has cost. */
    public record Usage(int tokens) {}

    static class Model {

        private final Sinks.One<Usage> one = Sinks.one();
        private final Sinks.Many<Usage> many = Sinks.many().unicast().onBackpressureBuffer();

        public Sinks.One<Usage> one() {
            return one;
        }

        public Sinks.Many<Usage> many() {
            return many;
        }

        @RateLimited(name = "llm", limit = "100/1h", key = "#who", cost = "10", settle = "#result.tokens()")
        public Mono<Usage> answer(String who) {
            return one.asMono();
        }

        @RateLimited(name = "llm", limit = "100/1h", key = "#who", cost = "10", settle = "#result.tokens()")
        public Flux<Usage> stream(String who) {
            return many.asFlux();
        }
    }
}
