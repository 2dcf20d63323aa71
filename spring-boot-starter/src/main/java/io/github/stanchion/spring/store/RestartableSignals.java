package io.github.stanchion.spring.store;

import io.github.stanchion.store.Signals;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Subscriptions that last when the store beneath is replaced. Thread-safe. */
final class RestartableSignals implements Signals {

    private static final Logger LOG = System.getLogger(RestartableStore.class.getName());

    private final Supplier<Signals> current;
    private final List<Lasting> subscriptions = new CopyOnWriteArrayList<>();

    RestartableSignals(Supplier<Signals> current) {
        this.current = current;
    }

    @Override
    public Subscription subscribe(String kind, String topic, Listener listener) {
        Lasting subscription = new Lasting(kind, topic, listener);
        subscription.renew();
        subscriptions.add(subscription);
        return subscription;
    }

    /** Subscribes all again on a thread of its own, as each may wait until a server confirms it. */
    void restore() {
        List<Lasting> all = List.copyOf(subscriptions);
        if (!all.isEmpty()) {
            Thread thread = new Thread(() -> all.forEach(Lasting::restore), "stanchion-signals");
            thread.setDaemon(true);
            thread.start();
        }
    }

    private final class Lasting implements Subscription {

        private final String kind;
        private final String topic;
        private final Listener listener;
        private final ReentrantLock lock = new ReentrantLock();
        private @Nullable Subscription beneath;
        private boolean ended;

        private Lasting(String kind, String topic, Listener listener) {
            this.kind = kind;
            this.topic = topic;
            this.listener = listener;
        }

        private boolean renew() {
            lock.lock();
            try {
                if (!ended) {
                    if (beneath != null) {
                        beneath.close();
                    }
                    beneath = current.get().subscribe(kind, topic, listener);
                }
                return !ended;
            } finally {
                lock.unlock();
            }
        }

        private void restore() {
            try {
                if (renew()) {
                    listener.onGap();
                }
            } catch (RuntimeException trouble) {
                LOG.log(Level.WARNING, "Signals of a store that was started again cannot be heard", trouble);
            }
        }

        @Override
        public void close() {
            lock.lock();
            try {
                ended = true;
                subscriptions.remove(this);
                if (beneath != null) {
                    beneath.close();
                }
            } finally {
                lock.unlock();
            }
        }
    }
}
