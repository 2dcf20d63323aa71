package io.github.stanchion.limit;

import io.github.stanchion.store.AtomicStore;
import io.github.stanchion.store.Capability;
import io.github.stanchion.store.Signal;
import io.github.stanchion.store.Signals;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Tells those who remember something about subjects when one of them is reset, here or in another process.
 *
 * <p>Subscribes in the background, once there is something to remember: a subscription may cost a connection. A reset that
 * comes before it stands, or that is lost, is made up for by the little time for which anything is remembered. Thread-safe.
 */
final class ResetSignals implements Signals.Listener {

    private static final Logger LOG = System.getLogger(ResetSignals.class.getName());

    private enum Phase {
        NONE,
        SUBSCRIBING,
        SUBSCRIBED,
        CLOSED
    }

    private final AtomicStore store;
    private final Executor background;
    private final boolean heard;
    private final AtomicReference<Phase> phase = new AtomicReference<>(Phase.NONE);
    private volatile List<Memory> memories = List.of();
    private volatile Signals.@Nullable Subscription subscription;

    ResetSignals(AtomicStore store, Executor background) {
        this.store = store;
        this.background = background;
        this.heard = store.capabilities().contains(Capability.SIGNALS);
    }

    void tell(Memory... all) {
        memories = List.of(all);
    }

    /** From now on there is something to remember. */
    void listen() {
        if (heard && phase.get() == Phase.NONE && phase.compareAndSet(Phase.NONE, Phase.SUBSCRIBING)) {
            background.execute(this::subscribe);
        }
    }

    private void subscribe() {
        try {
            Signals.Subscription made = store.signals().subscribe(RateLimitGuard.KIND, RateReset.TOPIC, this);
            subscription = made;
            if (!phase.compareAndSet(Phase.SUBSCRIBING, Phase.SUBSCRIBED)) {
                made.close();
            }
        } catch (RuntimeException trouble) {
            if (phase.compareAndSet(Phase.SUBSCRIBING, Phase.NONE)) {
                LOG.log(Level.WARNING, "Resets of rate limits by other processes are not heard yet", trouble);
            }
        }
    }

    @Override
    public void onSignal(Signal signal) {
        forget(signal.details().get(0));
    }

    @Override
    public void onGap() {
        memories.forEach(Memory::forgetAll);
    }

    /** This process itself has reset a subject. */
    void forget(long subject) {
        memories.forEach(memory -> memory.forget(subject));
    }

    void close() {
        if (phase.getAndSet(Phase.CLOSED) == Phase.SUBSCRIBED) {
            Signals.Subscription open = subscription;
            if (open != null) {
                open.close();
            }
        }
    }

    /** Remembers something about subjects. */
    interface Memory {

        /** The subject of this fingerprint has been reset. */
        void forget(long subject);

        /** Any subject may have been reset. */
        void forgetAll();
    }
}
