package io.github.stanchion.redis;

import io.github.stanchion.store.KeySpace;
import io.github.stanchion.store.MicroClock;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisURI;
import io.lettuce.core.resource.ClientResources;
import java.time.Duration;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Settings of a {@link RedisStore}; not thread-safe. */
public final class RedisStoreBuilder {

    private static final Duration LONGEST = Duration.ofMinutes(1);

    final List<RedisURI> uris;
    final boolean cluster;
    String keyPrefix = "stanchion";
    Duration commandTimeout = Duration.ofMillis(100);
    Duration connectTimeout = Duration.ofSeconds(2);
    boolean coalesce;
    boolean acceptEviction;

    @Nullable
    ClientResources resources;

    ClientOptions options = ClientOptions.create();

    @Nullable
    MicroClock clock;

    RedisStoreListener listener = RedisStoreListener.NONE;

    RedisStoreBuilder(List<RedisURI> uris, boolean cluster) {
        if (uris.isEmpty()) {
            throw new IllegalArgumentException("Cluster has no seeds; name at least one of its servers");
        }
        this.uris = uris;
        this.cluster = cluster;
    }

    /** The prefix of all keys that are used with the store, which begins the channels of its signals; {@code stanchion} by default. */
    public RedisStoreBuilder keyPrefix(String keyPrefix) {
        this.keyPrefix = KeySpace.of(keyPrefix, "check", "check").prefix();
        return this;
    }

    /**
     * How long a call waits for its reply, everything included; 100 ms by default.
     *
     * @param commandTimeout 1 ms to 1 minute
     */
    public RedisStoreBuilder commandTimeout(Duration commandTimeout) {
        this.commandTimeout = checked("Command timeout", commandTimeout);
        return this;
    }

    /**
     * How long opening a connection may take; 2 s by default.
     *
     * @param connectTimeout 1 ms to 1 minute
     */
    public RedisStoreBuilder connectTimeout(Duration connectTimeout) {
        this.connectTimeout = checked("Connect timeout", connectTimeout);
        return this;
    }

    private static Duration checked(String what, Duration time) {
        if (time.compareTo(Duration.ofMillis(1)) < 0 || time.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(what + " '" + time + "' is out of range; use 1 ms to 1 minute");
        }
        return time;
    }

    /**
     * Whether calls for one key share scripts while another one for it is under way; off by default.
     *
     * <p>Makes many callers of one key cheaper for the server, and costs a lone caller nothing.
     */
    public RedisStoreBuilder coalesce(boolean coalesce) {
        this.coalesce = coalesce;
        return this;
    }

    /** Whether a server that evicts keys under memory pressure still counts as one that retains them; off by default. */
    public RedisStoreBuilder acceptEviction(boolean acceptEviction) {
        this.acceptEviction = acceptEviction;
        return this;
    }

    /** Threads and settings to share with other Lettuce clients; never shut down by the store. Its own by default. */
    public RedisStoreBuilder clientResources(ClientResources resources) {
        this.resources = resources;
        return this;
    }

    /**
     * What to take over of another client's options: TLS, sockets, protocol, buffers.
     *
     * <p>Whatever they say, the store sends nothing again after a connection broke, queues nothing while there is none, and
     * times calls and connecting by itself.
     */
    public RedisStoreBuilder clientOptions(ClientOptions options) {
        this.options = options;
        return this;
    }

    /** For tests: the time that decisions go by, rather than the server's own; values are then kept a day longer. */
    public RedisStoreBuilder clock(MicroClock clock) {
        this.clock = clock;
        return this;
    }

    /** Hears of connections and breakers. */
    public RedisStoreBuilder listener(RedisStoreListener listener) {
        this.listener = listener;
        return this;
    }

    LongSupplier time() {
        MicroClock given = clock;
        return given == null ? () -> 0 : given::micros;
    }

    /** The store; opens no connection and starts no thread. */
    public RedisStore build() {
        return new RedisStore(this);
    }
}
