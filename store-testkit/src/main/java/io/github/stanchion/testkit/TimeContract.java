package io.github.stanchion.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.stanchion.store.Capability;
import io.github.stanchion.store.Cells;
import io.github.stanchion.store.Counter;
import io.github.stanchion.store.Effect;
import io.github.stanchion.store.KeyedOperation;
import io.github.stanchion.store.StepResult;
import io.github.stanchion.store.StoreKey;
import io.github.stanchion.store.Value;
import io.github.stanchion.testkit.Probe.Plant;
import io.github.stanchion.testkit.Probe.Read;
import io.github.stanchion.testkit.Probe.Seen;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;

/** Time is the store's, to the microsecond; collection may come late and never early. */
abstract class TimeContract extends OneKeyContract {

    private static final int MANY = 20_000;

    TimeContract() {}

    @Test
    void timeIsTheStoresToTheMicrosecond() {
        StoreKey key = key("time");
        for (long micros : new long[] {0, 1, 999, 1_000_001, 86_400_000_000L}) {
            clock.advanceMicros(micros);
            assertThat(seen(key).nowMicros()).isEqualTo(clock.micros());
            assertThat(await(store().executeAsync(key, new Read())).nowMicros()).isEqualTo(clock.micros());
            assertThat(((Seen) store().executeAll(List.of(step(key, new Read())))
                                    .results()
                                    .get(0))
                            .nowMicros())
                    .isEqualTo(clock.micros());
            assertThat(((Seen) store().executeEach(List.of(step(key, new Read())))
                                    .get(0)
                                    .get())
                            .nowMicros())
                    .isEqualTo(clock.micros());
        }
        clock.stepBack(Duration.ofHours(1));
        assertThat(seen(key).nowMicros()).isEqualTo(clock.micros());
    }

    @Test
    void timeIsTheStoresWhoeverCalls() {
        StoreKey key = key("callers");
        assertThat(Together.run(THREADS, caller -> seen(key).nowMicros())).containsOnly(clock.micros());
    }

    @Test
    void nothingIsCollectedEarly() {
        long[] times = {
            1, 999, 1_000, 1_001, 999_999, 1_000_000, 1_500_000, MINUTE, 3_600 * 1_000_000L, Effect.Put.LONGEST
        };
        for (int i = 0; i < times.length; i++) {
            put(key("kept-" + i), Cells.of(i), times[i]);
        }
        long passed = 0;
        for (int i = 0; i < times.length; i++) {
            clock.advanceMicros(times[i] - 1 - passed);
            passed = times[i] - 1;
            touchOthers(50);
            assertSum(key("kept-" + i), i);
        }
    }

    @Test
    void whatIsKeptForEverIsNotCollected() {
        put(key("endless"), Cells.of(1), Effect.Put.NEVER);
        clock.advance(Duration.ofDays(36_500));
        touchOthers(50);
        assertSum(key("endless"), 1);
    }

    @Test
    void aLaterPutMovesTheCollection() {
        StoreKey key = key("moved");
        put(key, Cells.of(1), 1_000_000);
        put(key, Cells.of(2), 10_000_000);
        clock.advanceMicros(9_999_999);
        touchOthers(50);
        assertSum(key, 2);
        put(key, Cells.of(3), Effect.Put.NEVER);
        clock.advance(Duration.ofDays(1));
        touchOthers(50);
        assertSum(key, 3);
    }

    @Test
    void aValueWrittenAnewAfterItsCollectionWasDueIsNotSwept() {
        for (int round = 0; round < 20; round++) {
            StoreKey key = key("renewed-" + round);
            put(key, Cells.of(1), 1_000);
            clock.advanceMicros(2_000);
            touchOthers(round);
            put(key, Cells.of(2));
            touchOthers(20);
            assertSum(key, 2);
        }
    }

    @Test
    void aClockThatStepsBackCollectsNothing() {
        put(key("back"), Cells.of(4), 1_000_000);
        clock.stepBack(Duration.ofHours(1));
        touchOthers(50);
        assertSum(key("back"), 4);
        clock.advance(Duration.ofHours(1));
        touchOthers(50);
        assertSum(key("back"), 4);
    }

    @Test
    void aValuePastItsEndIsNotJudgedByTheStore() {
        Value ended = new Counter(7, clock.micros() + 1);
        put(key("ended"), ended, MINUTE);
        clock.advanceMicros(2);
        assertThat(read(key("ended"))).isEqualTo(ended);
    }

    @Test
    void noLiveStateIsLostAmongManyOtherKeys(TestReporter report) {
        if (!declares(Capability.RETAINS, report)) {
            return;
        }
        put(key("victim"), Cells.of(1));
        touchOthers(MANY);
        assertSum(key("victim"), 1);
        assertSum(key("other-0"), 0);
    }

    /** Writes that many other keys, which gives the store every occasion to tidy up. */
    private void touchOthers(int count) {
        List<KeyedOperation<?>> steps = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            steps.add(step(key("other-" + i), new Plant(Cells.of(i), MINUTE, true)));
        }
        if (count > 0) {
            assertThat(store().executeEach(steps)).allMatch(result -> result instanceof StepResult.Done);
        }
    }

    private Seen seen(StoreKey key) {
        return store().execute(key, new Read());
    }
}
