package io.github.stanchion.redis;

import io.github.stanchion.store.Signals;
import io.github.stanchion.store.StoreClosedException;
import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisConnectionStateListener;
import io.lettuce.core.RedisURI;
import io.lettuce.core.pubsub.RedisPubSubAdapter;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import reactor.core.scheduler.Schedulers;

/**
 * Hears signals over a connection of its own, from the first subscription on.
 *
 * <p>Thread-safe. A subscription blocks until the server has confirmed it, at most the time that connecting may take, so that
 * no later signal is missed; on threads that must not block, or while no server answers, it returns at once and
 * {@link Signals.Listener#onGap} is called when it stands. After a lost connection all channels are subscribed anew, with
 * {@code onGap} to all listeners. Listeners are called on the connection's thread.
 */
final class RedisSignals implements Signals, AutoCloseable {

    private static final System.Logger LOG = System.getLogger(RedisStore.class.getName());

    private final String prefix;
    private final long patienceMillis;
    private final Connector connector;
    private final Courier courier;
    private final Tally tally;
    private final NodeBreaker retries =
            new NodeBreaker(() -> ThreadLocalRandom.current().nextDouble());
    private final Map<String, SignalChannel> channels = new ConcurrentHashMap<>();
    private final ReentrantLock lock = new ReentrantLock();
    private @Nullable StatefulRedisPubSubConnection<String, String> connection;
    private boolean connecting;
    private int attempts;
    private boolean closed;

    /** @param patienceMillis how long a subscription waits for its confirmation */
    RedisSignals(String prefix, long patienceMillis, Connector connector, Courier courier, Tally tally) {
        this.prefix = prefix;
        this.patienceMillis = patienceMillis;
        this.connector = connector;
        this.courier = courier;
        this.tally = tally;
    }

    @Override
    public Subscription subscribe(String kind, String topic, Listener listener) {
        String name = prefix + ":1:" + kind + ":" + topic;
        SignalChannel channel;
        SignalChannel.Hearer hearer;
        CompletableFuture<Void> confirmation;
        lock.lock();
        try {
            if (closed) {
                throw closedError();
            }
            SignalChannel present = channels.get(name);
            channel = present == null ? new SignalChannel(kind, topic) : present;
            hearer = channel.add(listener);
            if (present == null) {
                channels.put(name, channel);
                ask(name, channel);
            }
            confirmation = channel.confirmation();
        } finally {
            lock.unlock();
        }
        if (!stands(confirmation)) {
            channel.leftBehind(hearer, confirmation);
        }
        return () -> unsubscribe(name, hearer);
    }

    /** Whether the subscription is confirmed, which is waited for where one may wait. */
    private boolean stands(CompletableFuture<Void> confirmation) {
        boolean mayWait = !connector.isEventLoop() && !Schedulers.isInNonBlockingThread();
        try {
            confirmation.get(mayWait ? patienceMillis : 0, TimeUnit.MILLISECONDS);
            return true;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException notYet) {
            LOG.log(Level.DEBUG, "A subscription to signals does not stand yet", notYet);
        }
        return false;
    }

    private void unsubscribe(String name, SignalChannel.Hearer hearer) {
        lock.lock();
        try {
            SignalChannel channel = channels.get(name);
            if (channel != null && channel.remove(hearer)) {
                channels.remove(name);
                if (connection != null) {
                    Stages.forget(connection.async().unsubscribe(name));
                }
            }
        } finally {
            lock.unlock();
        }
    }

    /** Under the lock: asks for the channel if there is a connection; else sees that there will be one, which asks then. */
    private void ask(String name, SignalChannel channel) {
        StatefulRedisPubSubConnection<String, String> present = connection;
        if (present == null) {
            connect();
            return;
        }
        Stages.whenOver(present.async().subscribe(name), (done, failed) -> {
            if (failed == null) {
                channel.confirmed();
            } else if (present.isOpen()) {
                LOG.log(
                        Level.WARNING,
                        "Signals cannot be subscribed to; who waits for one looks again by itself",
                        failed);
                channel.refused(failed);
            }
        });
    }

    private void connect() {
        if (connecting || closed || channels.isEmpty()) {
            return;
        }
        connecting = true;
        List<RedisURI> servers = courier.topology().subscribable();
        RedisURI server = servers.get(attempts++ % servers.size());
        try {
            Stages.whenOver(connector.connectPubSub(server), this::connected);
        } catch (RuntimeException failed) {
            connected(null, failed);
        }
    }

    private void connected(@Nullable StatefulRedisPubSubConnection<String, String> fresh, @Nullable Throwable failed) {
        lock.lock();
        try {
            connecting = false;
            if (fresh == null) {
                LOG.log(Level.DEBUG, "Signals cannot be heard at present", failed);
                connectLater();
                return;
            }
            if (closed) {
                Stages.forget(fresh.closeAsync());
                return;
            }
            connection = fresh;
            retries.closed();
            fresh.addListener(new Hearing());
            fresh.addListener(new RedisConnectionStateListener() {
                @Override
                public void onRedisDisconnected(RedisChannelHandler<?, ?> lost) {
                    lost(fresh);
                }
            });
            channels.forEach(this::ask);
        } finally {
            lock.unlock();
        }
        if (!fresh.isOpen()) {
            lost(fresh);
        }
    }

    private void lost(StatefulRedisPubSubConnection<String, String> old) {
        lock.lock();
        try {
            if (connection != old || closed) {
                return;
            }
            connection = null;
            Stages.forget(old.closeAsync());
            tally.gap();
            channels.values().forEach(SignalChannel::lost);
            connectLater();
        } finally {
            lock.unlock();
        }
    }

    private void connectLater() {
        retries.opened();
        courier.deadlines().after(retries.nextProbe(), () -> {
            lock.lock();
            try {
                if (connection == null) {
                    connect();
                }
            } finally {
                lock.unlock();
            }
        });
    }

    private final class Hearing extends RedisPubSubAdapter<String, String> {
        @Override
        public void message(String name, String message) {
            SignalChannel channel = channels.get(name);
            if (channel != null) {
                tally.signal();
                channel.hear(message);
            }
        }
    }

    private static StoreClosedException closedError() {
        return new StoreClosedException("The Redis store is closed; nothing was subscribed to");
    }

    /** Nothing is heard any more, and nobody waits for a subscription; the connector closes the connection. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            channels.values().forEach(channel -> channel.refused(closedError()));
            channels.clear();
        } finally {
            lock.unlock();
        }
    }
}
