package io.github.stanchion.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.stanchion.store.Counter;
import io.github.stanchion.store.Effect;
import io.github.stanchion.store.Exact;
import io.github.stanchion.store.Item;
import io.github.stanchion.store.Operation;
import io.github.stanchion.store.StoreException;
import io.github.stanchion.store.Transition;
import io.github.stanchion.store.Value;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * What every {@link Operation} must be, without a store: pure, total, exact, and not in need of what was collected.
 *
 * <p>Walks from state to state at random; a failure names the seed that repeats it. Guards' operations, which admit and charge,
 * extend {@link ChargeContract} instead.
 */
public abstract class OperationContract {

    static final int STEPS = 100;

    private static final Pattern NAME = Pattern.compile("[a-z0-9]+(-[a-z0-9]+)*(\\.[a-z0-9]+(-[a-z0-9]+)*)+");

    /** The operations of a random policy. */
    protected abstract OperationFamily family(Random random);

    /** The numbers a twin would reply with for this result of {@code operation}. */
    protected abstract long[] reply(Operation<?> operation, Object result);

    /** The bytes beside the numbers; null unless the result has some. */
    protected byte @Nullable [] replyBytes(Operation<?> operation, Object result) {
        return null;
    }

    /** What must be equal of a result where only decisions are compared; all of it unless overridden. */
    protected Object decision(Object result) {
        return result;
    }

    /** How many walks of a hundred steps each test takes. */
    protected int walks() {
        return 1_000;
    }

    @Test
    void theSameInputGivesTheSameTransition() {
        Walks.run(
                walks(),
                random -> new Walk(family(random), random) {
                    @Override
                    void step(Operation<?> operation, long now) {
                        Transition<?> first = operation.apply(state(), now);
                        assertThat(operation.apply(state(), now)).isEqualTo(first);
                        assertThat(operation.arguments()).isEqualTo(operation.arguments());
                        assertThat(operation.payload()).isEqualTo(operation.payload());
                    }
                }.run());
    }

    @Test
    void argumentsAreFewAndExact() {
        Walks.run(walks(), random -> {
            OperationFamily family = family(random);
            for (int i = 0; i < STEPS; i++) {
                Operation<?> operation = family.next();
                assertThat(NAME.matcher(operation.name()).matches())
                        .as(operation.name())
                        .isTrue();
                assertThat(operation.arguments().length).isLessThanOrEqualTo(200);
                requireExact(operation.arguments());
            }
        });
    }

    @Test
    void repliesAreExactAndDecodeToTheResult() {
        Walks.run(
                walks(),
                random -> new Walk(family(random), random) {
                    @Override
                    void step(Operation<?> operation, long now) {
                        Object result = operation.apply(state(), now).result();
                        long[] reply = reply(operation, result);
                        requireExact(reply);
                        Object decoded = operation.decode(reply, replyBytes(operation, result));
                        if (!result.equals(decoded)) {
                            assertThat(decoded).as("%s", operation).isEqualTo(result);
                        }
                    }
                }.run());
    }

    private static void requireExact(long[] numbers) {
        if (!LongStream.of(numbers).allMatch(Exact::is)) {
            throw new AssertionError("Numbers '" + Arrays.toString(numbers) + "' are not all within 2^53 - 1");
        }
    }

    @Test
    void anyStateAtAnyTimeGivesATransitionOrIsUnreadable() {
        Walks.run(
                walks(),
                random -> new Walk(family(random), random) {
                    @Override
                    void step(Operation<?> operation, long now) {
                        Value strange = RandomValues.strange(random, state(), now);
                        long time = RandomValues.strangeTime(random, now);
                        try {
                            Transition<?> transition = operation.apply(strange, time);
                            assertThat(operation.apply(strange, time)).isEqualTo(transition);
                        } catch (StoreException unreadable) {
                            assertThat(unreadable.outcomeUnknown()).isFalse();
                        } catch (RuntimeException partial) {
                            throw new AssertionError(
                                    operation + " on " + strange + " at " + time + " threw " + partial, partial);
                        }
                    }
                }.run());
    }

    /** The lemma that makes collection mere housekeeping: for as long as time goes on, nobody can tell. */
    @Test
    void aStateDroppedOnceItMayBeCollectedIsNeverMissed() {
        Walks.run(walks(), random -> {
            OperationFamily family = family(random);
            Timeline timeline = new Timeline(random);
            List<Long> spans = List.of();
            Value kept = null;
            Value dropped = null;
            long collectAt = Long.MAX_VALUE;
            for (int i = 0; i < STEPS; i++) {
                long now = timeline.forward(spans);
                if (now >= collectAt && random.nextBoolean()) {
                    dropped = null;
                    collectAt = Long.MAX_VALUE;
                }
                Operation<?> operation = family.next();
                Transition<?> withAll = transition(operation, kept, now);
                Transition<?> withLess = transition(operation, dropped, now);
                if (withAll == null || withLess == null) {
                    assertThat(withAll).isEqualTo(withLess);
                    continue;
                }
                if (withLess.admitted() != withAll.admitted()
                        || !decision(withLess.result()).equals(decision(withAll.result()))) {
                    throw new AssertionError(operation + " at " + now + " on " + kept + " gives " + withAll + ", on "
                            + dropped + " " + withLess);
                }
                family.answered(operation, withAll.result());
                kept = after(withAll, kept);
                if (withLess.effect() instanceof Effect.Put put) {
                    collectAt = put.collectAfterMicros() == Effect.Put.NEVER
                            ? Long.MAX_VALUE
                            : now + put.collectAfterMicros();
                    spans = List.of(put.collectAfterMicros());
                }
                dropped = after(withLess, dropped);
            }
        });
    }

    @Test
    void anEndedValueDecidesAsAbsenceDoes() {
        Walks.run(
                walks(),
                random -> new Walk(family(random), random, false) {
                    @Override
                    void step(Operation<?> operation, long now) {
                        long end = endOf(state());
                        if (end != Counter.ENDLESS) {
                            long later = end + random.nextInt(3) * (long) random.nextInt(1_000_000_000);
                            Transition<?> ended = transition(operation, state(), later);
                            Transition<?> absent = transition(operation, null, later);
                            assertThat(ended == null ? null : decision(ended.result()))
                                    .as("%s on %s at %s", operation, state(), later)
                                    .isEqualTo(absent == null ? null : decision(absent.result()));
                        }
                    }
                }.run());
    }

    private static long endOf(@Nullable Value value) {
        return value instanceof Counter counter
                ? counter.endsAt()
                : value instanceof Item item && item.payload() != null ? item.endsAt() : Counter.ENDLESS;
    }

    /** Null where the operation throws; what it threw then is a store's error, as another test sees to. */
    static @Nullable Transition<?> transition(Operation<?> operation, @Nullable Value value, long now) {
        try {
            return operation.apply(value, now);
        } catch (StoreException error) {
            return null;
        }
    }

    static @Nullable Value after(Transition<?> transition, @Nullable Value before) {
        if (transition.effect() instanceof Effect.Put put) {
            return put.next();
        }
        return transition.effect() instanceof Effect.Delete ? null : before;
    }

    /** From state to state by the operations of one family, at times that go on and now and then back. */
    abstract static class Walk {

        private final OperationFamily family;
        private final Timeline timeline;
        private final boolean stepsBack;
        private @Nullable Value state;

        Walk(OperationFamily family, Random random) {
            this(family, random, true);
        }

        Walk(OperationFamily family, Random random, boolean stepsBack) {
            this.family = family;
            this.timeline = new Timeline(random);
            this.stepsBack = stepsBack;
        }

        /** Looks at an operation that is about to be applied to the {@linkplain #state state}. */
        abstract void step(Operation<?> operation, long now);

        final @Nullable Value state() {
            return state;
        }

        final void run() {
            List<Long> spans = List.of();
            for (int i = 0; i < STEPS; i++) {
                long now = stepsBack ? timeline.anywhere(spans) : timeline.forward(spans);
                Operation<?> operation = family.next();
                Transition<?> transition = transition(operation, state, now);
                if (transition != null) {
                    step(operation, now);
                    family.answered(operation, transition.result());
                    spans = Timeline.spansIn(transition.result());
                    state = after(transition, state);
                }
            }
        }
    }
}
