package io.github.stanchion.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.github.stanchion.guard.ScriptedGuard.Refused;
import io.github.stanchion.store.JointResult;
import io.github.stanchion.store.StoreClosedException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class GuardExecutorTest {

    private final List<String> log = new ArrayList<>();
    private final CountingStore store = new CountingStore();
    private final VirtualSleeper sleeper = new VirtualSleeper();
    private final GuardExecutor executor = new GuardExecutor(sleeper);

    @AfterEach
    void clearInterrupt() {
        Thread.interrupted();
    }

    @Test
    void guardsAreEnteredOutermostFirstAndLeftInReverse() throws Throwable {
        Object result = execute(
                this::body, guard("a").watching(), guard("b"), guard("c").watching());

        assertThat(result).isEqualTo("value");
        assertThat(log)
                .containsExactly(
                        "a begins", "b begins", "c begins", "body", "c left: returned value", "a left: returned value");
    }

    @Test
    void eachAskReachesTheStoreAndItsAnswerTheSession() throws Throwable {
        List<Object> answers = new ArrayList<>();
        execute(this::body, guard("a").begin(store::ask).answered(answer -> {
            answers.add(answer);
            return answers.size() == 1 ? store.askAll() : answers.size() == 2 ? store.askEach() : Move.admit();
        }));

        assertThat(store.calls).isEqualTo(3);
        assertThat(answers.get(0)).isEqualTo("hello");
        assertThat(answers.get(1)).isEqualTo(new JointResult(true, List.of("hello")));
        assertThat(answers.get(2)).asString().contains("Done").contains("hello");
    }

    @Test
    void refusalLeavesOuterGuardsAsNotRunAndNeitherInnerGuardsNorTheMethodRun() {
        Refused refusal = new Refused("full");
        Throwable thrown = catchThrowable(() -> execute(
                this::body,
                guard("a").watching(),
                guard("b").begin(store::ask).answered(answer -> new Move.Reject(refusal)),
                guard("c")));

        assertThat(thrown).isSameAs(refusal);
        assertThat(log).containsExactly("a begins", "b begins", "a left: not run, full");
    }

    @Test
    void whatASessionThrowsReachesTheCallerAndOuterGuardsAreLeft() {
        for (Callable<Move> trouble : List.<Callable<Move>>of(
                () -> {
                    throw new IllegalArgumentException("cost");
                },
                store::ask)) {
            log.clear();
            assertThatThrownBy(() -> execute(
                            this::body,
                            guard("a").watching(),
                            guard("b").begin(() -> unchecked(trouble)).answered(answer -> {
                                throw new IllegalArgumentException("cost");
                            })))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("cost");
            assertThat(log).containsExactly("a begins", "b begins", "a left: not run, cost");
        }
    }

    @Test
    void whatTheOnlyGuardThrowsReachesTheCaller() {
        assertThatThrownBy(() -> execute(this::body, guard("a").begin(() -> {
                    throw new IllegalArgumentException("cost");
                })))
                .hasMessage("cost");
        assertThat(log).containsExactly("a begins");
    }

    @Test
    void answerOfAGuardIsWhatOuterGuardsSeeReturnedAndTheMethodDoesNotRun() throws Throwable {
        for (Guard outer : List.<Guard>of(guard("a").watching(), guard("a"))) {
            log.clear();
            Object result = execute(this::body, outer, guard("b").begin(() -> new Move.Answer("known")), guard("c"));
            assertThat(result).isEqualTo("known");
            assertThat(log).doesNotContain("body", "c begins");
        }
        log.clear();
        assertThat(execute(this::body, guard("a").watching(), guard("b").begin(() -> new Move.Answer("known"))))
                .isEqualTo("known");
        assertThat(log).containsExactly("a begins", "b begins", "a left: returned known");
        assertThat(execute(this::body, guard("a").begin(() -> new Move.Answer(null))))
                .isNull();
    }

    @Test
    void bodyRunsInTheScopeOfItsGuardsAndNothingElseDoes() throws Throwable {
        CallScope.Held outer = new CallScope.Held() {};
        CallScope.Held inner = new CallScope.Held() {};
        List<CallScope.Held> found = new ArrayList<>();
        execute(
                () -> {
                    CallScope.current().forEach(CallScope.Held.class, found::add);
                    return null;
                },
                guard("a").holding(outer),
                guard("b"),
                guard("c").holding(inner).left(outcome -> {
                    assertThat(CallScope.current()).isSameAs(CallScope.EMPTY);
                    return Move.admit();
                }));
        assertThat(found).containsExactly(inner, outer);
        assertThat(CallScope.current()).isSameAs(CallScope.EMPTY);
    }

    @Test
    void pauseEndsEarlyWhenItIsWoken() throws Throwable {
        CompletableFuture<Void> wakeUp = new CompletableFuture<>();
        wakeUp.complete(null);
        Object result = execute(this::body, guard("a").begin(() -> new Move.Pause(3_600_000_000L, wakeUp)));
        assertThat(result).isEqualTo("value");
        assertThat(sleeper.slept).isEmpty();
        assertThat(log).containsExactly("a begins", "a has paused", "body");
    }

    @Test
    void storeTroubleIsTheSessionsToJudge() throws Throwable {
        store.close();
        assertThat(execute(this::body, guard("a").begin(store::ask).failed(trouble -> Move.admit())))
                .isEqualTo("value");
        assertThat(execute(this::body, guard("a").begin(store::askAll).failed(trouble -> Move.admit()), guard("b")))
                .isEqualTo("value");
        assertThatThrownBy(() -> execute(this::body, guard("a").begin(store::ask)))
                .isInstanceOf(StoreClosedException.class);
    }

    @Test
    void errorOfTheMethodPassesUnwrappedAndGuardsSeeIt() {
        IOException error = new IOException("disk");
        Callable<Object> failing = () -> {
            throw error;
        };
        assertThat(catchThrowable(() -> execute(failing, guard("a").watching())))
                .isSameAs(error);
        assertThat(catchThrowable(() -> execute(failing, guard("a")))).isSameAs(error);
        assertThat(log).containsExactly("a begins", "a left: threw disk", "a begins");
    }

    @Test
    void errorOfTheWayBackReplacesAValueAndOuterGuardsSeeIt() {
        IllegalStateException lost = new IllegalStateException("lease lost");
        Throwable thrown = catchThrowable(
                () -> execute(this::body, guard("a").watching(), guard("b").left(outcome -> new Move.Fail(lost))));

        assertThat(thrown).isSameAs(lost);
        assertThat(log).endsWith("b left: returned value", "a left: threw lease lost");
    }

    @Test
    void errorOfTheWayBackIsSuppressedIntoTheMethodsOwn() {
        IOException error = new IOException("disk");
        IllegalStateException lost = new IllegalStateException("lease lost");
        IllegalStateException broken = new IllegalStateException("broken");
        Throwable thrown = catchThrowable(() -> execute(
                () -> {
                    throw error;
                },
                guard("a").left(outcome -> {
                    throw broken;
                }),
                guard("b").left(outcome -> new Move.Fail(lost))));

        assertThat(thrown).isSameAs(error).hasSuppressedException(lost).hasSuppressedException(broken);
        assertThat(log).endsWith("b left: threw disk", "a left: threw disk");
    }

    @Test
    void fallbackOfTheRefusingGuardAnswersAfterAllGuardsHaveBeenLeft() throws Throwable {
        Object result = execute(
                this::body,
                guard("a").watching(),
                guard("b").begin(() -> new Move.Reject(new Refused("full"))).fallback(this::answering));

        assertThat(result).isEqualTo("instead of full");
        assertThat(log).containsExactly("a begins", "b begins", "a left: not run, full", "fallback");
    }

    @Test
    void fallbackAnswersNoFailingGuard() {
        for (ScriptedGuard inner : List.of(
                guard("b").begin(() -> new Move.Fail(new IllegalStateException("down"))),
                guard("b").begin(() -> {
                    throw new IllegalStateException("down");
                }))) {
            assertThatThrownBy(() ->
                            execute(this::body, guard("a").fallback(this::answering), inner.fallback(this::answering)))
                    .hasMessage("down");
        }
        assertThat(log).doesNotContain("fallback");
    }

    @Test
    void fallbackAnswersFailuresOfTheMethodThatItHandlesAndGuardsSeeTheFailure() throws Throwable {
        Callable<Object> failing = () -> {
            throw new IOException("disk");
        };
        assertThat(execute(failing, guard("a").fallback(this::answering))).isEqualTo("instead of disk");
        assertThat(execute(
                        failing,
                        guard("a").watching().fallback(this::answering),
                        guard("b").watching()))
                .isEqualTo("instead of disk");
        assertThat(log).endsWith("b left: threw disk", "a left: threw disk", "fallback");
        assertThatThrownBy(() -> execute(failing, guard("a").fallback(failure -> null)))
                .hasMessage("disk");
    }

    @Test
    void innermostFallbackAnswers() throws Throwable {
        Object result = execute(
                this::body,
                guard("a").fallback(failure -> (call, error) -> "outer"),
                guard("b").fallback(failure -> (call, error) -> "inner"),
                guard("c").begin(() -> new Move.Reject(new Refused("full"))));
        assertThat(result).isEqualTo("inner");
    }

    @Test
    void whatTheFallbackThrowsReachesTheCaller() {
        assertThatThrownBy(() -> execute(
                        this::body,
                        guard("a")
                                .begin(() -> new Move.Reject(new Refused("full")))
                                .fallback(f -> (call, error) -> {
                                    throw new IOException("fallback");
                                })))
                .isInstanceOf(IOException.class);
    }

    @Test
    void pausesLetTimePass() throws Throwable {
        execute(
                this::body,
                guard("a").begin(() -> new Move.Pause(477_000)),
                guard("b").watching());
        assertThat(sleeper.slept).containsExactly(477_000L);
        assertThat(log).startsWith("a begins", "a has paused", "b begins", "body");
    }

    @Test
    void interruptedWhileWaitingTheSessionGivesBackAndTheFlagIsKept() {
        sleeper.interrupting = true;
        AtomicInteger refunds = new AtomicInteger();
        assertThatThrownBy(() -> execute(
                        this::body,
                        guard("a").watching(),
                        guard("b")
                                .begin(() -> new Move.Pause(1))
                                .abandoned(store::ask)
                                .answered(answer -> {
                                    refunds.incrementAndGet();
                                    return new Move.Reject(new Refused("interrupted"));
                                })))
                .hasMessage("interrupted");

        assertThat(refunds).hasValue(1);
        assertThat(Thread.currentThread().isInterrupted()).isTrue();
        assertThat(log).containsExactly("a begins", "b begins", "b abandoned", "a left: not run, interrupted");
    }

    @Test
    void interruptedGuardThatAdmitsAllTheSameLetsTheMethodSeeTheFlag() throws Throwable {
        sleeper.interrupting = true;
        Object seen = execute(
                () -> Thread.currentThread().isInterrupted(),
                guard("a").begin(() -> new Move.Pause(1)).abandoned(Move::admit));
        assertThat(seen).isEqualTo(true);
    }

    @Test
    void tenThousandMovesOfOneSessionAreCarriedOut() throws Throwable {
        AtomicInteger left = new AtomicInteger(10_000);
        execute(
                this::body,
                guard("a").begin(store::ask).answered(a -> left.decrementAndGet() > 0 ? store.ask() : Move.admit()));
        assertThat(store.calls).isEqualTo(10_000);
    }

    private Object execute(Callable<?> body, Guard... guards) throws Throwable {
        TestCall call = TestCall.blocking(body);
        return executor.execute(call.plan(guards), call);
    }

    private ScriptedGuard guard(String name) {
        return new ScriptedGuard(name, log);
    }

    private Object body() {
        log.add("body");
        return "value";
    }

    private Fallback answering(Throwable failure) {
        return (call, error) -> {
            assertThat(error).isSameAs(failure);
            log.add("fallback");
            return "instead of " + error.getMessage();
        };
    }

    private static Move unchecked(Callable<Move> move) {
        try {
            return move.call();
        } catch (RuntimeException trouble) {
            throw trouble;
        } catch (Exception checked) {
            throw new AssertionError(checked);
        }
    }
}
