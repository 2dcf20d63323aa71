package io.github.stanchion.spring.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.stanchion.memory.MemoryStore;
import io.github.stanchion.store.Effect;
import io.github.stanchion.store.KeySpace;
import io.github.stanchion.store.Operation;
import io.github.stanchion.store.Signal;
import io.github.stanchion.store.Signals;
import io.github.stanchion.store.StoreClosedException;
import io.github.stanchion.store.Transition;
import io.github.stanchion.store.Value;
import io.github.stanchion.store.primitive.AtomicCounters;
import io.github.stanchion.store.primitive.Ttl;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RestartableStoreTest {

    private final List<MemoryStore> made = new ArrayList<>();
    private final RestartableStore<MemoryStore> store = new RestartableStore<>(() -> {
        made.add(MemoryStore.create());
        return made.get(made.size() - 1);
    });
    private final AtomicCounters counters = new AtomicCounters(store, "test");

    @Test
    void worksBeforeAnyStart() {
        assertThat(counters.increment("k", Ttl.none()).value()).isEqualTo(1);
    }

    @Test
    void startOfARunningStoreChangesNothing() {
        counters.increment("k", Ttl.none());

        store.start();

        assertThat(counters.increment("k", Ttl.none()).value()).isEqualTo(2);
        assertThat(made).hasSize(1);
    }

    @Test
    void refusesWhileStoppedAndWorksOnAFreshStoreAfterwards() {
        counters.increment("k", Ttl.none());
        store.stop();
        assertThatThrownBy(() -> counters.get("k")).isInstanceOf(StoreClosedException.class);

        store.start();

        assertThat(counters.increment("k", Ttl.none()).value()).isEqualTo(1);
        assertThat(made).hasSize(2);
        assertThat(store.behind()).isSameAs(made.get(1));
    }

    @Test
    void closedStoreStaysClosed() {
        store.close();
        store.start();

        assertThat(made).hasSize(1);
        assertThatThrownBy(() -> counters.get("k")).isInstanceOf(StoreClosedException.class);
    }

    @Test
    void subscriptionsLastAndAreToldOfTheGap() throws Exception {
        Heard heard = new Heard();
        Signals.Subscription ended = store.signals().subscribe("kind", "topic", new Heard());
        store.signals().subscribe("kind", "topic", heard);
        ended.close();

        store.stop();
        store.start();
        assertThat(heard.next()).isEqualTo("gap");
        store.execute(KeySpace.of("test", "kind", "name").key("k"), new Telling());

        assertThat(heard.next()).isEqualTo("signal [7]");
        assertThat(heard.events).isEmpty();
    }

    /** Sends a signal. */
    private record Telling() implements Operation<Boolean> {

        @Override
        public String name() {
            return "test.tell";
        }

        @Override
        public long[] arguments() {
            return new long[0];
        }

        @Override
        public Transition<Boolean> apply(@Nullable Value current, long nowMicros) {
            return new Transition<>(Effect.keep(), true, true, List.of(new Signal("kind", "topic", List.of(7L))));
        }

        @Override
        public Boolean decode(long[] reply) {
            return true;
        }
    }

    private static final class Heard implements Signals.Listener {

        private final BlockingQueue<String> events = new LinkedBlockingQueue<>();

        @Override
        public void onSignal(Signal signal) {
            events.add("signal " + signal.details());
        }

        @Override
        public void onGap() {
            events.add("gap");
        }

        private String next() throws InterruptedException {
            return events.poll(10, TimeUnit.SECONDS);
        }
    }
}
