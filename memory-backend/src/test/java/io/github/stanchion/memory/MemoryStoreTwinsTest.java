package io.github.stanchion.memory;

import io.github.stanchion.testkit.LockFamilies;
import io.github.stanchion.testkit.OperationFamily;
import io.github.stanchion.testkit.PrimitiveFamilies;
import io.github.stanchion.testkit.RateFamilies;
import io.github.stanchion.testkit.Twin;
import io.github.stanchion.testkit.TwinContract;
import io.github.stanchion.testkit.VirtualClock;
import java.util.Random;
import org.junit.jupiter.api.Nested;

/** What runs natively in memory does what its operation says, on the walks that every twin has to take. */
class MemoryStoreTwinsTest {

    abstract static class InMemory extends TwinContract {

        @Override
        protected Twin twin() {
            VirtualClock clock = new VirtualClock();
            return Twin.of(MemoryStore.builder().clock(clock).build(), clock);
        }
    }

    @Nested
    class Buckets extends InMemory {
        @Override
        protected OperationFamily family(Random random) {
            return RateFamilies.bucket(random);
        }
    }

    @Nested
    class AlignedIntervals extends InMemory {
        @Override
        protected OperationFamily family(Random random) {
            return RateFamilies.interval(random, true);
        }
    }

    @Nested
    class IntervalsFromFirstUse extends InMemory {
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
