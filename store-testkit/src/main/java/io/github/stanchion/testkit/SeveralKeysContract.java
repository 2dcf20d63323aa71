package io.github.stanchion.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.stanchion.store.AtomicStore;
import io.github.stanchion.store.Capability;
import io.github.stanchion.store.Cells;
import io.github.stanchion.store.JointResult;
import io.github.stanchion.store.KeyedOperation;
import io.github.stanchion.store.StepResult;
import io.github.stanchion.store.StoreKey;
import io.github.stanchion.store.UnreadableStateException;
import io.github.stanchion.testkit.Probe.Plant;
import io.github.stanchion.testkit.Probe.Read;
import io.github.stanchion.testkit.Probe.Seen;
import io.github.stanchion.testkit.Probe.Sum;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;

/** Several keys: joint steps go through together or not at all, independent ones stand alone. */
abstract class SeveralKeysContract extends KeyContract {

    SeveralKeysContract() {}

    @Test
    void jointStepsThatAllAdmitAreAllApplied() {
        JointResult joint = store().executeAll(
                        List.of(step(key("a"), add(1, 5)), step(key("b"), add(2, 5)), step(key("c"), add(3, 5))));
        assertThat(joint.admitted()).isTrue();
        assertThat(joint.results()).extracting(sum -> ((Sum) sum).total()).isEqualTo(List.of(1L, 2L, 3L));
        assertSum(key("a"), 1);
        assertSum(key("b"), 2);
        assertSum(key("c"), 3);
    }

    @Test
    void oneRefusalAndNoJointStepChangesAnything() {
        put(key("a"), Cells.of(1));
        for (int refusing = 0; refusing < 3; refusing++) {
            int refused = refusing;
            List<KeyedOperation<?>> steps = new ArrayList<>();
            List.of("a", "b", "c")
                    .forEach(subject -> steps.add(step(key(subject), steps.size() == refused ? add(9, 5) : add(1, 5))));
            JointResult joint = store().executeAll(steps);
            assertThat(joint.admitted()).isFalse();
            for (int i = 0; i < 3; i++) {
                assertThat(((Sum) joint.results().get(i)).admitted()).isEqualTo(i != refused);
            }
            assertSum(key("a"), 1);
            assertThat(sumOf(key("b"))).isZero();
            assertThat(sumOf(key("c"))).isZero();
        }
    }

    /** A store that reserves and takes back may leave an empty sum where there was no key. */
    private long sumOf(StoreKey key) {
        return read(key) instanceof Cells cells ? cells.get(0) : 0;
    }

    @Test
    void jointStepsDropTheBookkeepingOfARefusal() {
        put(key("kept"), Cells.of(1));
        JointResult joint = store().executeAll(
                        List.of(step(key("kept"), new Plant(Cells.of(2), MINUTE, false)), step(key("b"), add(1))));
        assertThat(joint.admitted()).isFalse();
        assertSum(key("kept"), 1);
    }

    @Test
    void anErrorAmongJointStepsIsThrownAndNothingIsApplied() {
        put(key("foreign"), Cells.of(1, 2));
        List<KeyedOperation<?>> steps =
                List.of(step(key("a"), add(1)), step(key("foreign"), add(1)), step(key("b"), add(1)));
        assertThatThrownBy(() -> store().executeAll(steps)).isInstanceOf(UnreadableStateException.class);
        assertThatThrownBy(() -> await(store().executeAllAsync(steps))).isInstanceOf(UnreadableStateException.class);
        assertThat(read(key("foreign"))).isEqualTo(Cells.of(1, 2));
        assertThat(sumOf(key("a"))).isZero();
        assertThat(sumOf(key("b"))).isZero();
    }

    @Test
    void anAdvisoryStepThatRefusesRefusesNobodyAndIsNotCharged() {
        JointResult joint = store().executeAll(List.of(advisory(key("shadow"), add(9, 5)), step(key("a"), add(1, 5))));
        assertThat(joint.admitted()).isTrue();
        assertThat(((Sum) joint.results().get(0)).admitted()).isFalse();
        assertThat(read(key("shadow"))).isNull();
        assertSum(key("a"), 1);
    }

    @Test
    void anAdvisoryStepIsChargedOnlyIfTheOthersAdmit() {
        List<KeyedOperation<?>> steps = List.of(advisory(key("shadow"), add(1, 5)), step(key("a"), add(1, 1)));
        assertThat(store().executeAll(steps).admitted()).isTrue();
        assertSum(key("shadow"), 1);
        assertThat(store().executeAll(steps).admitted()).isFalse();
        assertSum(key("shadow"), 1);
        assertSum(key("a"), 1);
    }

    @Test
    void jointStepsDecideAlikeWhenAsynchronous() {
        List<KeyedOperation<?>> steps = List.of(step(key("a"), add(2, 5)), step(key("b"), add(2, 3)));
        assertThat(await(store().executeAllAsync(steps)).admitted()).isTrue();
        assertThat(await(store().executeAllAsync(steps)).admitted()).isFalse();
        assertSum(key("a"), 2);
        assertSum(key("b"), 2);
    }

    @Test
    void asManyJointStepsAsAllowedAreOneDecision() {
        List<KeyedOperation<?>> steps = adds(AtomicStore.MOST_STEPS);
        assertThat(store().executeAll(steps).results()).hasSize(AtomicStore.MOST_STEPS);
        steps.forEach(step -> assertSum(step.key(), 1));
    }

    @Test
    void jointStepsThatCouldNeverBeAppliedAreTheCallersError() {
        List<KeyedOperation<?>> twice =
                List.of(step(key("n-0"), add(1)), step(key("b"), add(1)), step(key("n-0"), add(1)));
        for (List<KeyedOperation<?>> steps : List.of(adds(0), adds(AtomicStore.MOST_STEPS + 1), twice)) {
            assertThatThrownBy(() -> store().executeAll(steps)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> store().executeAllAsync(steps)).isInstanceOf(IllegalArgumentException.class);
        }
        assertThat(read(key("n-0"))).isNull();
        assertThat(read(key("b"))).isNull();
    }

    private List<KeyedOperation<?>> adds(int count) {
        return IntStream.range(0, count)
                .<KeyedOperation<?>>mapToObj(i -> step(key("n-" + i), add(1)))
                .toList();
    }

    @Test
    void jointStepsInCrossedOrderCountExactlyAndNeverLockEachOtherOut() {
        StoreKey a = key("crossed-a");
        StoreKey b = key("crossed-b");
        List<KeyedOperation<?>> steps = List.of(step(a, add(1)), step(b, add(1)));
        List<KeyedOperation<?>> crossed = List.of(step(b, add(1)), step(a, add(1)));
        Together.run(THREADS, thread -> IntStream.range(0, 50)
                .filter(i ->
                        store().executeAll(thread % 2 == 0 ? steps : crossed).admitted())
                .count());
        assertSum(a, 50 * THREADS);
        assertSum(b, 50 * THREADS);
    }

    @Test
    void noStateBetweenJointStepsIsVisible(TestReporter report) {
        if (!declares(Capability.JOINT, report)) {
            return;
        }
        StoreKey a = keyInOneSlot("pair-a");
        StoreKey b = keyInOneSlot("pair-b");
        put(a, Cells.of(0));
        put(b, Cells.of(0));
        List<KeyedOperation<?>> reads = List.of(step(a, new Read()), step(b, new Read()));
        List<KeyedOperation<?>> writes = List.of(step(b, add(1)), step(a, add(1)));
        AtomicBoolean torn = new AtomicBoolean();
        Together.run(4, thread -> {
            for (int i = 0; i < 300; i++) {
                List<?> seen = store().executeAll(thread == 0 ? reads : writes).results();
                if (thread == 0 && !pair(seen)) {
                    torn.set(true);
                }
            }
            return thread;
        });
        assertThat(torn).isFalse();
        assertSum(a, 900);
        assertSum(b, 900);
    }

    private static boolean pair(List<?> seen) {
        return ((Seen) seen.get(0)).equals(seen.get(1));
    }

    @Test
    void independentStepsOfOneKeyFollowOneAnother() {
        List<StepResult<?>> results = store().executeEach(List.of(
                step(key("a"), add(1)), step(key("b"), add(10)), step(key("a"), add(2)), step(key("a"), add(4))));
        assertThat(results).extracting(result -> ((Sum) result.get()).total()).isEqualTo(List.of(1L, 10L, 3L, 7L));
        assertSum(key("a"), 7);
        assertSum(key("b"), 10);
    }

    @Test
    void anErrorAmongIndependentStepsStandsInItsPlace() {
        put(key("foreign"), Cells.of(1, 2));
        List<KeyedOperation<?>> steps = List.of(
                step(key("a"), add(1)),
                step(key("foreign"), add(1)),
                step(key("a"), add(1)),
                step(key("b"), add(9, 5)));
        for (List<StepResult<?>> results :
                List.of(store().executeEach(steps), await(store().executeEachAsync(steps)))) {
            assertThat(results).hasSize(4);
            assertThat(results.get(0)).isInstanceOf(StepResult.Done.class);
            assertThat(results.get(1))
                    .isInstanceOfSatisfying(StepResult.Failed.class, failed -> assertThat(failed.error())
                            .isInstanceOf(UnreadableStateException.class));
            assertThat(((Sum) results.get(3).get()).admitted()).isFalse();
        }
        assertSum(key("a"), 4);
        assertThat(read(key("foreign"))).isEqualTo(Cells.of(1, 2));
    }

    @Test
    void independentStepsAreAsManyAsOneLikes() {
        List<KeyedOperation<?>> steps = new ArrayList<>();
        IntStream.range(0, 3).forEach(round -> steps.addAll(adds(400)));
        Collections.rotate(steps, 7);
        List<StepResult<?>> results = store().executeEach(steps);
        assertThat(results).hasSize(1_200).allMatch(result -> result instanceof StepResult.Done);
        adds(400).forEach(step -> assertSum(step.key(), 3));
    }
}
