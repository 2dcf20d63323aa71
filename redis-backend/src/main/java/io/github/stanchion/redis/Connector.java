package io.github.stanchion.redis;

import io.github.stanchion.store.StoreClosedException;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.MaintNotificationsConfig;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.internal.Futures;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.DefaultClientResources;
import io.lettuce.core.resource.Transports;
import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.EventExecutor;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Opens connections over one Lettuce client, which comes with the first of them, on shared threads or its own.
 *
 * <p>Thread-safe. The client's options are those given, tightened: nothing is ever sent again after a connection broke,
 * nothing waits for a connection to come back, and time-outs are not Lettuce's business.
 */
final class Connector implements AutoCloseable {

    private static final System.Logger LOG = System.getLogger(RedisStore.class.getName());
    private static final int MOST_WAITING = 32_768;
    private static final long CLOSE_SECONDS = 2;

    private final @Nullable ClientResources shared;
    private final ClientOptions options;
    private final Duration connectTimeout;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<Object, CompletableFuture<?>> opening = new ConcurrentHashMap<>();
    private @Nullable ClientResources own;
    private volatile @Nullable Client client;
    private boolean closed;

    private record Client(
            RedisClient lettuce, ClientResources resources, EventLoopGroup loops, List<EventExecutor> threads) {}

    /** @param shared whose threads and settings are used and left alone; null = threads of its own */
    Connector(@Nullable ClientResources shared, ClientOptions options, Duration connectTimeout) {
        this.shared = shared;
        this.connectTimeout = connectTimeout;
        this.options = tightened(options, connectTimeout);
    }

    private static ClientOptions tightened(ClientOptions given, Duration connectTimeout) {
        SocketOptions sockets =
                given.getSocketOptions().mutate().connectTimeout(connectTimeout).build();
        return given.mutate()
                .autoReconnect(false)
                .disconnectedBehavior(ClientOptions.DisconnectedBehavior.REJECT_COMMANDS)
                .replayFilter(command -> true)
                .requestQueueSize(Math.min(given.getRequestQueueSize(), MOST_WAITING))
                .useHashIndexQueue(false)
                .timeoutOptions(TimeoutOptions.builder().timeoutCommands(false).build())
                .maintNotificationsConfig(MaintNotificationsConfig.disabled())
                .socketOptions(sockets)
                .build();
    }

    /** How a server is called in logs and errors: no credentials. */
    static String name(RedisURI uri) {
        if (uri.getSentinelMasterId() != null) {
            return uri.getSentinelMasterId();
        }
        return uri.getSocket() != null ? uri.getSocket() : uri.getHost() + ":" + uri.getPort();
    }

    /** The URI of another server with the credentials and TLS settings of this one. */
    static RedisURI elsewhere(RedisURI seed, String host, int port) {
        return RedisURI.builder(seed)
                .withHost(host)
                .withPort(port)
                .withDatabase(0)
                .build();
    }

    /** A copy whose time-out, which Lettuce gives the opening of a connection, is ours. */
    private RedisURI timed(RedisURI uri) {
        RedisURI.Builder copy = RedisURI.builder(uri).withTimeout(connectTimeout);
        if (uri.getSentinelMasterId() != null) {
            copy.withSentinelMasterId(uri.getSentinelMasterId());
            for (RedisURI sentinel : uri.getSentinels()) {
                copy.withSentinel(
                        RedisURI.builder(sentinel).withTimeout(connectTimeout).build());
            }
        }
        return copy.build();
    }

    CompletionStage<StatefulRedisConnection<byte[], byte[]>> connect(RedisURI uri) {
        return begin(lettuce -> lettuce.connectAsync(ByteArrayCodec.INSTANCE, timed(uri)));
    }

    CompletionStage<StatefulRedisPubSubConnection<String, String>> connectPubSub(RedisURI uri) {
        return begin(lettuce -> lettuce.connectPubSubAsync(StringCodec.ASCII, timed(uri)));
    }

    /** Under the lock, so that whoever closes knows of every connection: Lettuce forgets those that it is about to open. */
    private <C> CompletionStage<C> begin(Function<RedisClient, CompletionStage<C>> connect) {
        lock.lock();
        try {
            if (closed) {
                throw new StoreClosedException("Store was closed; nothing was applied");
            }
            Client present = client;
            if (present == null) {
                present = open();
                client = present;
            }
            CompletionStage<C> connection = connect.apply(present.lettuce);
            CompletableFuture<?> over =
                    connection.handle((opened, failed) -> null).toCompletableFuture();
            Object place = new Object();
            opening.put(place, over);
            Stages.whenOver(over, (opened, failed) -> opening.remove(place));
            return connection;
        } finally {
            lock.unlock();
        }
    }

    private Client open() {
        ClientResources resources = shared;
        if (resources == null) {
            resources = DefaultClientResources.create();
            own = resources;
        }
        RedisClient lettuce = RedisClient.create(resources);
        lettuce.setOptions(options);
        EventLoopGroup loops = resources.eventLoopGroupProvider().allocate(Transports.eventLoopGroupClass());
        List<EventExecutor> threads = new ArrayList<>();
        loops.forEach(threads::add);
        return new Client(lettuce, resources, loops, List.copyOf(threads));
    }

    /** Whether the current thread is one of those that read replies, which would wait for itself. */
    boolean isEventLoop() {
        Client present = client;
        if (present != null) {
            for (EventExecutor thread : present.threads) {
                if (thread.inEventLoop()) {
                    return true;
                }
            }
        }
        return false;
    }

    /**
     * Closes all connections, those that are being opened once they are, and waits for a moment until its own threads are gone,
     * unless called by one of them.
     */
    @Override
    public void close() {
        boolean wait = !isEventLoop();
        Client present = last();
        if (present == null) {
            return;
        }
        CompletionStage<?> gone = CompletableFuture.allOf(opening.values().toArray(CompletableFuture<?>[]::new))
                .thenCompose(opened -> present.lettuce.shutdownAsync(0, CLOSE_SECONDS, TimeUnit.SECONDS))
                .thenCompose(closed -> gone(present));
        if (wait) {
            await(gone);
        }
    }

    private @Nullable Client last() {
        lock.lock();
        try {
            closed = true;
            return client;
        } finally {
            lock.unlock();
        }
    }

    /** Gives the threads back, or ends them if they are its own. */
    private CompletionStage<?> gone(Client last) {
        return own == null
                ? Futures.toCompletionStage(
                        last.resources.eventLoopGroupProvider().release(last.loops, 0, CLOSE_SECONDS, TimeUnit.SECONDS))
                : Futures.toCompletionStage(own.shutdown(0, CLOSE_SECONDS, TimeUnit.SECONDS));
    }

    private static void await(CompletionStage<?> gone) {
        try {
            gone.toCompletableFuture().get(CLOSE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException trouble) {
            LOG.log(Level.DEBUG, "Connections to Redis were not closed in order", trouble);
        }
    }
}
