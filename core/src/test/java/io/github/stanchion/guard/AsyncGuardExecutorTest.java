package io.github.stanchion.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.stanchion.guard.ScriptedGuard.Refused;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class AsyncGuardExecutorTest {

    private final List<String> log = new ArrayList<>();
    private final CountingStore store = new CountingStore();
    private final VirtualSleeper sleeper = new VirtualSleeper();
    private final GuardExecutor executor = new GuardExecutor(sleeper);
    private final CompletableFuture<Object> inner = new CompletableFuture<>();

    @Test
    void storeThatAnswersAtOnceLetsTheMethodRunOnTheCallersThread() throws Throwable {
        AtomicInteger thread = new AtomicInteger();
        CompletableFuture<Object> result = execute(
                () -> {
                    thread.set((int) Thread.currentThread().getId());
                    return inner;
                },
                guard("a").begin(store::ask));

        assertThat(thread).hasValue((int) Thread.currentThread().getId());
        assertThat(result).isNotDone();
        inner.complete("value");
        assertThat(result).isCompletedWithValue("value");
        assertThat(store.threadsBlocked).isZero();
    }

    @Test
    void methodRunsWhenTheStoreHasAnsweredAndTheResultCompletesWhenGuardsAreLeft() throws Throwable {
        store.hold();
        CompletableFuture<Object> result = execute(
                this::body,
                guard("a").begin(store::ask).left(outcome -> store.askAll()),
                guard("b").watching());
        assertThat(log).containsExactly("a begins");

        store.release();
        assertThat(log).containsExactly("a begins", "b begins", "body");

        inner.complete("value");
        assertThat(log).endsWith("b left: returned value", "a left: returned value");
        assertThat(result).isNotDone();

        store.release();
        assertThat(result).isCompletedWithValue("value");
    }

    @Test
    void rejectionsAndErrorsOfSessionsAreFailedStages() throws Throwable {
        Refused refusal = new Refused("full");
        assertThat(execute(this::body, guard("a").begin(() -> new Move.Reject(refusal))))
                .isCompletedExceptionally()
                .satisfies(result -> assertThatThrownBy(result::get).hasCause(refusal));
        assertThatThrownBy(execute(this::body, guard("a").watching(), guard("b").begin(() -> {
                    throw new IllegalArgumentException("cost");
                }))::join)
                .hasRootCauseMessage("cost");
        assertThat(log).containsExactly("a begins", "a begins", "b begins", "a left: not run, cost");
    }

    @Test
    void storeTroubleIsTheSessionsToJudge() throws Throwable {
        store.close();
        inner.complete("value");
        assertThat(execute(this::body, guard("a").begin(store::ask).failed(trouble -> Move.admit())))
                .isCompletedWithValue("value");
    }

    @Test
    void errorOfTheStagePassesUnwrappedAndGuardsSeeIt() throws Throwable {
        CompletableFuture<Object> result =
                execute(() -> inner.thenApply(value -> value), guard("a").watching());
        inner.completeExceptionally(new IOException("disk"));
        assertThat(log).endsWith("a left: threw disk");
        assertThatThrownBy(result::get).hasCauseInstanceOf(IOException.class);
    }

    @Test
    void whatTheMethodThrowsAndMissingStagesFailTheResult() throws Throwable {
        assertThatThrownBy(execute(
                        () -> {
                            throw new IOException("at once");
                        },
                        guard("a").watching())::join)
                .hasRootCauseMessage("at once");
        assertThatThrownBy(execute(() -> null, guard("a").watching())::join)
                .hasRootCauseInstanceOf(NullPointerException.class);
    }

    @Test
    void fallbacksStageAnswers() throws Throwable {
        CompletableFuture<Object> answer = new CompletableFuture<>();
        CompletableFuture<Object> result = execute(
                this::body,
                guard("a").watching(),
                guard("b").begin(() -> new Move.Reject(new Refused("full"))).fallback(f -> (call, error) -> answer));
        assertThat(log).endsWith("a left: not run, full");
        assertThat(result).isNotDone();
        answer.complete("instead");
        assertThat(result).isCompletedWithValue("instead");
    }

    @Test
    void errorOfTheWayBackReplacesTheValue() throws Throwable {
        inner.complete("value");
        assertThatThrownBy(
                        execute(this::body, guard("a").left(o -> new Move.Fail(new IllegalStateException("lost"))))
                                ::join)
                .isInstanceOf(CompletionException.class)
                .hasRootCauseMessage("lost");
    }

    @Test
    void pausesHoldNoThread() throws Throwable {
        CompletableFuture<Object> result = execute(this::body, guard("a").begin(() -> new Move.Pause(500)));
        assertThat(log).containsExactly("a begins");
        sleeper.wake();
        assertThat(log).containsExactly("a begins", "a has paused", "body");
        inner.complete("value");
        assertThat(result).isCompletedWithValue("value");
    }

    @Test
    void wakeUpEndsAPauseAndItsTimer() throws Throwable {
        CompletableFuture<Void> wakeUp = new CompletableFuture<>();
        CompletableFuture<Object> result = execute(this::body, guard("a").begin(() -> new Move.Pause(500, wakeUp)));
        assertThat(log).containsExactly("a begins");
        inner.complete("value");
        wakeUp.complete(null);
        assertThat(result.get(10, TimeUnit.SECONDS)).isEqualTo("value");
        CompletableFuture<Void> timer = sleeper.asleep.get(0);
        assertThat(timer.handle((slept, cut) -> cut).get(10, TimeUnit.SECONDS))
                .isInstanceOf(CancellationException.class);
    }

    @Test
    void answerOfAGuardCompletesTheResult() throws Throwable {
        store.hold();
        CompletableFuture<Object> result = execute(
                this::body,
                guard("a").watching(),
                guard("b").begin(store::ask).answered(a -> new Move.Answer("known")));
        store.release();
        assertThat(result).isCompletedWithValue("known");
        assertThat(log).containsExactly("a begins", "b begins", "a left: returned known");
    }

    @Test
    void guardsDecideAndTheBodyBeginsInTheCallersScopeOnWhateverThread() throws Throwable {
        CallScope.Held outer = new CallScope.Held() {};
        CallScope.Held own = new CallScope.Held() {};
        List<CallScope.Held> seen = new ArrayList<>();
        CallScope.enter(outer);
        store.hold();
        ScriptedGuard holding = guard("a").begin(store::ask).holding(own);
        CompletableFuture<Object> result = execute(
                () -> {
                    CallScope.current().forEach(CallScope.Held.class, seen::add);
                    return inner;
                },
                holding,
                guard("b").begin(() -> {
                    CallScope.current().forEach(CallScope.Held.class, seen::add);
                    return Move.admit();
                }));
        CallScope.leave(outer);
        Thread other = new Thread(store::release);
        other.start();
        other.join();
        assertThat(seen).containsExactly(outer, own, outer);
        Objects.requireNonNull(holding.stop()).run();
        assertThat(inner).isCancelled();
        assertThat(result).isCompletedExceptionally();
    }

    @Test
    void cancelledWhileWaitingTheSessionGivesBackAndTheMethodDoesNotRun() throws Throwable {
        CompletableFuture<Object> result = execute(
                this::body,
                guard("a").watching(),
                guard("b")
                        .begin(() -> new Move.Pause(500))
                        .abandoned(store::ask)
                        .answered(a -> new Move.Reject(new Refused("abandoned"))));
        result.cancel(true);

        assertThat(store.calls).isEqualTo(1);
        assertThat(sleeper.asleep).singleElement().matches(CompletableFuture::isCancelled);
        assertThat(log).containsExactly("a begins", "b begins", "b abandoned", "a left: not run, abandoned");
        assertThat(result).isCancelled();
    }

    @Test
    void cancelledWhileTheStoreDecidesTheMethodDoesNotRunAndGuardsAreLeft() throws Throwable {
        store.hold();
        CompletableFuture<Object> result =
                execute(this::body, guard("a").begin(store::ask).watching());
        result.cancel(true);
        store.release();

        assertThat(log).containsExactly("a begins", "a left: not run, The caller has cancelled");
        assertThat(result).isCancelled();
    }

    @Test
    void cancelledWhileTheStoreDecidesNobodyWaitsAnyMore() throws Throwable {
        store.hold();
        CompletableFuture<Object> result =
                execute(this::body, guard("a").begin(store::ask).answered(a -> new Move.Pause(500)));
        result.cancel(true);
        store.release();

        assertThat(sleeper.slept).isEmpty();
        assertThat(log).containsExactly("a begins", "a abandoned");
    }

    @Test
    void cancelledWhileTheMethodRunsItsStageIsCancelledAndGuardsAreLeft() throws Throwable {
        CompletableFuture<Object> result = execute(this::body, guard("a").watching());
        result.cancel(true);

        assertThat(inner).isCancelled();
        assertThat(log).containsExactly("a begins", "body", "a left: cancelled");
    }

    @Test
    void longChainsOfImmediateAnswersDoNotRecurse() throws Throwable {
        AtomicInteger answers = new AtomicInteger();
        inner.complete("value");
        CompletableFuture<Object> result = execute(
                this::body,
                guard("a")
                        .begin(store::ask)
                        .answered(answer -> answers.incrementAndGet() % 10_000 == 0 ? Move.admit() : store.ask())
                        .left(outcome -> store.ask()));
        assertThat(result).isCompletedWithValue("value");
        assertThat(store.calls).isEqualTo(20_000);
    }

    @Test
    void admissionIsLeftOnce() {
        TestCall call = TestCall.later(() -> inner);
        Admission admission =
                executor.enterAsync(call.plan(guard("a").watching()), call).join();
        Admission.Admitted admitted = (Admission.Admitted) admission;
        assertThat(admitted.leave(new Outcome.Returned("last"))
                        .toCompletableFuture()
                        .join()
                        .failure())
                .isNull();
        assertThatThrownBy(() -> admitted.leave(new Outcome.Cancelled())).isInstanceOf(IllegalStateException.class);
        assertThat(log).containsExactly("a begins", "a left: returned last");
    }

    @Test
    void refusedAdmissionTellsTheReasonAndTheFallback() {
        TestCall call = TestCall.later(() -> inner);
        Refused refusal = new Refused("full");
        Fallback fallback = (guarded, error) -> "instead";
        Admission.Ended ended = (Admission.Ended) executor.enterAsync(
                        call.plan(
                                guard("a").begin(() -> new Move.Reject(refusal)).fallback(failure -> fallback)),
                        call)
                .join();
        assertThat(ended.failure()).isSameAs(refusal);
        assertThat(ended.fallback()).isSameAs(fallback);
    }

    @SuppressWarnings("unchecked") // The plan's method returns a future.
    private CompletableFuture<Object> execute(Callable<? extends CompletableFuture<?>> body, Guard... guards)
            throws Throwable {
        TestCall call = TestCall.later(body);
        return (CompletableFuture<Object>) executor.execute(call.plan(guards), call);
    }

    private ScriptedGuard guard(String name) {
        return new ScriptedGuard(name, log);
    }

    private CompletableFuture<Object> body() {
        log.add("body");
        return inner;
    }
}
