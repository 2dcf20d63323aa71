package io.github.stanchion.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.stanchion.store.Effect;
import io.github.stanchion.store.Operation;
import io.github.stanchion.store.Value;
import io.github.stanchion.testkit.Twin.Outcome;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Holds a native form of operations to their pure functions: on random walks over states, times, policies and arguments both
 * must do the same, to the last number.
 *
 * <p>A walk goes from state to state, arrives exactly when a call was told to come back and one microsecond before, corrects
 * the clock, changes the policy on the way, and now and then plants a state that no operation wrote. Compared are results,
 * errors, values and, where the twin shows it, effects with their time to collection.
 *
 * <p>A walk that finds nothing may be blind: so each test class brings at least three {@linkplain #mutants mutants}, and the
 * walk must find every one of them out.
 */
public abstract class TwinContract {

    private static final int STEPS = 100;

    /** A native form on a key without a value; opened for each walk. */
    protected abstract Twin twin();

    /** The operations of a random policy. */
    protected abstract OperationFamily family(Random random);

    /** Ways to be a little wrong, at least three; by default those of {@link Mutant} that concern time. */
    protected List<UnaryOperator<Twin>> mutants() {
        return List.of(Mutant::early, Mutant::coarse, Mutant::neverBack);
    }

    /** How many walks of a hundred steps are compared. */
    protected int walks() {
        return 2_000;
    }

    @Test
    void theTwinDoesWhatTheOperationSays() {
        Walks.run(walks(), random -> walk(twin(), random));
    }

    @Test
    void theWalkFindsEveryMutantOut() {
        List<UnaryOperator<Twin>> mutants = mutants();
        assertThat(mutants).hasSizeGreaterThanOrEqualTo(3);
        List<UnaryOperator<Twin>> survivors =
                mutants.stream().filter(this::survives).toList();
        assertThat(survivors).as("mutants that no walk finds out").isEmpty();
    }

    private boolean survives(UnaryOperator<Twin> mutant) {
        try {
            Walks.run(walks(), random -> walk(mutant.apply(twin()), random));
            return true;
        } catch (AssertionError foundOut) {
            return false;
        }
    }

    private void walk(Twin twin, Random random) {
        try (twin) {
            walk(new Walk(twin), random);
        }
    }

    private void walk(Walk walk, Random random) {
        // Steps back of the clock may end a native representation, so that every other walk does without.
        boolean corrected = random.nextBoolean();
        Timeline timeline = new Timeline(random);
        OperationFamily family = family(random);
        List<Long> spans = List.of();
        for (int i = 0; i < STEPS; i++) {
            long now = corrected ? timeline.anywhere(spans) : timeline.forward(spans);
            if (random.nextInt(200) == 0) {
                family = family(random);
            }
            if (random.nextInt(200) == 0) {
                walk.plant(RandomValues.strange(random, walk.reference.state(now), now), now);
            }
            Operation<?> operation = family.next();
            // Looking may itself bring a native form into line, so that not every step is looked at.
            Object result = walk.step(operation, now, random.nextBoolean());
            if (result != null) {
                family.answered(operation, result);
                spans = Timeline.spansIn(result);
                spans.addAll(Timeline.spansTo(walk.reference.state(now), now));
            }
        }
    }

    /** Both forms side by side. What may be collected the twin may have dropped; then the reference drops it too. */
    private static final class Walk {

        private final Twin reference = Twin.reference();
        private final Twin twin;
        private long collectAt = Long.MAX_VALUE;
        private long latest;

        Walk(Twin twin) {
            this.twin = twin;
        }

        void plant(@Nullable Value value, long now) {
            reference.plant(value, now);
            twin.plant(value, now);
            collectAt = Long.MAX_VALUE;
        }

        @Nullable
        Object step(Operation<?> operation, long now, boolean look) {
            followCollection(now);
            Value before = reference.state(now);
            Outcome expected = reference.run(operation, now);
            Outcome actual = twin.run(operation, now);
            Outcome comparable =
                    actual.effect() == null ? new Outcome(expected.result(), expected.error(), null) : expected;
            if (!actual.equals(comparable)) {
                assertThat(actual).as("%s on %s at %s", operation, before, now).isEqualTo(comparable);
            }
            if (expected.effect() instanceof Effect.Put put) {
                boolean never = put.collectAfterMicros() == Effect.Put.NEVER;
                collectAt = never ? Long.MAX_VALUE : now + put.collectAfterMicros();
                latest = now;
            }
            followCollection(now);
            if (look && !Objects.equals(twin.state(now), reference.state(now))) {
                assertThat(twin.state(now))
                        .as("%s on %s at %s leaves", operation, before, now)
                        .isEqualTo(reference.state(now));
            }
            return expected.result();
        }

        private void followCollection(long now) {
            latest = Math.max(latest, now);
            if (latest >= collectAt) {
                Value left = twin.state(now);
                assertThat(left).isIn(reference.state(now), null);
                plant(left, now);
            }
        }
    }
}
