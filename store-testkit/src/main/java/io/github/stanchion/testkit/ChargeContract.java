package io.github.stanchion.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.stanchion.store.Operation;
import io.github.stanchion.store.Transition;
import io.github.stanchion.store.Value;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * What every operation must be that admits and charges: no way round gives more than the policy does.
 *
 * <p>To grant more means to admit what would have been refused, or to take more at once; a limit's figures are not compared.
 */
public abstract class ChargeContract extends OperationContract {

    /** What a charge granted; null for operations that are no charges, such as settlements. */
    protected abstract @Nullable Grant grant(Operation<?> operation, Object result);

    /** By how many microseconds the clock may be stepped back without a grant; two hours unless overridden. */
    protected long longestStepBack() {
        return 7_200_000_000L;
    }

    @Test
    void aClockThatGoesBackGrantsNothing() {
        Walks.run(
                walks(),
                random -> new Walk(family(random), random, false) {
                    @Override
                    void step(Operation<?> operation, long now) {
                        long back = now
                                - (random.nextBoolean()
                                        ? random.nextInt(1_000_000)
                                        : random.nextLong(longestStepBack()));
                        assertNoLaxer(operation, state(), back, state(), now);
                    }
                }.run());
    }

    @Test
    void aRefusalWritesNothingThatDecidesOtherwise() {
        Walks.run(walks(), random -> {
            OperationFamily family = family(random);
            new Walk(family, random) {
                @Override
                void step(Operation<?> operation, long now) {
                    Transition<?> refused = operation.apply(state(), now);
                    if (!refused.admitted()) {
                        Value after = after(refused, state());
                        for (Operation<?> next : draw(family, 3)) {
                            assertNoLaxer(next, after, now, state(), now);
                            assertNoLaxer(next, state(), now, after, now);
                        }
                    }
                }
            }.run();
        });
    }

    @Test
    void rejectedUntilRetryAfterAndAdmittedAtIt() {
        Walks.run(
                walks(),
                random -> new Walk(family(random), random) {
                    @Override
                    void step(Operation<?> operation, long now) {
                        Transition<?> refused = operation.apply(state(), now);
                        Grant grant = grant(operation, refused.result());
                        if (grant == null || grant.admitted()) {
                            return;
                        }
                        assertThat(refused.admitted()).isFalse();
                        assertThat(grant.retryAfterMicros()).isPositive();
                        Value after = after(refused, state());
                        assertThat(admits(operation, after, now + grant.retryAfterMicros()))
                                .as("%s on %s at %s + %s", operation, after, now, grant.retryAfterMicros())
                                .isTrue();
                        assertThat(admits(operation, after, now + grant.retryAfterMicros() - 1))
                                .as("%s on %s at %s + %s - 1", operation, after, now, grant.retryAfterMicros())
                                .isFalse();
                    }
                }.run());
    }

    /** Whoever charges and takes it back, at once or later, has no more than one who never called. */
    @Test
    void undoGivesBackNoMoreThanWasTaken() {
        Walks.run(walks(), random -> {
            OperationFamily family = family(random);
            new Walk(family, random, false) {
                @Override
                void step(Operation<?> operation, long now) {
                    long later = now + random.nextInt(3) * (long) random.nextInt(3_000_000);
                    undone(operation, state(), now, later, draw(family, 1).get(0));
                }
            }.run();
        });
    }

    private <R> void undone(Operation<R> operation, @Nullable Value state, long now, long later, Operation<?> next) {
        Transition<R> charged = operation.apply(state, now);
        Operation<?> undo = charged.admitted() ? operation.undo(charged.result()) : null;
        if (undo != null) {
            Value after = after(charged, state);
            assertNoLaxer(next, after(undo.apply(after, later), after), later, state, later);
        }
    }

    private boolean sameGrant(Operation<?> operation, Transition<?> one, Transition<?> two) {
        Grant first = grant(operation, one.result());
        Grant second = grant(operation, two.result());
        return first != null
                && second != null
                && one.admitted() == two.admitted()
                && first.takenPermits() == second.takenPermits();
    }

    /** Each subject alone would have been granted all that it is granted while it shares its state. */
    @Test
    void twoSubjectsInOneStateAreNeverTreatedLaxer() {
        Walks.run(walks(), random -> {
            OperationFamily family = family(random);
            Timeline timeline = new Timeline(random);
            Value shared = null;
            List<@Nullable Value> own = new ArrayList<>(List.of());
            own.add(null);
            own.add(null);
            List<Long> spans = List.of();
            for (int i = 0; i < STEPS; i++) {
                long now = timeline.forward(spans);
                Operation<?> operation = family.next();
                int subject = random.nextInt(2);
                Transition<?> together = operation.apply(shared, now);
                Grant grant = grant(operation, together.result());
                if (!operation.shareable() || grant == null) {
                    continue;
                }
                assertNoLaxer(operation, shared, now, own.get(subject), now);
                Transition<?> alone = operation.apply(own.get(subject), now);
                spans = Timeline.spansIn(together.result());
                shared = after(together, shared);
                if (together.admitted()) {
                    if (!sameGrant(operation, together, alone)) {
                        return;
                    }
                    own.set(subject, after(alone, own.get(subject)));
                }
            }
        });
    }

    private void assertNoLaxer(
            Operation<?> operation, @Nullable Value state, long now, @Nullable Value other, long otherNow) {
        Transition<?> one = transition(operation, state, now);
        Transition<?> two = transition(operation, other, otherNow);
        if (one == null || two == null) {
            return;
        }
        Grant grant = grant(operation, one.result());
        Grant most = grant(operation, two.result());
        if (grant == null || most == null) {
            return;
        }
        if (grant.admitted() && !most.admitted() || grant.takenPermits() > most.takenPermits()) {
            throw new AssertionError(operation + " on " + state + " at " + now + " grants " + grant + ", but on "
                    + other + " at " + otherNow + " " + most);
        }
    }

    private boolean admits(Operation<?> operation, @Nullable Value state, long now) {
        return operation.apply(state, now).admitted();
    }

    private static List<Operation<?>> draw(OperationFamily family, int count) {
        List<Operation<?>> operations = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            operations.add(family.next());
        }
        return operations;
    }

    /**
     * What a charge granted.
     *
     * @param admitted whether the call may run
     * @param takenPermits how much was charged
     * @param retryAfterMicros if refused: how long until the same call is admitted, to the microsecond, if nobody else comes
     */
    public record Grant(boolean admitted, long takenPermits, long retryAfterMicros) {}
}
