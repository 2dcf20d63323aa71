package io.github.stanchion.lock;

import io.github.stanchion.store.AtomicStore;
import io.github.stanchion.store.Capability;
import io.github.stanchion.store.LazySubscription;
import io.github.stanchion.store.Signal;
import io.github.stanchion.store.Signals;
import java.util.List;
import java.util.concurrent.Executor;

/**
 * Hears which locks have become free for this process, from when a call first has to wait. Until that stands, and when a
 * signal is lost, waiters look by themselves. Thread-safe.
 */
final class WakeUps implements Signals.Listener {

    private final LockLines lines;
    private final boolean heard;
    private final LazySubscription subscription;

    WakeUps(AtomicStore store, long node, LockLines lines, Executor background, boolean polling) {
        this.lines = lines;
        this.heard = !polling && store.capabilities().contains(Capability.SIGNALS);
        this.subscription = new LazySubscription(
                store,
                background,
                this,
                LockGuard.KIND,
                List.of(LockRelease.wakeTopic(node), LockRelease.WAKE_ALL),
                lines::wakeAll);
    }

    /** Whether waiters are woken, or have to look for themselves often. */
    boolean areHeard() {
        return heard;
    }

    void listen() {
        if (heard) {
            subscription.begin();
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
        subscription.close();
    }
}
