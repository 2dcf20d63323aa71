package io.github.stanchion.spring.lock;

import io.github.stanchion.lock.ResultCodec;
import io.github.stanchion.lock.ResultCodecs;
import java.io.Closeable;
import java.lang.reflect.Type;
import java.util.Iterator;
import java.util.function.Supplier;
import java.util.stream.BaseStream;
import org.jspecify.annotations.Nullable;
import org.springframework.core.Ordered;
import org.springframework.core.ResolvableType;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.json.JsonMapper;

/**
 * Shares results of single flights as JSON. Thread-safe; asks for the mapper when a method needs it.
 *
 * <p>Results whose type says nothing of them, as {@code Object}, and those that can be read but once have no codec.
 */
public final class JacksonCodecs implements ResultCodecs, Ordered {

    private final Supplier<JsonMapper> mapper;

    public JacksonCodecs(Supplier<JsonMapper> mapper) {
        this.mapper = mapper;
    }

    @Override
    public @Nullable ResultCodec codecFor(Type type) {
        Class<?> raw = ResolvableType.forType(type).resolve(Object.class);
        if (raw == Object.class
                || BaseStream.class.isAssignableFrom(raw)
                || Iterator.class.isAssignableFrom(raw)
                || Closeable.class.isAssignableFrom(raw)) {
            return null;
        }
        JsonMapper json = mapper.get();
        return new Codec(json, json.constructType(type));
    }

    /** After an application's own. */
    @Override
    public int getOrder() {
        return LOWEST_PRECEDENCE;
    }

    private record Codec(JsonMapper mapper, JavaType type) implements ResultCodec {

        @Override
        public byte[] encode(@Nullable Object result) {
            return mapper.writerFor(type).writeValueAsBytes(result);
        }

        @Override
        public @Nullable Object decode(byte[] bytes) {
            return mapper.readValue(bytes, type);
        }
    }
}
