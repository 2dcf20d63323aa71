package io.github.stanchion.limit;

import io.github.stanchion.store.Signal;
import io.github.stanchion.store.Signals;
import io.github.stanchion.store.StoreUnreachableException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Delivers signals on the thread that sends them; refuses subscriptions when told to. */
final class RigSignals implements Signals {

    private record Entry(String kind, String topic, Listener listener) {}

    private final List<Entry> entries = new CopyOnWriteArrayList<>();
    boolean unreachable;
    int subscriptions;

    @Override
    public Subscription subscribe(String kind, String topic, Listener listener) {
        if (unreachable) {
            throw new StoreUnreachableException("No connection");
        }
        subscriptions++;
        Entry entry = new Entry(kind, topic, listener);
        entries.add(entry);
        return () -> entries.remove(entry);
    }

    int listeners() {
        return entries.size();
    }

    void send(List<Signal> signals) {
        for (Signal signal : signals) {
            entries.stream()
                    .filter(entry -> entry.kind.equals(signal.kind()) && entry.topic.equals(signal.topic()))
                    .forEach(entry -> entry.listener.onSignal(signal));
        }
    }

    void gap() {
        entries.forEach(entry -> entry.listener.onGap());
    }
}
