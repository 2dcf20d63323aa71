package io.github.stanchion.memory;

import io.github.stanchion.testkit.LockFamilies;
import io.github.stanchion.testkit.Mutant;
import io.github.stanchion.testkit.OperationFamily;
import io.github.stanchion.testkit.PrimitiveFamilies;
import io.github.stanchion.testkit.RateFamilies;
import io.github.stanchion.testkit.Twin;
import io.github.stanchion.testkit.TwinContract;
import io.github.stanchion.testkit.VirtualClock;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;

/** What runs natively in memory does what its operation says, on the walks that every twin has to take. */
class MemoryStoreTwinsTest {

    abstract static class InMemory extends TwinContract {

        @Override
        protected Twin twin() {
            VirtualClock clock = new VirtualClock();
            return Twin.of(MemoryStore.builder().clock(clock).build(), clock);
        }

        @Override
        protected List<UnaryOperator<Twin>> mutants() {
            return List.of(Mutant::early, Mutant::coarse, Mutant::neverBack, Mutant::firstCellOnly, Mutant::forgetful);
        }
    }

    abstract static class Limits extends InMemory {

        @Override
        protected List<UnaryOperator<Twin>> mutants() {
            return Stream.concat(super.mutants().stream(), LimitMutant.ALL.stream())
                    .toList();
        }
    }

    @Nested
    class Buckets extends Limits {
        @Override
        protected OperationFamily family(Random random) {
            return RateFamilies.bucket(random);
        }
    }

    @Nested
    class AlignedIntervals extends Limits {
        @Override
        protected OperationFamily family(Random random) {
            return RateFamilies.interval(random, true);
        }
    }

    @Nested
    class IntervalsFromFirstUse extends Limits {
        @Override
        protected OperationFamily family(Random random) {
            return RateFamilies.interval(random, false);
        }
    }

    @Nested
    class Values extends InMemory {
        @Override
        protected OperationFamily family(Random random) {
            return PrimitiveFamilies.repeatedValues(random);
        }
    }

    @Nested
    class Locks extends InMemory {
        @Override
        protected OperationFamily family(Random random) {
            return LockFamilies.locks(random);
        }
    }
}
