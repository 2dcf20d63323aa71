package io.github.stanchion.lock;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Codecs that need no library. */
final class PlainCodecs {

    private PlainCodecs() {}

    /** What has an exact text; the text is read back. */
    record OfText(Function<String, Object> reader) implements ResultCodec {

        @Override
        public byte[] encode(@Nullable Object result) {
            return Objects.requireNonNull(result).toString().getBytes(StandardCharsets.UTF_8);
        }

        @Override
        public Object decode(byte[] bytes) {
            return reader.apply(new String(bytes, StandardCharsets.UTF_8));
        }
    }

    /** Bytes as they are. */
    record OfBytes() implements ResultCodec {

        @Override
        public byte[] encode(@Nullable Object result) {
            return (byte[]) Objects.requireNonNull(result);
        }

        @Override
        public Object decode(byte[] bytes) {
            return Arrays.copyOf(bytes, bytes.length);
        }
    }

    /** Results of methods that return nothing. */
    record OfNothing() implements ResultCodec {

        @Override
        public byte[] encode(@Nullable Object result) {
            return new byte[0];
        }

        @Override
        public @Nullable Object decode(byte[] bytes) {
            return null;
        }
    }
}
