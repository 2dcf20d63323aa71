package io.github.stanchion.redis;

import io.lettuce.core.LettuceFutures;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.output.CommandOutput;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** Runs script calls on a server, one after the other. */
final class ScriptRunner implements AutoCloseable {

    private final RedisClient client;
    private final StatefulRedisConnection<byte[], byte[]> connection;
    private final Set<String> loaded = new HashSet<>();

    private ScriptRunner(String uri) {
        client = RedisClient.create(uri);
        connection = client.connect(ByteArrayCodec.INSTANCE);
    }

    static ScriptRunner on(String uri) {
        return new ScriptRunner(uri);
    }

    RedisCommands<byte[], byte[]> commands() {
        return connection.sync();
    }

    <T> T run(ScriptCall<T> call) {
        return call.read(eval(call.script(), call.keys(), call.arguments()));
    }

    /** Makes the server compile the script, which fails if it cannot. */
    void load(LuaScript script) {
        if (loaded.add(script.digest())) {
            try {
                commands().scriptLoad(script.text().getBytes(StandardCharsets.UTF_8));
            } catch (RedisCommandExecutionException malformed) {
                throw new IllegalStateException("Script does not compile", malformed);
            }
        }
    }

    Object eval(LuaScript script, List<byte[]> keys, List<byte[]> arguments) {
        load(script);
        return commands().dispatch(CommandType.EVALSHA, new ReplyOutput(), words(script, keys, arguments));
    }

    /** Makes the same call so often, without waiting in between. */
    void repeat(ScriptCall<?> call, int times) {
        load(call.script());
        connection.setAutoFlushCommands(false);
        List<RedisFuture<Object>> replies = new ArrayList<>(times);
        for (int i = 0; i < times; i++) {
            replies.add(connection
                    .async()
                    .dispatch(
                            CommandType.EVALSHA,
                            new ReplyOutput(),
                            words(call.script(), call.keys(), call.arguments())));
        }
        connection.flushCommands();
        connection.setAutoFlushCommands(true);
        LettuceFutures.awaitAll(Duration.ofSeconds(60), replies.toArray(RedisFuture[]::new));
    }

    private static CommandArgs<byte[], byte[]> words(LuaScript script, List<byte[]> keys, List<byte[]> arguments) {
        return new CommandArgs<>(ByteArrayCodec.INSTANCE)
                .add(script.digest())
                .add(keys.size())
                .addKeys(keys)
                .addValues(arguments);
    }

    /** Replies as {@link ScriptCall#read} takes them. */
    private static final class ReplyOutput extends CommandOutput<byte[], byte[], Object> {

        private final Deque<List<Object>> open = new ArrayDeque<>();

        ReplyOutput() {
            super(ByteArrayCodec.INSTANCE, "nothing");
        }

        @Override
        public void multi(int count) {
            List<Object> array = new ArrayList<>(Math.max(count, 0));
            add(array);
            open.push(array);
        }

        @Override
        public void complete(int depth) {
            while (open.size() > depth) {
                open.pop();
            }
        }

        @Override
        public void set(long integer) {
            add(integer);
        }

        @Override
        public void set(ByteBuffer bytes) {
            byte[] copy = new byte[bytes.remaining()];
            bytes.get(copy);
            add(copy);
        }

        private void add(Object part) {
            if (open.isEmpty()) {
                output = part;
            } else {
                open.peek().add(part);
            }
        }
    }

    @Override
    public void close() {
        connection.close();
        client.shutdown(0, 1, TimeUnit.SECONDS);
    }
}
