package io.github.stanchion.redis;

import io.github.stanchion.store.StoreKey;
import io.lettuce.core.protocol.CommandType;
import io.lettuce.core.protocol.ProtocolKeyword;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The call of a script: by its digest, and with its text if the server turns out not to know it. */
final class ScriptRun<T> extends Call<T> {

    private final ScriptCall<T> script;
    private boolean withText;

    ScriptRun(Courier courier, int slot, @Nullable StoreKey about, boolean vital, ScriptCall<T> script) {
        super(courier, slot, about, vital);
        this.script = script;
    }

    @Override
    void write(ByteBuf to) {
        List<byte[]> keys = script.keys();
        List<byte[]> arguments = script.arguments();
        RespWriter.array(to, 3 + keys.size() + arguments.size());
        if (withText) {
            RespWriter.word(to, "EVAL");
            RespWriter.word(to, script.script().text().getBytes(StandardCharsets.UTF_8));
        } else {
            RespWriter.word(to, "EVALSHA");
            RespWriter.word(to, script.script().digest());
        }
        RespWriter.word(to, Integer.toString(keys.size()));
        for (byte[] key : keys) {
            RespWriter.word(to, key);
        }
        for (byte[] argument : arguments) {
            RespWriter.word(to, argument);
        }
    }

    @Override
    @SuppressWarnings("NullAway") // a script that replies nil is read as such, or fails
    T read(@Nullable Object reply) {
        return script.read(reply);
    }

    @Override
    boolean bringScript() {
        boolean changed = !withText;
        withText = true;
        return changed;
    }

    @Override
    public ProtocolKeyword getType() {
        return withText ? CommandType.EVAL : CommandType.EVALSHA;
    }
}
