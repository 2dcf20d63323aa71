package io.github.stanchion.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.stanchion.store.Capability;
import io.github.stanchion.store.Cells;
import io.github.stanchion.store.KeyRange;
import io.github.stanchion.store.KeyScan;
import io.github.stanchion.store.KeySpace;
import io.github.stanchion.store.KeyedOperation;
import io.github.stanchion.store.Signal;
import io.github.stanchion.store.Signals;
import io.github.stanchion.store.StoreClosedException;
import io.github.stanchion.store.StoreKey;
import io.github.stanchion.store.Value;
import io.github.stanchion.testkit.Probe.Read;
import io.github.stanchion.testkit.Probe.Seen;
import io.github.stanchion.testkit.Probe.Tell;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;

/** Signals, listing and clearing, the end of a store. */
abstract class ServiceContract extends SeveralKeysContract {

    /** Subscribers of other stores hear the same topic: numbers of this test are its own. */
    private final long firstNumber = ThreadLocalRandom.current().nextLong(1L << 50);

    ServiceContract() {}

    @Test
    void aSignalArrivesAndItsChangeIsVisible(TestReporter report) throws InterruptedException {
        if (!declares(Capability.SIGNALS, report)) {
            assertThatThrownBy(() -> store().signals().subscribe(Probe.KIND, Probe.TOPIC, signal -> {}))
                    .isInstanceOf(UnsupportedOperationException.class);
            return;
        }
        StoreKey key = key("told");
        BlockingQueue<Signal> heard = new LinkedBlockingQueue<>();
        BlockingQueue<CompletionStage<Seen>> onArrival = new LinkedBlockingQueue<>();
        Signals.Subscription subscription = store().signals().subscribe(Probe.KIND, Probe.TOPIC, signal -> {
            onArrival.add(store().executeAsync(key, new Read()));
            heard.add(signal);
        });
        for (long number = firstNumber; number < firstNumber + 20; number++) {
            store().execute(key, new Tell(number, MINUTE));
            assertThat(next(heard, number)).isEqualTo(new Signal(Probe.KIND, Probe.TOPIC, List.of(number)));
            long written = number;
            assertThat(onArrival)
                    .last()
                    .satisfies(seen -> assertThat(number(await(seen).value())).isEqualTo(written));
        }
        subscription.close();
    }

    private static long number(@Nullable Value value) {
        return value instanceof Cells cells ? cells.get(0) : -1;
    }

    private @Nullable Signal next(BlockingQueue<Signal> heard, long number) throws InterruptedException {
        Signal signal = heard.poll(10, TimeUnit.SECONDS);
        while (signal != null && !signal.details().equals(List.of(number))) {
            signal = heard.poll(10, TimeUnit.SECONDS);
        }
        return signal;
    }

    @Test
    void aListenerThatThrowsHurtsNobody(TestReporter report) throws InterruptedException {
        if (!declares(Capability.SIGNALS, report)) {
            return;
        }
        BlockingQueue<Signal> heard = new LinkedBlockingQueue<>();
        Signals signals = store().signals();
        try (Signals.Subscription rude = signals.subscribe(Probe.KIND, Probe.TOPIC, signal -> {
                    throw new ListenerTrouble();
                });
                Signals.Subscription polite = signals.subscribe(Probe.KIND, Probe.TOPIC, heard::add)) {
            for (long number = firstNumber; number < firstNumber + 3; number++) {
                assertThat(store().execute(key("rude"), new Tell(number, MINUTE)))
                        .isEqualTo(number);
                assertThat(next(heard, number)).isNotNull();
            }
            assertThat(rude).isNotSameAs(polite);
        }
        assertSum(key("rude"), firstNumber + 2);
    }

    @Test
    void aListenerHearsItsTopicAloneAndNothingOnceClosed(TestReporter report) throws InterruptedException {
        if (!declares(Capability.SIGNALS, report)) {
            return;
        }
        BlockingQueue<Signal> heard = new LinkedBlockingQueue<>();
        BlockingQueue<Signal> others = new LinkedBlockingQueue<>();
        Signals.Subscription otherTopic = store().signals().subscribe(Probe.KIND, Probe.TOPIC + "2", others::add);
        Signals.Subscription otherKind = store().signals().subscribe(Probe.KIND + "2", Probe.TOPIC, others::add);
        Signals.Subscription closed = store().signals().subscribe(Probe.KIND, Probe.TOPIC, others::add);
        closed.close();
        closed.close();
        Signals.Subscription open = store().signals().subscribe(Probe.KIND, Probe.TOPIC, heard::add);
        store().execute(key("topics"), new Tell(firstNumber, MINUTE));
        assertThat(next(heard, firstNumber)).isNotNull();
        assertThat(others).isEmpty();
        List.of(otherTopic, otherKind, open).forEach(Signals.Subscription::close);
    }

    @Test
    void aRefusedJointStepTellsNobody(TestReporter report) throws InterruptedException {
        if (!declares(Capability.SIGNALS, report) || !declares(Capability.JOINT, report)) {
            return;
        }
        BlockingQueue<Signal> heard = new LinkedBlockingQueue<>();
        Signals.Subscription subscription = store().signals().subscribe(Probe.KIND, Probe.TOPIC, heard::add);
        StoreKey quiet = keyInOneSlot("quiet");
        store().executeAll(List.of(step(quiet, new Tell(firstNumber, MINUTE)), step(keyInOneSlot("no"), add(9, 5))));
        store().executeAll(
                        List.of(step(quiet, new Tell(firstNumber + 1, MINUTE)), step(keyInOneSlot("yes"), add(1, 5))));
        Signal first = heard.poll(10, TimeUnit.SECONDS);
        while (first != null && first.details().get(0) != firstNumber + 1) {
            assertThat(first.details()).isNotEqualTo(List.of(firstNumber));
            first = heard.poll(10, TimeUnit.SECONDS);
        }
        assertThat(first).isNotNull();
        subscription.close();
    }

    @Test
    void aListingHasEveryKeyOfItsRangeAndNoOther(TestReporter report) {
        if (!declares(Capability.SCAN, report)) {
            assertThatThrownBy(() -> store().keys().page(KeyRange.of(space("A")), null, 10))
                    .isInstanceOf(UnsupportedOperationException.class);
            return;
        }
        List<StoreKey> all = plantNeighbours();
        assertThat(listed(KeyRange.of(space("A")))).containsExactlyInAnyOrderElementsOf(within(all, "A"));
        assertThat(listed(new KeyRange(space("A"), true)))
                .containsExactlyInAnyOrderElementsOf(within(all, "A", "A/B", "A/B/C"));
        assertThat(listed(KeyRange.of(space("*")))).containsExactlyInAnyOrderElementsOf(within(all, "*"));
        assertThat(listed(KeyRange.of(space("nobody")))).isEmpty();
    }

    @Test
    void clearingTakesExactlyItsRange(TestReporter report) {
        if (!declares(Capability.SCAN, report)) {
            return;
        }
        List<StoreKey> all = plantNeighbours();
        assertThat(store().keys().clear(KeyRange.of(space("A"))))
                .isEqualTo(within(all, "A").size());
        assertLeft(all, "A");
        assertThat(store().keys().clear(new KeyRange(space("A"), true)))
                .isEqualTo(within(all, "A/B", "A/B/C").size());
        assertLeft(all, "A", "A/B", "A/B/C");
        assertThat(store().keys().clear(KeyRange.of(space("A")))).isZero();
    }

    private void assertLeft(List<StoreKey> all, String... cleared) {
        List<StoreKey> gone = within(all, cleared);
        for (StoreKey key : all) {
            Value expected = gone.contains(key) ? null : Cells.of(1);
            assertThat(read(key)).as(key.toString()).isEqualTo(expected);
        }
    }

    private List<StoreKey> plantNeighbours() {
        List<StoreKey> keys = new ArrayList<>();
        List<KeySpace> spaces = new ArrayList<>();
        for (String name :
                List.of("A", "A2", "A_B", "A/B", "A/B/C", "AB", "a", "B/A", "*", "?", "[A]", "A*", "A%", "\\A")) {
            spaces.add(space(name));
        }
        spaces.add(space("probe-2", "A"));
        for (KeySpace space : spaces) {
            keys.add(space.key());
            for (int i = 0; i < 25; i++) {
                keys.add(space.key("A:" + i));
            }
        }
        List<KeyedOperation<?>> steps = new ArrayList<>();
        keys.forEach(key -> steps.add(step(key, new Probe.Plant(Cells.of(1), MINUTE, true))));
        store().executeEach(steps).forEach(result -> assertThat(result.get()).isEqualTo(true));
        return keys;
    }

    private List<StoreKey> within(List<StoreKey> keys, String... names) {
        return keys.stream()
                .filter(key -> key.space().kind().equals(Probe.KIND)
                        && List.of(names).contains(key.space().name()))
                .toList();
    }

    private List<StoreKey> listed(KeyRange range) {
        List<StoreKey> keys = new ArrayList<>();
        String cursor = null;
        do {
            KeyScan.Page page = store().keys().page(range, cursor, 10);
            keys.addAll(page.keys());
            cursor = page.next();
        } while (cursor != null);
        return keys.stream().distinct().toList();
    }

    @Test
    void aClosedStoreThrowsWhateverIsAskedOfIt() {
        StoreKey key = key("closed");
        List<KeyedOperation<?>> steps = List.of(step(key, add(1)));
        store().execute(key, add(1));
        store().close();
        assertThatThrownBy(() -> store().execute(key, add(1))).isInstanceOf(StoreClosedException.class);
        assertThatThrownBy(() -> store().executeAll(steps)).isInstanceOf(StoreClosedException.class);
        assertThatThrownBy(() -> store().executeEach(steps)).isInstanceOf(StoreClosedException.class);
        assertThatThrownBy(() -> await(store().executeAsync(key, add(1)))).isInstanceOf(StoreClosedException.class);
        assertThatThrownBy(() -> await(store().executeAllAsync(steps))).isInstanceOf(StoreClosedException.class);
        assertThatThrownBy(() -> await(store().executeEachAsync(steps))).isInstanceOf(StoreClosedException.class);
    }

    @Test
    void closingTwiceDoesNothing() {
        store().close();
        store().close();
        assertThatThrownBy(() -> read(key("twice"))).isInstanceOf(StoreClosedException.class);
    }

    @Test
    void capabilitiesDoNotChange() {
        assertThat(store().capabilities()).isEqualTo(store().capabilities());
        assertThatThrownBy(() -> store().capabilities().clear()).isInstanceOf(UnsupportedOperationException.class);
    }

    /** Without a stack trace, as stores log what a listener throws. */
    private static final class ListenerTrouble extends RuntimeException {
        private static final long serialVersionUID = 1L;

        ListenerTrouble() {
            super("A listener's own trouble", null, false, false);
        }
    }
}
