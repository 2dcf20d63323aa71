package io.github.stanchion.testkit;

import io.github.stanchion.store.AtomicStore;
import io.github.stanchion.testkit.BrokenLocksTest.Specimen;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** The contract on the store that the run is configured with; no test of this build, but one that {@link BrokenLocksTest} runs. */
@ExtendWith(SpecimenLockContract.SpecimenResolver.class)
class SpecimenLockContract extends LockContract {

    static final String SPECIMEN = "stanchion.testkit.lock-specimen";

    private final Specimen specimen;

    SpecimenLockContract(Specimen specimen) {
        this.specimen = specimen;
    }

    @Override
    protected AtomicStore store(VirtualClock clock) {
        return specimen.store.apply(clock);
    }

    @Override
    protected int cycles() {
        return 2_000;
    }

    static final class SpecimenResolver implements ParameterResolver {

        @Override
        public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
            return parameter.getParameter().getType() == Specimen.class;
        }

        @Override
        public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
            return context.getConfigurationParameter(SPECIMEN, Specimen::valueOf)
                    .orElseThrow();
        }
    }
}
