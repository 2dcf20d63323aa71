package io.github.stanchion.redis;

/**
 * Hears what becomes of a store's connections, for events, health and logs.
 *
 * <p>Called on the connections' own threads: must not block. What it throws is logged.
 */
public interface RedisStoreListener {

    /** Hears nothing. */
    RedisStoreListener NONE = new RedisStoreListener() {};

    /** A connection to a primary was opened, the first time or again. */
    default void onConnected(String server) {}

    /**
     * A primary does not answer any more and its breaker opened, or it does again.
     *
     * @param server its address
     * @param open whether calls now fail at once
     */
    default void onBreaker(String server, boolean open) {}
}
