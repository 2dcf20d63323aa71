package io.github.stanchion.redis;

import io.github.stanchion.store.StoreException;
import io.github.stanchion.store.StoreTimeoutException;
import io.github.stanchion.store.StoreUnreachableException;
import io.lettuce.core.RedisException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Blocks a caller's thread until its call is over, where it may be blocked. Thread-safe. */
final class Patience {

    private final Connector connector;

    Patience(Connector connector) {
        this.connector = connector;
    }

    /** To be asked before anything is sent; {@link IllegalStateException} on the threads that read replies. */
    void requireAllowed() {
        if (connector.isEventLoop()) {
            throw new IllegalStateException("A synchronous call on '"
                    + Thread.currentThread().getName() + "' would wait for itself; use executeAsync there");
        }
    }

    /** Waits for a call that ends by itself. */
    <T> T await(CompletableFuture<T> call) {
        try {
            return call.get();
        } catch (InterruptedException interrupted) {
            throw interrupted(interrupted);
        } catch (ExecutionException failed) {
            throw thrown(failed.getCause());
        }
    }

    /** Waits at most so long. */
    <T> T await(CompletableFuture<T> call, long millis) {
        try {
            return call.get(millis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException interrupted) {
            throw interrupted(interrupted);
        } catch (TimeoutException late) {
            throw new StoreUnreachableException("Redis was not reached within " + millis + " ms; nothing was applied");
        } catch (ExecutionException failed) {
            throw thrown(failed.getCause());
        }
    }

    private static StoreException interrupted(InterruptedException interrupted) {
        Thread.currentThread().interrupt();
        return new StoreTimeoutException(
                "Caller was interrupted before the reply; whether the operation was applied is unknown", interrupted);
    }

    private static RuntimeException thrown(@Nullable Throwable cause) {
        if (cause instanceof StoreException error) {
            // Made on the thread that read the reply: the trace that helps is the caller's.
            error.fillInStackTrace();
            return error;
        }
        return cause instanceof RuntimeException error && !(error instanceof RedisException)
                ? error
                : new StoreUnreachableException("Redis was not reached; nothing was applied", cause);
    }
}
