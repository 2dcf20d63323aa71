package io.github.stanchion.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectMethod;

import io.github.stanchion.lock.LockAcquire;
import io.github.stanchion.lock.LockAnswer;
import io.github.stanchion.lock.LockRelease;
import io.github.stanchion.lock.LockRenew;
import io.github.stanchion.store.AtomicStore;
import io.github.stanchion.store.Effect;
import io.github.stanchion.store.Operation;
import io.github.stanchion.store.StoreKey;
import io.github.stanchion.store.Transition;
import io.github.stanchion.store.Value;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.platform.commons.support.HierarchyTraversalMode;
import org.junit.platform.commons.support.ReflectionSupport;
import org.junit.platform.engine.DiscoverySelector;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/** The contract of locks is worth what it finds: each broken store fails the tests that name its fault. */
class BrokenLocksTest {

    @SuppressWarnings("ImmutableEnumChecker") // makes a store for each test and never changes
    enum Specimen {
        GOOD(MapStore::new),
        GET_THEN_SET(clock -> new BrokenStores.GetThenSet(clock, 300_000), "readAddWriteUnderTheLockLosesNothing"),
        GRANTS_TO_ALL(GrantsToAll::new, "oneHoldsAndTheOtherDoesNot", "readAddWriteUnderTheLockLosesNothing"),
        FREES_FOR_ANYBODY(FreesForAnybody::new, "holderThatIsGoneBlocksNobodyBeyondItsLease"),
        RENEWS_FOR_ANYBODY(RenewsForAnybody::new, "lockThatTheStoreHasLostIsLost"),
        WAKES_NOBODY(WakesNobody::new, "waiterIsWokenByTheReleaseOfAnotherProcess"),
        SAME_TOKEN(SameToken::new, "tokensRiseFromHolderToHolder"),
        FORGETS_THE_LEAST_HOLD(FreesAtOnce::new, "leastHoldOutlastsTheBody");

        final Function<VirtualClock, AtomicStore> store;
        final Set<String> tests;

        Specimen(Function<VirtualClock, AtomicStore> store, String... tests) {
            this.store = store;
            this.tests = Set.of(tests);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aBrokenStoreFailsTheTestsThatNameItsFault(Specimen specimen) {
        Failures failures = new Failures();
        LauncherDiscoveryRequest contract = LauncherDiscoveryRequestBuilder.request()
                .selectors(selectors(specimen))
                .configurationParameter(SpecimenLockContract.SPECIMEN, specimen.name())
                .build();
        LauncherFactory.create().execute(contract, failures);
        assertThat(failures.names).containsExactlyInAnyOrderElementsOf(specimen.tests);
        assertThat(failures.run).isGreaterThanOrEqualTo(specimen == Specimen.GOOD ? 25 : 1);
    }

    /** Of a broken store only what must fail: a lock that never comes makes other tests wait for long. */
    private static List<? extends DiscoverySelector> selectors(Specimen specimen) {
        return specimen == Specimen.GOOD
                ? List.of(selectClass(SpecimenLockContract.class))
                : ReflectionSupport.streamMethods(
                                SpecimenLockContract.class,
                                method -> specimen.tests.contains(method.getName()),
                                HierarchyTraversalMode.TOP_DOWN)
                        .map(test -> selectMethod(SpecimenLockContract.class, test))
                        .toList();
    }

    private static final class Failures implements TestExecutionListener {

        private final Set<String> names = new TreeSet<>();
        private int run;

        @Override
        public void executionFinished(TestIdentifier test, TestExecutionResult result) {
            run += test.isTest() ? 1 : 0;
            if (result.getStatus() != TestExecutionResult.Status.SUCCESSFUL) {
                names.add(test.getSource()
                        .filter(MethodSource.class::isInstance)
                        .map(source -> ((MethodSource) source).getMethodName())
                        .orElseGet(test::getDisplayName));
            }
        }
    }

    /** Answers one kind of operation in a way of its own. */
    private abstract static class Altered extends MapStore {

        private Altered(VirtualClock clock) {
            super(clock);
        }

        @Override
        @SuppressWarnings("unchecked") // the transition is of the operation given
        <R> Transition<R> decide(StoreKey key, Operation<R> operation, @Nullable Value value, long now) {
            Transition<?> altered = alter(operation, value, now);
            return altered == null ? super.decide(key, operation, value, now) : (Transition<R>) altered;
        }

        abstract @Nullable Transition<?> alter(Operation<?> operation, @Nullable Value value, long now);
    }

    private static final class GrantsToAll extends Altered {

        GrantsToAll(VirtualClock clock) {
            super(clock);
        }

        @Override
        @Nullable
        Transition<?> alter(Operation<?> operation, @Nullable Value value, long now) {
            return operation instanceof LockAcquire acquire ? acquire.apply(null, now) : null;
        }
    }

    private static final class FreesForAnybody extends Altered {

        FreesForAnybody(VirtualClock clock) {
            super(clock);
        }

        @Override
        @Nullable
        Transition<?> alter(Operation<?> operation, @Nullable Value value, long now) {
            return operation instanceof LockRelease release
                    ? new Transition<>(
                            Effect.delete(), true, release.apply(value, now).result())
                    : null;
        }
    }

    private static final class RenewsForAnybody extends Altered {

        RenewsForAnybody(VirtualClock clock) {
            super(clock);
        }

        @Override
        @Nullable
        Transition<?> alter(Operation<?> operation, @Nullable Value value, long now) {
            return operation instanceof LockRenew renew
                    ? new Transition<>(Effect.keep(), true, renew.decode(new long[] {1, 1}))
                    : null;
        }
    }

    private static final class WakesNobody extends Altered {

        WakesNobody(VirtualClock clock) {
            super(clock);
        }

        @Override
        @Nullable
        Transition<?> alter(Operation<?> operation, @Nullable Value value, long now) {
            if (operation instanceof LockRelease release) {
                Transition<?> right = release.apply(value, now);
                return new Transition<>(right.effect(), right.admitted(), right.result());
            }
            return null;
        }
    }

    private static final class SameToken extends Altered {

        SameToken(VirtualClock clock) {
            super(clock);
        }

        @Override
        @Nullable
        Transition<?> alter(Operation<?> operation, @Nullable Value value, long now) {
            if (operation instanceof LockAcquire acquire) {
                Transition<LockAnswer> right = acquire.apply(value, now);
                LockAnswer answer = right.result();
                return new Transition<>(
                        right.effect(),
                        right.admitted(),
                        new LockAnswer(
                                answer.granted(), 7, answer.remainingMicros(), answer.since(), answer.position()),
                        right.signals());
            }
            return null;
        }
    }

    private static final class FreesAtOnce extends Altered {

        FreesAtOnce(VirtualClock clock) {
            super(clock);
        }

        @Override
        @Nullable
        Transition<?> alter(Operation<?> operation, @Nullable Value value, long now) {
            return operation instanceof LockRelease release
                    ? new LockRelease(
                                    release.owner(),
                                    release.mode(),
                                    release.queue(),
                                    release.retentionMicros(),
                                    0,
                                    release.place(),
                                    release.all(),
                                    release.subject())
                            .apply(value, now)
                    : null;
        }
    }
}
