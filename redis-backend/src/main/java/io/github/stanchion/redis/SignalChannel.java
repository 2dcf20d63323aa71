package io.github.stanchion.redis;

import io.github.stanchion.store.Signal;
import io.github.stanchion.store.Signals;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * One topic: who listens to it, and whether the server has confirmed the subscription.
 *
 * <p>Thread-safe. What listeners throw is logged and hurts nobody.
 */
final class SignalChannel {

    private static final System.Logger LOG = System.getLogger(RedisStore.class.getName());

    private final String kind;
    private final String topic;
    private final CopyOnWriteArrayList<Hearer> hearers = new CopyOnWriteArrayList<>();
    private volatile CompletableFuture<Void> confirmation = new CompletableFuture<>();

    SignalChannel(String kind, String topic) {
        this.kind = kind;
        this.topic = topic;
    }

    /** One who listens: by identity, as a listener may subscribe twice. */
    static final class Hearer {
        private final Signals.Listener listener;
        /** Whether it may have missed something, so that it must be told of a gap once the subscription stands. */
        private volatile boolean behind;

        private Hearer(Signals.Listener listener) {
            this.listener = listener;
        }

        private void gap() {
            behind = false;
            guarded(listener::onGap);
        }
    }

    Hearer add(Signals.Listener listener) {
        Hearer hearer = new Hearer(listener);
        hearers.add(hearer);
        return hearer;
    }

    /** Ends one subscription; true if nobody listens any more. */
    boolean remove(Hearer hearer) {
        return hearers.remove(hearer) && hearers.isEmpty();
    }

    /** Completes once the subscription stands; another one after each loss. */
    CompletableFuture<Void> confirmation() {
        return confirmation;
    }

    void confirmed() {
        confirmation.complete(null);
        for (Hearer hearer : hearers) {
            if (hearer.behind) {
                hearer.gap();
            }
        }
    }

    void refused(Throwable why) {
        confirmation.completeExceptionally(why);
    }

    /** The connection broke: all hear of a gap when the subscription stands again. */
    void lost() {
        confirmation = new CompletableFuture<>();
        hearers.forEach(hearer -> hearer.behind = true);
    }

    /** The hearer did not wait for this confirmation: it hears of a gap with it. */
    void leftBehind(Hearer hearer, CompletableFuture<Void> awaited) {
        hearer.behind = true;
        if (awaited.isDone() && !awaited.isCompletedExceptionally()) {
            hearer.gap();
        }
    }

    void hear(String message) {
        Signal signal = signal(message);
        if (signal != null) {
            hearers.forEach(hearer -> guarded(() -> hearer.listener.onSignal(signal)));
        }
    }

    /** The signal in a message: numbers with blanks between them; null if it is none of ours. */
    private @Nullable Signal signal(String message) {
        List<Long> numbers = new ArrayList<>();
        try {
            if (!message.isEmpty()) {
                for (String number : message.split(" ", -1)) {
                    numbers.add(Long.parseLong(number));
                }
            }
            return new Signal(kind, topic, numbers);
        } catch (IllegalArgumentException foreign) {
            LOG.log(Level.DEBUG, "A message on a channel of signals is none", foreign);
            return null;
        }
    }

    private static void guarded(Runnable call) {
        try {
            call.run();
        } catch (RuntimeException | Error failed) {
            LOG.log(Level.WARNING, "A listener to signals failed; it must not throw", failed);
        }
    }
}
