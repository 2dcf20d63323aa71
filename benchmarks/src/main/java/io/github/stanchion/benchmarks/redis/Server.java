package io.github.stanchion.benchmarks.redis;

import io.lettuce.core.CopyArgs;
import io.lettuce.core.KeyScanArgs;
import io.lettuce.core.KeyScanCursor;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.codec.StringCodec;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The server under load, as this program looks at it; for one thread. */
public final class Server implements AutoCloseable {

    private static final Pattern VERSION = Pattern.compile("(?:valkey|redis)_version:(\\S+)");

    /** So long are the keys under which states are weighed. */
    private static final String ELEVEN_BYTES = "load-weight";

    private final Lettuce lettuce;
    private final RedisCommands<String, String> commands;

    public Server(String uri) {
        this.lettuce = new Lettuce(uri);
        this.commands = lettuce.connect(StringCodec.UTF8).sync();
    }

    public String version() {
        Matcher version = VERSION.matcher(commands.info("server"));
        return version.find() ? version.group(1) : "of unknown version";
    }

    public ServerCounts counts() {
        return ServerCounts.of(commands.info("commandstats"), commands.info("cpu"));
    }

    /** Bytes that these keys take up with all they hold, each as if its name were 11 bytes long. */
    long bytes(List<String> keys) {
        long bytes = 0;
        for (String key : keys) {
            if (!commands.copy(key, ELEVEN_BYTES, CopyArgs.Builder.replace(true))) {
                throw new IllegalStateException(
                        "Key '" + key + "' is not on the server; a side names other keys than it uses");
            }
            bytes += commands.memoryUsage(ELEVEN_BYTES);
        }
        commands.unlink(ELEVEN_BYTES);
        return bytes;
    }

    /** Deletes all keys of this program. */
    public void forget(String prefix) {
        KeyScanArgs theirs = KeyScanArgs.Builder.matches("*" + prefix + "*").limit(1_000);
        KeyScanCursor<String> found = commands.scan(theirs);
        while (true) {
            if (!found.getKeys().isEmpty()) {
                commands.unlink(found.getKeys().toArray(new String[0]));
            }
            if (found.isFinished()) {
                return;
            }
            found = commands.scan(found, theirs);
        }
    }

    @Override
    public void close() {
        lettuce.close();
    }
}
