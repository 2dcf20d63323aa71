package io.github.stanchion.store.primitive;

import io.github.stanchion.store.RaceBackoff;
import io.github.stanchion.store.StoreContentionException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Reads a value, changes it, and stores it if nobody else did meanwhile; again, after a pause, if somebody did.
 *
 * <p>Each try reads anew after its pause, although a conflict tells the value: one read just before the write loses fewer races
 * than one read before the pause.
 */
final class ValueUpdate {

    private final AtomicValues values;
    private final String key;
    private final UnaryOperator<@Nullable Payload> change;
    private final Ttl ttl;
    private final RaceBackoff backoff;

    ValueUpdate(
            AtomicValues values, String key, UnaryOperator<@Nullable Payload> change, Ttl ttl, RaceBackoff backoff) {
        this.values = values;
        this.key = key;
        this.change = change;
        this.ttl = ttl.requireCreating();
        this.backoff = backoff;
    }

    Replacement run() {
        for (int tries = 1; ; tries++) {
            VersionedValue seen = values.get(key);
            Payload next = change.apply(seen.payload());
            Replacement outcome =
                    next == null ? values.remove(key, seen.version()) : values.replace(key, seen.version(), next, ttl);
            if (outcome.stored() || tries == AtomicValues.MOST_TRIES) {
                return outcome;
            }
            pause(tries);
        }
    }

    private void pause(int lost) {
        try {
            backoff.pause(lost);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new StoreContentionException(
                    "Caller was interrupted between two tries of an update; nothing was changed", interrupted);
        }
    }

    CompletionStage<Replacement> runAsync() {
        return tryAsync(1);
    }

    private CompletionStage<Replacement> tryAsync(int tries) {
        return values.getAsync(key).thenCompose(this::writeAsync).thenCompose(outcome -> {
            if (outcome.stored() || tries == AtomicValues.MOST_TRIES) {
                return CompletableFuture.completedStage(outcome);
            }
            return backoff.pauseAsync(tries).thenCompose(due -> tryAsync(tries + 1));
        });
    }

    private CompletionStage<Replacement> writeAsync(VersionedValue seen) {
        Payload next = change.apply(seen.payload());
        return next == null
                ? values.removeAsync(key, seen.version())
                : values.replaceAsync(key, seen.version(), next, ttl);
    }
}
