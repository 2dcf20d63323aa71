package io.github.stanchion.limit;

import io.github.stanchion.store.AtomicStore;
import io.github.stanchion.store.LazySubscription;
import io.github.stanchion.store.Signal;
import io.github.stanchion.store.Signals;
import java.util.List;
import java.util.concurrent.Executor;

/**
 * Tells those who remember something about subjects when one of them is reset, here or in another process.
 *
 * <p>Listens once there is something to remember. A reset that comes before that stands, or that is lost, is made up for by
 * the little time for which anything is remembered. Thread-safe.
 */
final class ResetSignals implements Signals.Listener {

    private final LazySubscription subscription;
    private volatile List<Memory> memories = List.of();

    ResetSignals(AtomicStore store, Executor background) {
        this.subscription =
                new LazySubscription(store, background, this, RateLimitGuard.KIND, List.of(RateReset.TOPIC), () -> {});
    }

    void tell(Memory... all) {
        memories = List.of(all);
    }

    /** From now on there is something to remember. */
    void listen() {
        subscription.begin();
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
        subscription.close();
    }

    /** Remembers something about subjects. */
    interface Memory {

        /** The subject of this fingerprint has been reset. */
        void forget(long subject);

        /** Any subject may have been reset. */
        void forgetAll();
    }
}
