package io.github.stanchion.redis;

import io.github.stanchion.store.Signal;
import io.github.stanchion.store.Signals;
import io.github.stanchion.store.StoreClosedException;
import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisConnectionStateListener;
import io.lettuce.core.RedisURI;
import io.lettuce.core.pubsub.RedisPubSubAdapter;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
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
 * {@link Listener#onGap} is called when it stands. After a lost connection all channels are subscribed anew, with
 * {@code onGap} to all listeners. Listeners are called on the connection's thread.
 */
final class RedisSignals implements Signals, AutoCloseable {

    private static final System.Logger LOG = System.getLogger(RedisStore.class.getName());

    private final String prefix;
    private final long patienceMillis;
    private final Connector connector;
    private final Courier courier;
    private final Tally tally;
    private final NodeBreaker backoff =
            new NodeBreaker(() -> ThreadLocalRandom.current().nextDouble());
    private final Map<String, Channel> channels = new ConcurrentHashMap<>();
    private final ReentrantLock lock = new ReentrantLock();
    private @Nullable StatefulRedisPubSubConnection<String, String> connection;
    private boolean connecting;
    private int attempts;
    private boolean closed;

    RedisSignals(String prefix, long patienceMillis, Connector connector, Courier courier, Tally tally) {
        this.prefix = prefix;
        this.patienceMillis = patienceMillis;
        this.connector = connector;
        this.courier = courier;
        this.tally = tally;
    }

    /** One topic and who listens to it. */
    private static final class Channel {
        private final String kind;
        private final String topic;
        private final CopyOnWriteArrayList<Entry> entries = new CopyOnWriteArrayList<>();
        private CompletableFuture<Void> confirmed = new CompletableFuture<>();

        private Channel(String kind, String topic) {
            this.kind = kind;
            this.topic = topic;
        }
    }

    /** One subscription: by identity, as a listener may subscribe twice. */
    private static final class Entry {
        private final Listener listener;
        /** Whether it may have missed something since it was made, so that it must hear of a gap once it is confirmed. */
        private volatile boolean behind;

        private Entry(Listener listener) {
            this.listener = listener;
        }
    }

    @Override
    public Subscription subscribe(String kind, String topic, Listener listener) {
        String name = prefix + ":1:" + kind + ":" + topic;
        Entry entry = new Entry(listener);
        CompletableFuture<Void> confirmed;
        lock.lock();
        try {
            if (closed) {
                throw new StoreClosedException("The Redis store is closed; nothing was subscribed");
            }
            Channel channel = channels.get(name);
            if (channel == null) {
                channel = new Channel(kind, topic);
                channels.put(name, channel);
                subscribe(name, channel);
            }
            channel.entries.add(entry);
            confirmed = channel.confirmed;
        } finally {
            lock.unlock();
        }
        await(confirmed, entry);
        return () -> unsubscribe(name, entry);
    }

    private void await(CompletableFuture<Void> confirmed, Entry entry) {
        if (confirmed.isDone()) {
            return;
        }
        if (!connector.isEventLoop() && !Schedulers.isInNonBlockingThread()) {
            try {
                confirmed.get(patienceMillis, TimeUnit.MILLISECONDS);
                return;
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            } catch (ExecutionException | TimeoutException notYet) {
                LOG.log(Level.DEBUG, "Signals cannot be subscribed to yet", notYet);
            }
        }
        entry.behind = true;
        if (confirmed.isDone() && !confirmed.isCompletedExceptionally()) {
            gap(entry);
        }
    }

    private void unsubscribe(String name, Entry entry) {
        lock.lock();
        try {
            Channel channel = channels.get(name);
            if (channel != null && channel.entries.remove(entry) && channel.entries.isEmpty()) {
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
    private void subscribe(String name, Channel channel) {
        StatefulRedisPubSubConnection<String, String> present = connection;
        if (present == null) {
            connect();
            return;
        }
        Stages.whenOver(present.async().subscribe(name), (done, failed) -> {
            if (failed == null) {
                confirmed(channel);
            } else if (present.isOpen()) {
                LOG.log(
                        Level.WARNING,
                        "Signals cannot be subscribed to; who waits for one looks again by itself",
                        failed);
                channel.confirmed.completeExceptionally(failed);
            }
        });
    }

    private void confirmed(Channel channel) {
        channel.confirmed.complete(null);
        for (Entry entry : channel.entries) {
            if (entry.behind) {
                gap(entry);
            }
        }
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
            if (fresh == null || failed != null) {
                LOG.log(Level.DEBUG, "Signals cannot be heard at present", failed);
                connectLater();
                return;
            }
            if (closed) {
                Stages.forget(fresh.closeAsync());
                return;
            }
            connection = fresh;
            fresh.addListener(new Hearing());
            fresh.addListener(new RedisConnectionStateListener() {
                @Override
                public void onRedisDisconnected(RedisChannelHandler<?, ?> lost) {
                    lost(fresh);
                }
            });
            new HashMap<>(channels).forEach(this::subscribe);
            backoff.closed();
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
            if (connection != old) {
                return;
            }
            connection = null;
            if (closed) {
                return;
            }
            Stages.forget(old.closeAsync());
            tally.gap();
            for (Channel channel : channels.values()) {
                channel.confirmed = new CompletableFuture<>();
                channel.entries.forEach(entry -> entry.behind = true);
            }
            connectLater();
        } finally {
            lock.unlock();
        }
    }

    private void connectLater() {
        backoff.opened();
        courier.deadlines().after(backoff.nextProbe(), () -> {
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

    private static void gap(Entry entry) {
        entry.behind = false;
        guarded(entry.listener::onGap);
    }

    private static void guarded(Runnable call) {
        try {
            call.run();
        } catch (RuntimeException | Error failed) {
            LOG.log(Level.WARNING, "A listener to signals failed; it must not throw", failed);
        }
    }

    private final class Hearing extends RedisPubSubAdapter<String, String> {
        @Override
        public void message(String name, String message) {
            Channel channel = channels.get(name);
            if (channel == null) {
                return;
            }
            tally.signal();
            Signal signal = signal(channel, message);
            if (signal != null) {
                channel.entries.forEach(entry -> guarded(() -> entry.listener.onSignal(signal)));
            }
        }
    }

    /** The signal in a message; null if the message is none of ours. */
    private static @Nullable Signal signal(Channel channel, String message) {
        List<Long> numbers = new ArrayList<>();
        try {
            if (!message.isEmpty()) {
                for (String number : message.split(" ", -1)) {
                    numbers.add(Long.parseLong(number));
                }
            }
            return new Signal(channel.kind, channel.topic, numbers);
        } catch (IllegalArgumentException foreign) {
            LOG.log(Level.DEBUG, "A message on a channel of signals is none", foreign);
            return null;
        }
    }

    /** Nothing is heard any more; the connector closes the connection. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            channels.clear();
        } finally {
            lock.unlock();
        }
    }
}
