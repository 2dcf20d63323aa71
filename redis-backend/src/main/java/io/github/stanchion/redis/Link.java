package io.github.stanchion.redis;

import io.github.stanchion.store.StoreClosedException;
import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisConnectionStateListener;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.protocol.RedisCommand;
import java.nio.channels.ClosedChannelException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The one connection to a server: opened when it is first needed, and anew once it is lost.
 *
 * <p>Thread-safe; nobody waits. Lettuce does not reconnect it: whatever was on its way is given back at once, and a new
 * connection never writes what an old one had written.
 */
final class Link {

    /** A connection that lived shorter is not opened anew by itself, lest a server that hangs up is called without end. */
    private static final long YOUNG_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Supplier<CompletionStage<StatefulRedisConnection<byte[], byte[]>>> opener;
    private final Consumer<Throwable> trouble;
    private final AtomicReference<@Nullable Opening> current = new AtomicReference<>();
    private volatile boolean closed;

    /** @param trouble hears of a connection that cannot be opened, or that is lost as soon as it is */
    Link(Supplier<CompletionStage<StatefulRedisConnection<byte[], byte[]>>> opener, Consumer<Throwable> trouble) {
        this.opener = opener;
        this.trouble = trouble;
    }

    private static final class Opening extends CompletableFuture<StatefulRedisConnection<byte[], byte[]>> {
        private volatile @Nullable StatefulRedisConnection<byte[], byte[]> connection;
        private long since;
    }

    /** Whether a connection stands. */
    boolean isOpen() {
        Opening opening = current.get();
        return opening != null && opening.connection != null;
    }

    /** Writes the call, now or once there is a connection; fails it if there will be none. */
    void send(Call<?> call) {
        Opening opening = current.get();
        StatefulRedisConnection<byte[], byte[]> connection = opening == null ? null : opening.connection;
        if (connection != null) {
            dispatch(connection, call);
            return;
        }
        Stages.whenOver(open(), (opened, failed) -> {
            if (opened != null) {
                dispatch(opened, call);
            } else if (failed != null) {
                call.completeExceptionally(failed);
            }
        });
    }

    private static void dispatch(StatefulRedisConnection<byte[], byte[]> connection, Call<?> call) {
        if (!call.handOver()) {
            return;
        }
        if (call.asking()) {
            connection.dispatch(List.<RedisCommand<byte[], byte[], ?>>of(PlainCall.asking(call), call));
        } else {
            connection.dispatch(call);
        }
    }

    /** The connection, opened if there is none. */
    CompletableFuture<StatefulRedisConnection<byte[], byte[]>> open() {
        while (true) {
            Opening present = current.get();
            if (present != null) {
                return present;
            }
            Opening fresh = new Opening();
            if (current.compareAndSet(null, fresh)) {
                begin(fresh);
                return fresh;
            }
        }
    }

    private void begin(Opening fresh) {
        try {
            Stages.whenOver(opener.get(), (connection, failed) -> {
                if (connection != null) {
                    opened(fresh, connection);
                } else if (failed != null) {
                    failed(fresh, failed);
                }
            });
        } catch (RuntimeException failed) {
            failed(fresh, failed);
        }
    }

    private void opened(Opening fresh, StatefulRedisConnection<byte[], byte[]> connection) {
        if (closed) {
            Stages.forget(connection.closeAsync());
            fresh.completeExceptionally(new StoreClosedException("The Redis store is closed; nothing was applied"));
            return;
        }
        fresh.since = Deadlines.now();
        connection.addListener(new RedisConnectionStateListener() {
            @Override
            public void onRedisDisconnected(RedisChannelHandler<?, ?> lost) {
                lost(fresh);
            }
        });
        fresh.connection = connection;
        fresh.complete(connection);
        if (closed || current.get() != fresh) {
            Stages.forget(connection.closeAsync());
        } else if (!connection.isOpen()) {
            lost(fresh);
        }
    }

    private void failed(Opening fresh, Throwable failed) {
        current.compareAndSet(fresh, null);
        trouble.accept(failed);
        fresh.completeExceptionally(failed);
    }

    private void lost(Opening old) {
        if (!current.compareAndSet(old, null) || closed) {
            return;
        }
        StatefulRedisConnection<byte[], byte[]> connection = old.connection;
        if (connection != null) {
            Stages.forget(connection.closeAsync());
        }
        if (Deadlines.now() - old.since > YOUNG_NANOS) {
            Stages.forget(open());
        } else {
            trouble.accept(new ClosedChannelException());
        }
    }

    /** Gives up the connection, if one stands; the next call opens another. */
    void renew() {
        Opening old = current.get();
        if (old != null && old.connection != null && current.compareAndSet(old, null)) {
            Stages.forget(old.connection.closeAsync());
        }
    }

    /** As {@link #renew}, once what is on its way has had {@code nanos} to be answered. */
    void retire(Deadlines deadlines, long nanos) {
        Opening old = current.get();
        if (old != null && old.connection != null && current.compareAndSet(old, null)) {
            StatefulRedisConnection<byte[], byte[]> connection = old.connection;
            deadlines.after(nanos, () -> Stages.forget(connection.closeAsync()));
        }
    }

    /** What is lost from now on is not opened again; the connector closes what stands. */
    void close() {
        closed = true;
    }
}
