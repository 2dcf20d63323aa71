package io.github.stanchion.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import io.github.stanchion.store.AtomicStore;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.reporting.ReportEntry;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/** The contract is worth what it finds: each broken store fails exactly the tests that name its fault. */
class BrokenStoresTest {

    @SuppressWarnings("ImmutableEnumChecker") // makes a store for each test and never changes
    enum Specimen {
        GOOD(MapStore::new),
        DECLARES_NOTHING(BrokenStores.DeclaresNothing::new),
        GET_THEN_SET(
                BrokenStores.GetThenSet::new,
                "noUpdateIsLost",
                "noUpdateIsLostAmongAsynchronousSteps",
                "incrementsOfThreadsAreCountedToTheLastBit",
                "oneOfManyThreadsReplacesAVersion",
                "threadsThatContendForABoundAreAdmittedExactlySoOften",
                "threadsThatContendForAMissingKeyCreateItOnce"),
        COLLECTS_EARLY(BrokenStores.CollectsEarly::new, "nothingIsCollectedEarly"),
        LOSES_THE_END(
                BrokenStores.LosesTheEnd::new,
                "aCounterEndsExactlyAtItsInstant",
                "aRefusedIncrementMovesNeitherCountNorEnd",
                "aValuePastItsEndIsNotJudgedByTheStore",
                "anOverflowingIncrementMovesNeitherCountNorEnd",
                "everyValueComesBackAsItWasPut"),
        ENDS_LATE(BrokenStores.EndsLate::new, "aCounterEndsExactlyAtItsInstant", "aValueEndsExactlyAtItsInstant"),
        CALLERS_CLOCK(BrokenStores.CallersClock::new, "timeIsTheStoresWhoeverCalls"),
        DELETES_WITHOUT_OWNER(BrokenStores.DeletesWithoutOwner::new, "aDeletionBySomebodyElseLeavesTheValueAlone"),
        FORGETS_VERSIONS(
                BrokenStores.ForgetsVersions::new,
                "aVersionDoesNotComeBackWithAnEqualValue",
                "everyValueComesBackAsItWasPut"),
        REPEATS_CHARGES(
                BrokenStores.RepeatsCharges::new,
                "everyChargeIsAppliedOnce",
                "incrementsOfThreadsAreCountedToTheLastBit",
                "independentStepsAreAsManyAsOneLikes",
                "noUpdateIsLost",
                "noUpdateIsLostAmongAsynchronousSteps",
                "threadsThatContendForABoundAreAdmittedExactlySoOften",
                "threadsThatContendForAMissingKeyCreateItOnce"),
        REFUSAL_MOVES_THE_END(BrokenStores.RefusalMovesTheEnd::new, "aRefusedIncrementMovesNeitherCountNorEnd"),
        FOLDS_KEYS(
                BrokenStores.FoldsKeys::new,
                "subjectsThatLookAlikeStayApart",
                "partsOfASubjectStayApart",
                "aListingHasEveryKeyOfItsRangeAndNoOther"),
        TRIMS_KEYS(BrokenStores.TrimsKeys::new, "subjectsThatLookAlikeStayApart", "partsOfASubjectStayApart"),
        HALF_A_JOINT_STEP(
                BrokenStores.HalfAJointStep::new,
                "oneRefusalAndNoJointStepChangesAnything",
                "aRefusedJointStepTellsNobody",
                "anAdvisoryStepIsChargedOnlyIfTheOthersAdmit",
                "anErrorAmongJointStepsIsThrownAndNothingIsApplied",
                "jointStepsDecideAlikeWhenAsynchronous"),
        ERROR_ADMITS(
                BrokenStores.ErrorAdmits::new,
                "anUnreadableStateIsRefusedAndLeftUntouched",
                "anErrorAmongIndependentStepsStandsInItsPlace",
                "anErrorAmongJointStepsIsThrownAndNothingIsApplied",
                "anErrorReachesTheCallerThroughTheStage",
                "anErrorSaysThatNothingWasAppliedAndNamesNoSubject",
                "anOverflowingIncrementMovesNeitherCountNorEnd",
                "whatIsNoCounterIsLeftUntouched"),
        CLEARS_BY_PREFIX(BrokenStores.ClearsByPrefix::new, "clearingTakesExactlyItsRange"),
        SWEEPS_WHAT_WAS_RENEWED(
                BrokenStores.SweepsWhatWasRenewed::new, "aValueWrittenAnewAfterItsCollectionWasDueIsNotSwept"),
        EVICTS(BrokenStores.Evicts::new, "noLiveStateIsLostAmongManyOtherKeys"),
        COUNTS_IN_DOUBLES(
                BrokenStores.CountsInDoubles::new,
                "everyValueComesBackAsItWasPut",
                "incrementsOfThreadsAreCountedToTheLastBit");

        final Function<VirtualClock, AtomicStore> store;
        final Set<String> tests;

        Specimen(Function<VirtualClock, AtomicStore> store, String... tests) {
            this.store = store;
            this.tests = Set.of(tests);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aBrokenStoreFailsExactlyTheTestsThatNameItsFault(Specimen specimen) {
        assertThat(runOf(specimen).failed).containsExactlyInAnyOrderElementsOf(specimen.tests);
    }

    @Test
    void whatIsNotDeclaredIsListedAndNothingIsSkipped() {
        Run bare = runOf(Specimen.DECLARES_NOTHING);
        assertThat(bare.leftOut).containsExactlyInAnyOrder("JOINT", "RETAINS", "SCAN", "SIGNALS");
        assertThat(bare.skipped).isEmpty();
        assertThat(runOf(Specimen.GOOD).leftOut).isEmpty();
        assertThat(bare.succeeded).hasSameSizeAs(runOf(Specimen.GOOD).succeeded).hasSizeGreaterThan(50);
    }

    private static Run runOf(Specimen specimen) {
        Run run = new Run();
        LauncherDiscoveryRequest contract = LauncherDiscoveryRequestBuilder.request()
                .selectors(selectClass(SpecimenContract.class))
                .configurationParameter(SpecimenContract.SPECIMEN, specimen.name())
                .build();
        LauncherFactory.create().execute(contract, run);
        return run;
    }

    private static final class Run implements TestExecutionListener {

        private final Set<String> succeeded = new TreeSet<>();
        private final Set<String> failed = new TreeSet<>();
        private final Set<String> skipped = new TreeSet<>();
        private final Set<String> leftOut = new TreeSet<>();

        @Override
        public void executionFinished(TestIdentifier test, TestExecutionResult result) {
            boolean success = result.getStatus() == TestExecutionResult.Status.SUCCESSFUL;
            if (test.isTest() || !success) {
                (success ? succeeded : failed).add(nameOf(test));
            }
        }

        @Override
        public void executionSkipped(TestIdentifier test, String reason) {
            skipped.add(nameOf(test));
        }

        @Override
        public void reportingEntryPublished(TestIdentifier test, ReportEntry entry) {
            leftOut.addAll(entry.getKeyValuePairs().values());
        }

        private static String nameOf(TestIdentifier test) {
            return test.getSource().orElseThrow() instanceof MethodSource method
                    ? method.getMethodName()
                    : test.toString();
        }
    }
}
