package io.github.stanchion.store;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Hears signals once there is a reason to: subscribes in the background when first told to, as a subscription may cost a
 * connection.
 *
 * <p>Until it stands signals are missed. If it fails that is logged, and the next {@link #begin} tries again. Where the store
 * has no signals nothing happens at all. Thread-safe; {@link #begin} costs next to nothing and blocks nobody.
 */
public final class LazySubscription implements AutoCloseable {

    private static final Logger LOG = System.getLogger(LazySubscription.class.getName());

    private enum Phase {
        NONE,
        SUBSCRIBING,
        SUBSCRIBED,
        CLOSED
    }

    private final AtomicStore store;
    private final Executor background;
    private final Signals.Listener listener;
    private final String kind;
    private final List<String> topics;
    private final Runnable standing;
    private final AtomicReference<Phase> phase;
    private volatile List<Signals.Subscription> subscriptions = List.of();

    /**
     * A subscription that is not yet begun.
     *
     * @param standing runs once it stands: what was missed until then can be made up for
     */
    public LazySubscription(
            AtomicStore store,
            Executor background,
            Signals.Listener listener,
            String kind,
            List<String> topics,
            Runnable standing) {
        this.store = store;
        this.background = background;
        this.listener = listener;
        this.kind = kind;
        this.topics = List.copyOf(topics);
        this.standing = standing;
        this.phase =
                new AtomicReference<>(store.capabilities().contains(Capability.SIGNALS) ? Phase.NONE : Phase.CLOSED);
    }

    /** Subscribes, unless that is done or under way. */
    public void begin() {
        if (phase.get() == Phase.NONE && phase.compareAndSet(Phase.NONE, Phase.SUBSCRIBING)) {
            background.execute(this::subscribe);
        }
    }

    private void subscribe() {
        List<Signals.Subscription> made = new ArrayList<>(topics.size());
        try {
            for (String topic : topics) {
                made.add(store.signals().subscribe(kind, topic, listener));
            }
        } catch (RuntimeException trouble) {
            made.forEach(Signals.Subscription::close);
            if (phase.compareAndSet(Phase.SUBSCRIBING, Phase.NONE)) {
                LOG.log(
                        Level.WARNING,
                        () -> "Signals of kind '" + kind + "' are not heard yet; whoever waits for one looks by itself",
                        trouble);
            }
            return;
        }
        subscriptions = made;
        if (phase.compareAndSet(Phase.SUBSCRIBING, Phase.SUBSCRIBED)) {
            standing.run();
        } else {
            made.forEach(Signals.Subscription::close);
        }
    }

    /** Ends it for good. Closing twice does nothing. */
    @Override
    public void close() {
        if (phase.getAndSet(Phase.CLOSED) == Phase.SUBSCRIBED) {
            subscriptions.forEach(Signals.Subscription::close);
        }
    }
}
