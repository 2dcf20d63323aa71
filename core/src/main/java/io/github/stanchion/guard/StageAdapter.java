package io.github.stanchion.guard;

import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Guards methods that return a {@link CompletionStage} or {@link CompletableFuture}.
 *
 * <p>With a store that answers at once everything up to the method's return happens on the caller's thread. The stage that
 * the caller gets completes after the guards have been left. Cancelling it gives up waiting, or cancels the method's stage
 * and leaves the guards as cancelled at once.
 */
enum StageAdapter implements ResultAdapter {
    INSTANCE;

    @Override
    public boolean supports(GuardedMethod method) {
        return method.returnType().isAssignableFrom(CompletableFuture.class)
                && CompletionStage.class.isAssignableFrom(method.returnType());
    }

    @Override
    public Object adapt(GuardExecutor executor, GuardPlan plan, GuardedCall call) {
        CompletionStage<?> result = new StageCall(call).begin(executor.enterAsync(plan, call));
        return result;
    }

    /** One call. */
    private static final class StageCall {

        private final GuardedCall call;
        private final CompletableFuture<@Nullable Object> result = new CompletableFuture<>();
        private final AtomicBoolean over = new AtomicBoolean();

        StageCall(GuardedCall call) {
            this.call = call;
        }

        CompletableFuture<@Nullable Object> begin(CompletableFuture<Admission> entering) {
            CompletableFuture<?> unused = entering.whenComplete(this::entered);
            if (!entering.isDone()) {
                whenCancelled(() -> entering.cancel(false));
            }
            return result;
        }

        private void entered(@Nullable Admission admission, @Nullable Throwable cancelled) {
            if (admission instanceof Admission.Ended refused) {
                conclude(refused);
            } else if (admission instanceof Admission.Admitted admitted) {
                if (result.isDone()) {
                    end(admitted, new Outcome.NotRun(new CancellationException("The caller has cancelled")));
                } else {
                    run(admitted);
                }
            }
        }

        private void run(Admission.Admitted admitted) {
            CompletionStage<?> stage;
            try {
                stage = (CompletionStage<?>) admitted.proceed();
                if (stage == null) {
                    throw new NullPointerException(call.method().displayName() + " returned null instead of a stage");
                }
            } catch (Throwable error) {
                end(admitted, new Outcome.Threw(error));
                return;
            }
            CompletionStage<?> unused = stage.whenComplete((value, error) -> end(
                    admitted, error == null ? new Outcome.Returned(value) : new Outcome.Threw(Stages.causeOf(error))));
            admitted.stoppableBy(() -> cancel(stage));
            // Listening begins only now, so that no guard is left while the method's own thread is still inside it.
            whenCancelled(() -> {
                end(admitted, new Outcome.Cancelled());
                cancel(stage);
            });
        }

        private void whenCancelled(Runnable reaction) {
            CompletableFuture<?> unused = result.whenComplete((value, error) -> {
                if (result.isCancelled()) {
                    reaction.run();
                }
            });
        }

        private static void cancel(CompletionStage<?> stage) {
            if (stage instanceof CompletableFuture<?> future) {
                future.cancel(true);
            }
        }

        private void end(Admission.Admitted admitted, Outcome outcome) {
            if (over.compareAndSet(false, true)) {
                CompletionStage<?> unused = admitted.leave(outcome).thenAccept(this::conclude);
            }
        }

        private void conclude(Admission.Ended ended) {
            Throwable failure = ended.failure();
            Fallback fallback = ended.fallback();
            if (failure == null) {
                result.complete(ended.outcome() instanceof Outcome.Returned returned ? returned.value() : null);
            } else if (fallback == null || result.isDone()) {
                result.completeExceptionally(failure);
            } else {
                answer(fallback, failure);
            }
        }

        private void answer(Fallback fallback, Throwable failure) {
            try {
                Object answer = fallback.answer(call, failure);
                if (fallback.answersValue()) {
                    result.complete(answer);
                    return;
                }
                CompletionStage<?> stage = (CompletionStage<?>) answer;
                if (stage == null) {
                    throw new NullPointerException(
                            "Fallback of " + call.method().displayName() + " returned null instead of a stage");
                }
                whenCancelled(() -> cancel(stage));
                CompletionStage<?> unused = stage.whenComplete((value, error) -> {
                    if (error == null) {
                        result.complete(value);
                    } else {
                        result.completeExceptionally(Stages.causeOf(error));
                    }
                });
            } catch (Throwable error) {
                result.completeExceptionally(error);
            }
        }
    }
}
