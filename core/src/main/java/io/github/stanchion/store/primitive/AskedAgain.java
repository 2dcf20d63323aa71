package io.github.stanchion.store.primitive;

import io.github.stanchion.store.AtomicStore;
import io.github.stanchion.store.Operation;
import io.github.stanchion.store.StoreException;
import io.github.stanchion.store.StoreKey;
import io.github.stanchion.store.StoreTimeoutException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/**
 * Sends a compare-and-set once more if its reply was lost.
 *
 * <p>The store recognises the write, so it is not applied twice; found applied, it has succeeded. If something else is found,
 * our write may have been applied and replaced since: the outcome stays unknown, because to call it a conflict would invite
 * the caller to apply the change a second time.
 */
final class AskedAgain {

    private AskedAgain() {}

    static ValueReply execute(AtomicStore store, StoreKey key, Operation<ValueReply> operation) {
        try {
            return store.execute(key, operation);
        } catch (StoreTimeoutException lost) {
            if (Thread.currentThread().isInterrupted()) {
                throw lost;
            }
            return decided(lost, again(store, key, operation, lost));
        }
    }

    private static ValueReply again(
            AtomicStore store, StoreKey key, Operation<ValueReply> operation, StoreTimeoutException lost) {
        try {
            return store.execute(key, operation);
        } catch (StoreException error) {
            lost.addSuppressed(error);
            throw lost;
        }
    }

    static CompletionStage<ValueReply> executeAsync(AtomicStore store, StoreKey key, Operation<ValueReply> operation) {
        return store.executeAsync(key, operation)
                .exceptionallyCompose(error -> cause(error) instanceof StoreTimeoutException lost
                        ? againAsync(store, key, operation, lost)
                        : CompletableFuture.failedStage(cause(error)));
    }

    private static CompletionStage<ValueReply> againAsync(
            AtomicStore store, StoreKey key, Operation<ValueReply> operation, StoreTimeoutException lost) {
        return store.executeAsync(key, operation).handle((reply, error) -> {
            if (error != null) {
                lost.addSuppressed(cause(error));
                throw lost;
            }
            return decided(lost, reply);
        });
    }

    private static ValueReply decided(StoreTimeoutException lost, ValueReply reply) {
        if (!reply.applied()) {
            throw lost;
        }
        return reply;
    }

    private static Throwable cause(Throwable error) {
        return error instanceof CompletionException wrapped && wrapped.getCause() != null ? wrapped.getCause() : error;
    }
}
