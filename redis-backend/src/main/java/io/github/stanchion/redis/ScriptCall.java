package io.github.stanchion.redis;

import java.util.List;

/**
 * One call of a script, ready to be sent: what travels, and how its reply is read.
 *
 * <p>Immutable. All keys lie in one slot.
 *
 * @param <T> what the reply says
 */
interface ScriptCall<T> {

    LuaScript script();

    /** KEYS, in ASCII. */
    List<byte[]> keys();

    /** ARGV. */
    List<byte[]> arguments();

    /**
     * Reads the reply: {@code Long} for an integer, {@code byte[]} for a bulk, {@code List<Object>} of the same for an array,
     * null for nil.
     *
     * @throws io.github.stanchion.store.StoreException if the script refused to touch what it found
     */
    T read(Object reply);
}
