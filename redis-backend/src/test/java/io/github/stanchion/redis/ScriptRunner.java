package io.github.stanchion.redis;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.output.CommandOutput;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A server of this test run's own, and script calls on it, one after the other. */
final class ScriptRunner implements AutoCloseable {

    private final Process server;
    private final RedisClient client;
    private final StatefulRedisConnection<byte[], byte[]> connection;

    private ScriptRunner() throws IOException {
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        Path home = Files.createTempDirectory("redis");
        server = new ProcessBuilder("redis-server", "--port", "" + port, "--save", "", "--dir", home.toString())
                .redirectErrorStream(true)
                .redirectOutput(home.resolve("log").toFile())
                .start();
        client = RedisClient.create(RedisURI.create("redis://127.0.0.1:" + port));
        StatefulRedisConnection<byte[], byte[]> opened = null;
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (opened == null) {
            try {
                opened = client.connect(ByteArrayCodec.INSTANCE);
            } catch (RuntimeException starting) {
                if (System.nanoTime() > deadline) {
                    throw starting;
                }
            }
        }
        connection = opened;
    }

    static ScriptRunner start() {
        try {
            return new ScriptRunner();
        } catch (IOException missing) {
            throw new IllegalStateException("redis-server cannot be started; put it on the PATH", missing);
        }
    }

    RedisCommands<byte[], byte[]> commands() {
        return connection.sync();
    }

    <T> T run(ScriptCall<T> call) {
        return call.read(eval(call));
    }

    Object eval(ScriptCall<?> call) {
        CommandArgs<byte[], byte[]> arguments = new CommandArgs<>(ByteArrayCodec.INSTANCE)
                .add(call.script().text())
                .add(call.keys().size())
                .addKeys(call.keys())
                .addValues(call.arguments());
        return commands().dispatch(CommandType.EVAL, new ReplyOutput(), arguments);
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
        server.destroy();
    }
}
