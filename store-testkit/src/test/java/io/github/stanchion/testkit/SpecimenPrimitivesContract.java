package io.github.stanchion.testkit;

import io.github.stanchion.store.AtomicStore;
import io.github.stanchion.testkit.BrokenStoresTest.Specimen;
import org.junit.jupiter.api.extension.ExtendWith;

/** What applications get, on the store that the run is configured with, as {@link SpecimenContract}. */
@ExtendWith(SpecimenContract.SpecimenResolver.class)
class SpecimenPrimitivesContract extends PrimitivesContract {

    private final Specimen specimen;

    SpecimenPrimitivesContract(Specimen specimen) {
        this.specimen = specimen;
    }

    @Override
    protected AtomicStore store(VirtualClock clock) {
        return specimen.store.apply(clock);
    }

    @Override
    protected int rounds() {
        return 20;
    }

    @Override
    protected int reads() {
        return 100;
    }
}
