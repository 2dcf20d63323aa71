package io.github.stanchion.testkit;

import io.github.stanchion.store.Operation;
import java.util.Random;

/** The operations of counters: all of one key together, with ends that come and go. */
class CounterOperationsTest extends OperationContract {

    @Override
    protected OperationFamily family(Random random) {
        return PrimitiveFamilies.counters(random);
    }

    @Override
    protected long[] reply(Operation<?> operation, Object result) {
        return PrimitiveFamilies.reply(result);
    }
}
