package io.github.stanchion.store.primitive;

import io.github.stanchion.store.Item;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The bytes of a value, at most {@value Item#LARGEST}; immutable, and shown nowhere by accident. */
public final class Payload {

    private final byte[] bytes;

    private Payload(byte[] bytes) {
        if (bytes.length > Item.LARGEST) {
            throw new IllegalArgumentException(
                    "Value of '" + bytes.length + "' bytes is too large; store at most " + Item.LARGEST);
        }
        this.bytes = bytes;
    }

    /** These bytes, copied. */
    public static Payload of(byte[] bytes) {
        return new Payload(bytes.clone());
    }

    /**
     * The UTF-8 form of a text.
     *
     * @throws IllegalArgumentException if it has none, because of an unpaired surrogate
     */
    public static Payload of(String text) {
        try {
            ByteBuffer encoded = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text));
            byte[] bytes = new byte[encoded.remaining()];
            encoded.get(bytes);
            return new Payload(bytes);
        } catch (CharacterCodingException unpaired) {
            throw new IllegalArgumentException(
                    "Value of '" + text.length() + "' characters has an unpaired surrogate; store it as bytes",
                    unpaired);
        }
    }

    /** A copy of the bytes. */
    public byte[] bytes() {
        return bytes.clone();
    }

    /**
     * The text whose UTF-8 form the bytes are.
     *
     * @throws IllegalStateException if they are that of none
     */
    public String text() {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException malformed) {
            throw new IllegalStateException(
                    "Value of '" + bytes.length + "' bytes is no text; read it as bytes", malformed);
        }
    }

    public int size() {
        return bytes.length;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Payload that && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
        return "Payload[" + bytes.length + " bytes]";
    }
}
