package io.github.stanchion.memory;

import io.github.stanchion.store.Signal;
import io.github.stanchion.store.Signals;
import io.github.stanchion.store.StoreClosedException;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** Delivers signals on the thread whose transition sent them, once its slots are free. Thread-safe. */
final class LocalSignals implements Signals {

    private static final System.Logger LOG = System.getLogger(MemoryStore.class.getName());

    private final ConcurrentHashMap<Address, CopyOnWriteArrayList<Entry>> listeners = new ConcurrentHashMap<>();
    private volatile boolean closed;

    private record Address(String kind, String topic) {}

    /** One subscription: by identity, as a listener may subscribe twice. */
    private static final class Entry {
        private final Listener listener;

        private Entry(Listener listener) {
            this.listener = listener;
        }
    }

    @Override
    public Subscription subscribe(String kind, String topic, Listener listener) {
        if (closed) {
            throw new StoreClosedException("The memory store is closed");
        }
        Address address = new Address(kind, topic);
        Entry entry = new Entry(listener);
        listeners.compute(address, (same, present) -> {
            CopyOnWriteArrayList<Entry> all = present == null ? new CopyOnWriteArrayList<>() : present;
            all.add(entry);
            return all;
        });
        return () -> listeners.computeIfPresent(address, (same, present) -> {
            present.remove(entry);
            return present.isEmpty() ? null : present;
        });
    }

    void send(List<Signal> signals) {
        for (Signal signal : signals) {
            @Nullable List<Entry> hearing = listeners.get(new Address(signal.kind(), signal.topic()));
            if (hearing != null) {
                hearing.forEach(entry -> deliver(entry.listener, signal));
            }
        }
    }

    private static void deliver(Listener listener, Signal signal) {
        try {
            listener.onSignal(signal);
        } catch (RuntimeException | Error e) {
            // The transition is done: nothing that a listener does may reach the caller.
            LOG.log(
                    Level.WARNING,
                    "A listener to signals of kind '" + signal.kind() + "' failed; it must not throw",
                    e);
        }
    }

    void close() {
        closed = true;
        listeners.clear();
    }
}
