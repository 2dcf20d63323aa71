package io.github.stanchion.lock;

import org.jspecify.annotations.Nullable;

/** Turns single-flight results of one type into bytes and back, for callers in other processes. Thread-safe. */
public interface ResultCodec {

    /** The bytes of a result; throws if it has none. */
    byte[] encode(@Nullable Object result) throws Exception;

    /** The result of these bytes. */
    @Nullable
    Object decode(byte[] bytes) throws Exception;
}
