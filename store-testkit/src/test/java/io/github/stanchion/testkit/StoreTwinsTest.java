package io.github.stanchion.testkit;

import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;

/** The walks on a store without native forms, for each family of core: they pass, and find all mutants out. */
class StoreTwinsTest {

    abstract static class OnMapStore extends TwinContract {

        @Override
        protected Twin twin() {
            VirtualClock clock = new VirtualClock();
            return Twin.of(new MapStore(clock), clock);
        }

        @Override
        protected List<UnaryOperator<Twin>> mutants() {
            return List.of(Mutant::early, Mutant::coarse, Mutant::neverBack, Mutant::repeating, Mutant::forgetful);
        }
    }

    @Nested
    class OfBuckets extends OnMapStore {
        @Override
        protected OperationFamily family(Random random) {
            return RateFamilies.bucket(random);
        }

        @Override
        protected List<UnaryOperator<Twin>> mutants() {
            return List.of(Mutant::early, Mutant::coarse, Mutant::neverBack, Mutant::firstCellOnly);
        }
    }

    @Nested
    class OfAlignedIntervals extends OnMapStore {
        @Override
        protected OperationFamily family(Random random) {
            return RateFamilies.interval(random, true);
        }
    }

    @Nested
    class OfIntervalsFromFirstUse extends OnMapStore {
        @Override
        protected OperationFamily family(Random random) {
            return RateFamilies.interval(random, false);
        }
    }

    @Nested
    class OfWindows extends OnMapStore {
        @Override
        protected OperationFamily family(Random random) {
            return RateFamilies.window(random);
        }
    }

    @Nested
    class OfLogs extends OnMapStore {
        @Override
        protected OperationFamily family(Random random) {
            return RateFamilies.log(random);
        }
    }

    @Nested
    class OfCounters extends OnMapStore {
        @Override
        protected OperationFamily family(Random random) {
            return PrimitiveFamilies.counters(random);
        }
    }

    @Nested
    class OfValues extends OnMapStore {
        @Override
        protected OperationFamily family(Random random) {
            return PrimitiveFamilies.repeatedValues(random);
        }
    }

    @Nested
    class OfLocks extends OnMapStore {
        @Override
        protected OperationFamily family(Random random) {
            return LockFamilies.locks(random);
        }

        @Override
        protected List<UnaryOperator<Twin>> mutants() {
            return Stream.concat(super.mutants().stream(), LockMutants.all().stream())
                    .toList();
        }
    }
}
