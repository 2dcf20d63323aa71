package io.github.stanchion.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import io.github.stanchion.store.AtomicStore;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.FieldSource;
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
        READS_APART(BrokenStores.ReadsApart::new),
        JOINT_STEPS_REFUSE_ONE_ANOTHER(
                BrokenStores.JointStepsRefuseOneAnother::new,
                "jointStepsInCrossedOrderCountExactlyAndNeverLockEachOtherOut",
                "noStateBetweenJointStepsIsVisible"),
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

    /** What the tests of counters and values find of those faults that show there, and of one that shows nowhere else. */
    static final Set<Map.Entry<Specimen, Set<String>>> FAULTS_OF_PRIMITIVES = Map.<Specimen, Set<String>>of(
                    Specimen.GOOD, Set.of(),
                    Specimen.READS_APART, Set.of("valueAndVersionAreNeverReadFromDifferentWrites"),
                    Specimen.JOINT_STEPS_REFUSE_ONE_ANOTHER, Set.of("severalWindowsAreChargedTogetherOrNotAtAll"),
                    Specimen.DELETES_WITHOUT_OWNER,
                            Set.of("exchangeAndDeletionAnswerWhatWasThere", "replacementConflictsAfterAnyOtherWrite"),
                    Specimen.FORGETS_VERSIONS, Set.of("fenceOutlivesDeletionByADay", "noVersionIsEverGivenTwice"),
                    Specimen.REFUSAL_MOVES_THE_END,
                            Set.of(
                                    "boundIsReachedExactlyAndRefusalsMoveNoEnd",
                                    "heavyStepIsRefusedWhereALighterOneFits"),
                    Specimen.TRIMS_KEYS, Set.of("keysThatLookAlikeStayApart"),
                    Specimen.ERROR_ADMITS, Set.of("overflowChangesNeitherCountNorEnd"),
                    Specimen.COUNTS_IN_DOUBLES, Set.of("countsAreExactToTheLastOfSixtyFourBits"))
            .entrySet();

    @ParameterizedTest
    @FieldSource("FAULTS_OF_PRIMITIVES")
    void aBrokenStoreFailsExactlyTheTestsOfPrimitivesThatNameItsFault(Map.Entry<Specimen, Set<String>> fault) {
        assertThat(runOf(SpecimenPrimitivesContract.class, fault.getKey()).failed)
                .containsExactlyInAnyOrderElementsOf(fault.getValue());
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
        return runOf(SpecimenContract.class, specimen);
    }

    private static Run runOf(Class<?> testClass, Specimen specimen) {
        Run run = new Run();
        LauncherDiscoveryRequest contract = LauncherDiscoveryRequestBuilder.request()
                .selectors(selectClass(testClass))
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
