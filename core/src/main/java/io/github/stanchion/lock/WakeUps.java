package io.github.stanchion.lock;

import io.github.stanchion.store.AtomicStore;
import io.github.stanchion.store.Capability;
import io.github.stanchion.store.Signal;
import io.github.stanchion.store.Signals;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Hears which locks have become free for this process.
 *
 * <p>Subscribes once, in the background, when a call first has to wait. Until that stands, and when a signal is lost, waiters
 * look by themselves. Thread-safe.
 */
final class WakeUps implements Signals.Listener {

    private static final Logger LOG = System.getLogger(WakeUps.class.getName());

    private enum Phase {
        NONE,
        SUBSCRIBING,
        SUBSCRIBED,
        CLOSED
    }

    private final AtomicStore store;
    private final long node;
    private final LockLines lines;
    private final Executor background;
    private final boolean heard;
    private final AtomicReference<Phase> phase = new AtomicReference<>(Phase.NONE);
    private final List<Signals.Subscription> subscriptions = new ArrayList<>();

    WakeUps(AtomicStore store, long node, LockLines lines, Executor background, boolean polling) {
        this.store = store;
        this.node = node;
        this.lines = lines;
        this.background = background;
        this.heard = !polling && store.capabilities().contains(Capability.SIGNALS);
    }

    /** Whether waiters are woken, or have to look for themselves often. */
    boolean areHeard() {
        return heard;
    }

    void listen() {
        if (heard && phase.get() == Phase.NONE && phase.compareAndSet(Phase.NONE, Phase.SUBSCRIBING)) {
            background.execute(this::subscribe);
        }
    }

    private void subscribe() {
        List<Signals.Subscription> made = new ArrayList<>(2);
        try {
            made.add(store.signals().subscribe(LockGuard.KIND, LockRelease.wakeTopic(node), this));
            made.add(store.signals().subscribe(LockGuard.KIND, LockRelease.WAKE_ALL, this));
        } catch (RuntimeException trouble) {
            made.forEach(Signals.Subscription::close);
            if (phase.compareAndSet(Phase.SUBSCRIBING, Phase.NONE)) {
                LOG.log(Level.WARNING, "Wake-ups for locks are not heard yet; waiters look by themselves", trouble);
            }
            return;
        }
        subscriptions.addAll(made);
        if (phase.compareAndSet(Phase.SUBSCRIBING, Phase.SUBSCRIBED)) {
            lines.wakeAll();
        } else {
            made.forEach(Signals.Subscription::close);
        }
    }

    @Override
    public void onSignal(Signal signal) {
        lines.wake(signal.details().get(0));
    }

    @Override
    public void onGap() {
        lines.wakeAll();
    }

    void close() {
        if (phase.getAndSet(Phase.CLOSED) == Phase.SUBSCRIBED) {
            subscriptions.forEach(Signals.Subscription::close);
        }
    }
}
