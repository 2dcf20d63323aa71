package io.github.stanchion.redis;

import io.lettuce.core.protocol.CommandType;
import io.lettuce.core.protocol.ProtocolKeyword;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A command that is no script: administration, probes, topology. */
final class PlainCall<T> extends Call<T> {

    private final CommandType name;
    private final List<byte[]> words;
    private final Function<@Nullable Object, T> reader;

    PlainCall(
            Courier courier,
            int slot,
            boolean vital,
            CommandType name,
            List<byte[]> words,
            Function<@Nullable Object, T> reader) {
        super(courier, slot, null, vital);
        this.name = name;
        this.words = words;
        this.reader = reader;
    }

    /** What precedes a call to a server to which its key is only on its way. */
    static Call<?> asking(Call<?> call) {
        return new PlainCall<>(call.courier(), call.slot(), true, CommandType.ASKING, List.of(), PlainCall::text);
    }

    static byte[] ascii(String word) {
        return word.getBytes(StandardCharsets.US_ASCII);
    }

    static String text(@Nullable Object reply) {
        return reply instanceof byte[] bytes ? new String(bytes, StandardCharsets.UTF_8) : String.valueOf(reply);
    }

    @Override
    void write(ByteBuf to) {
        RespWriter.array(to, 1 + words.size());
        RespWriter.word(to, name.getBytes());
        for (byte[] word : words) {
            RespWriter.word(to, word);
        }
    }

    @Override
    T read(@Nullable Object reply) {
        return reader.apply(reply);
    }

    @Override
    public ProtocolKeyword getType() {
        return name;
    }
}
