package io.github.stanchion.testkit;

import static org.assertj.core.api.Assertions.assertThatCode;

import io.github.stanchion.store.Cells;
import io.github.stanchion.store.Effect;
import io.github.stanchion.store.Operation;
import io.github.stanchion.store.Transition;
import io.github.stanchion.store.UnreadableStateException;
import io.github.stanchion.store.Value;
import io.github.stanchion.testkit.BrokenOperationsTest.Fixed.Reply;
import java.util.Random;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The contracts of operations find out what they are there to find: each faulty limit fails the test that names its fault. */
class BrokenOperationsTest {

    private static final long WINDOW = 1_000_000;

    /** What is wrong with a limit of three calls per window, and which test says so. */
    @SuppressWarnings("ImmutableEnumChecker") // holds a reference to a test method
    enum Fault {
        COUNTS_AT_RANDOM(ChargeContract::theSameInputGivesTheSameTransition),
        CASTS_BLINDLY(ChargeContract::anyStateAtAnyTimeGivesATransitionOrIsUnreadable),
        OUTGROWS_DOUBLES(ChargeContract::argumentsAreFewAndExact),
        FORGETS_A_NUMBER(ChargeContract::repliesAreExactAndDecodeToTheResult),
        COLLECTED_EARLY(ChargeContract::aStateDroppedOnceItMayBeCollectedIsNeverMissed),
        GRANTS_WHEN_SET_BACK(ChargeContract::aClockThatGoesBackGrantsNothing),
        WAITS_TOO_SHORT(ChargeContract::rejectedUntilRetryAfterAndAdmittedAtIt),
        WAITS_TOO_LONG(ChargeContract::rejectedUntilRetryAfterAndAdmittedAtIt),
        CHARGES_REFUSALS(ChargeContract::aRefusalWritesNothingThatDecidesOtherwise),
        GIVES_BACK_ALL(ChargeContract::undoGivesBackNoMoreThanWasTaken),
        LAX_WHEN_FULL(ChargeContract::twoSubjectsInOneStateAreNeverTreatedLaxer);

        final Consumer<ChargeContract> test;

        Fault(Consumer<ChargeContract> test) {
            this.test = test;
        }
    }

    @ParameterizedTest
    @EnumSource
    void aFaultIsFoundByTheTestThatNamesIt(Fault fault) {
        assertThatCode(() -> fault.test.accept(new OfLimit(fault)))
                .as("with the fault")
                .isInstanceOf(AssertionError.class);
        assertThatCode(() -> fault.test.accept(new OfLimit(null)))
                .as("without it")
                .doesNotThrowAnyException();
    }

    private static final class OfLimit extends ChargeContract {
        private final @Nullable Fault fault;

        OfLimit(@Nullable Fault fault) {
            this.fault = fault;
        }

        @Override
        protected OperationFamily family(Random random) {
            return () -> new Fixed(random.nextInt(4), fault, random::nextBoolean);
        }

        @Override
        protected int walks() {
            return 100;
        }

        @Override
        protected long[] reply(Operation<?> operation, Object result) {
            return RateFamilies.reply(result);
        }

        @Override
        protected @Nullable Grant grant(Operation<?> operation, Object result) {
            Reply reply = (Reply) result;
            return operation instanceof Fixed ? new Grant(reply.admitted(), reply.taken(), reply.waitMicros()) : null;
        }
    }

    /** Three permits per window; state: where the window ends, what was used. */
    record Fixed(long cost, @Nullable Fault fault, BooleanSupplier coin) implements Operation<Reply> {

        record Reply(boolean admitted, long taken, long used, long waitMicros) {}

        @Override
        public String name() {
            return "test.fixed";
        }

        @Override
        public long[] arguments() {
            return new long[] {fault == Fault.OUTGROWS_DOUBLES ? Long.MAX_VALUE : cost};
        }

        @Override
        public Transition<Reply> apply(@Nullable Value current, long nowMicros) {
            long end = Math.floorDiv(nowMicros, WINDOW) * WINDOW + WINDOW;
            long used = 0;
            if (current != null) {
                if (fault != Fault.CASTS_BLINDLY && !isWindow(current)) {
                    throw new UnreadableStateException("State is no fixed window's");
                }
                Cells cells = (Cells) current;
                boolean open = fault == Fault.GRANTS_WHEN_SET_BACK ? end == cells.get(0) : end <= cells.get(0);
                end = open ? cells.get(0) : end;
                used = open ? cells.get(1) : 0;
            }
            if (fault == Fault.COUNTS_AT_RANDOM && coin.getAsBoolean()) {
                used++;
            }
            boolean admitted = used + cost <= 3 || fault == Fault.LAX_WHEN_FULL && used == 3;
            long wait = admitted ? 0 : end - nowMicros + slip();
            long charge = admitted || fault == Fault.CHARGES_REFUSALS ? cost : 0;
            Reply reply = new Reply(admitted, admitted ? cost : 0, used + charge, wait);
            long kept = Math.min(end - nowMicros, Effect.Put.LONGEST);
            Effect put = Effect.put(Cells.of(end, used + charge), fault == Fault.COLLECTED_EARLY ? 1 : kept);
            return new Transition<>(charge == 0 ? Effect.keep() : put, admitted, reply);
        }

        private static boolean isWindow(Value value) {
            return value instanceof Cells cells && cells.size() == 2 && cells.get(1) >= 0 && cells.get(1) <= 1_000;
        }

        private long slip() {
            return fault == Fault.WAITS_TOO_SHORT ? -1 : fault == Fault.WAITS_TOO_LONG ? 1 : 0;
        }

        @Override
        public Reply decode(long[] reply) {
            return new Reply(reply[0] == 1, reply[1], reply[2], fault == Fault.FORGETS_A_NUMBER ? 0 : reply[3]);
        }

        @Override
        public Operation<?> undo(Reply admitted) {
            return new Undo(fault == Fault.GIVES_BACK_ALL ? Long.MAX_VALUE : cost);
        }

        @Override
        public boolean shareable() {
            return true;
        }
    }

    /** Takes a charge of the window that is there back. */
    record Undo(long cost) implements Operation<Reply> {

        @Override
        public String name() {
            return "test.undo";
        }

        @Override
        public long[] arguments() {
            return new long[] {cost};
        }

        @Override
        public Transition<Reply> apply(@Nullable Value current, long nowMicros) {
            Function<Cells, Effect> back = cells -> Effect.put(
                    Cells.of(cells.get(0), Math.max(0, cells.get(1) - cost)), Math.max(1, cells.get(0) - nowMicros));
            return new Transition<>(
                    current instanceof Cells cells && nowMicros < cells.get(0) ? back.apply(cells) : Effect.keep(),
                    true,
                    new Reply(true, 0, 0, 0));
        }

        @Override
        public Reply decode(long[] reply) {
            return new Reply(reply[0] == 1, reply[1], reply[2], reply[3]);
        }
    }
}
