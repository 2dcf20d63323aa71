package io.github.stanchion.redis;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * All commands that clients send to a server, in the order in which it ran them; those that its scripts call are left out.
 *
 * <p>The server keeps what is not yet read, so nothing is lost; for some thousands of commands. For one thread.
 */
public final class CommandLog implements AutoCloseable {

    private final OwnRedis server;
    private final RespConnection monitor;

    CommandLog(OwnRedis server) {
        this.server = server;
        this.monitor = RespConnection.to(server.port());
        monitor.command("MONITOR");
    }

    /** The commands since the start or the last call, each with its arguments in quotes, as {@code "GET" "key"}. */
    public List<String> commands() {
        String end = UUID.randomUUID().toString();
        server.command("ECHO", end);
        List<String> commands = new ArrayList<>();
        while (true) {
            // 1339518083.107412 [0 127.0.0.1:60866] "GET" "key"; a script stands there as [0 lua].
            String line = String.valueOf(monitor.next());
            int source = line.indexOf(']');
            if (line.endsWith('"' + end + '"')) {
                return commands;
            }
            if (!line.startsWith(" lua", source - 4)) {
                commands.add(line.substring(source + 2));
            }
        }
    }

    @Override
    public void close() {
        monitor.close();
    }
}
