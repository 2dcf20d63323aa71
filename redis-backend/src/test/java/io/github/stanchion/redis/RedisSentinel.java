package io.github.stanchion.redis;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A primary and its replica, watched by sentinels that take over after half a second of silence; of a single test.
 *
 * <p>For one thread.
 */
public final class RedisSentinel implements AutoCloseable {

    /** By which clients ask the sentinels for the primary. */
    public static final String NAME = "stanchion";

    private static final String[] NODE = {"--repl-diskless-sync", "yes", "--repl-diskless-sync-delay", "0"};

    private final OwnRedis first;
    private final OwnRedis second;
    private final List<ServerProcess> sentinels;
    private @Nullable RespConnection cutOff;

    private RedisSentinel(OwnRedis first, OwnRedis second, List<ServerProcess> sentinels) {
        this.first = first;
        this.second = second;
        this.sentinels = sentinels;
    }

    /** Starts a primary, a replica and one sentinel. */
    public static RedisSentinel start() {
        return start(1);
    }

    /**
     * Starts a primary, a replica and sentinels, and waits until all know one another.
     *
     * @throws AssertionError with a server's log, if that takes too long
     */
    public static RedisSentinel start(int sentinels) {
        OwnRedis first = OwnRedis.start(NODE);
        OwnRedis second = OwnRedis.start(NODE);
        RedisSentinel started = new RedisSentinel(first, second, new ArrayList<>());
        try {
            second.command("REPLICAOF", "127.0.0.1", Integer.toString(first.port()));
            started.awaitReplication(second);
            for (int i = 0; i < sentinels; i++) {
                started.addSentinel(sentinels / 2 + 1);
            }
            for (ServerProcess sentinel : started.sentinels) {
                started.await(sentinel, "num-slaves", 1);
                started.await(sentinel, "num-other-sentinels", sentinels - 1);
                awaitConnected(sentinel);
            }
            return started;
        } catch (RuntimeException | AssertionError failed) {
            started.close();
            throw failed;
        }
    }

    private void addSentinel(int quorum) {
        try {
            Path config = Files.createTempFile(TestProcesses.ofThisJvm().directory("sentinel"), "sentinel", ".conf");
            Files.writeString(
                    config,
                    """
                    sentinel monitor %1$s 127.0.0.1 %2$d %3$d
                    sentinel down-after-milliseconds %1$s 500
                    sentinel failover-timeout %1$s 3000
                    """
                            .formatted(NAME, first.port(), quorum));
            sentinels.add(ServerProcess.start(
                    RedisUnderTest.binary(), List.of(config.toString(), "--sentinel"), "+monitor master"));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private void await(ServerProcess sentinel, String field, int value) {
        sentinel.await(field + " is " + value, () -> {
            List<?> master = (List<?>) ask(sentinel, "SENTINEL", "MASTER", NAME);
            return master.get(master.indexOf(field) + 1).equals(Integer.toString(value));
        });
    }

    /** A replica that it has just heard of counts as disconnected for a moment, and clients do not read from it then. */
    private static void awaitConnected(ServerProcess sentinel) {
        sentinel.await("is connected to the replica", () -> {
            List<?> replica = (List<?>) ((List<?>) ask(sentinel, "SENTINEL", "REPLICAS", NAME)).get(0);
            return replica.get(replica.indexOf("flags") + 1).equals("slave");
        });
    }

    private void awaitReplication(OwnRedis replica) {
        replica.await("follows its primary", () -> String.valueOf(replica.command("INFO", "replication"))
                .contains("master_link_status:up"));
    }

    private static Object ask(ServerProcess sentinel, String... words) {
        try (RespConnection connection = RespConnection.to(sentinel.port())) {
            return Objects.requireNonNull(connection.command(words));
        }
    }

    /** Where the sentinels are, in the client's form. */
    public String uri() {
        return sentinelPorts().stream()
                .map(port -> "127.0.0.1:" + port)
                .collect(Collectors.joining(",", "redis-sentinel://", "#" + NAME));
    }

    public List<Integer> sentinelPorts() {
        return sentinels.stream().map(ServerProcess::port).toList();
    }

    /** The server that the sentinels hold to be the primary now. */
    public OwnRedis primary() {
        List<?> address = (List<?>) ask(sentinels.get(0), "SENTINEL", "GET-MASTER-ADDR-BY-NAME", NAME);
        return address.get(1).equals(Integer.toString(first.port())) ? first : second;
    }

    /** The other server. */
    public OwnRedis replica() {
        return primary() == first ? second : first;
    }

    /** Lets the replica take over in good order, and waits until it has. */
    public void failover() {
        OwnRedis next = replica();
        ServerProcess sentinel = sentinels.get(0);
        sentinel.await("finds the replica fit", () -> "OK".equals(ask(sentinel, "SENTINEL", "FAILOVER", NAME)));
        awaitPrimary(next);
    }

    /** Waits until all sentinels hold the server to be the primary, and it does so itself. */
    public void awaitPrimary(OwnRedis next) {
        for (ServerProcess sentinel : sentinels) {
            sentinel.await("names " + next.port() + " as primary", () -> {
                List<?> address = (List<?>) ask(sentinel, "SENTINEL", "GET-MASTER-ADDR-BY-NAME", NAME);
                return address.get(1).equals(Integer.toString(next.port()))
                        && String.valueOf(next.command("INFO", "replication")).contains("role:master");
            });
        }
    }

    /**
     * Cuts the primary off from its replica and all sentinels, so that the replica takes over, while clients that are
     * connected to it already still find it there, and take it for the primary as it does itself; until {@link #heal}.
     */
    public OwnRedis cutOff() {
        OwnRedis primary = primary();
        RespConnection connection = RespConnection.to(primary.port());
        cutOff = connection;
        connection.command("CONFIG", "SET", "requirepass", "cut-off");
        connection.command("CLIENT", "KILL", "TYPE", "replica");
        for (String client :
                String.valueOf(connection.command("CLIENT", "LIST")).lines().toList()) {
            if (client.contains(" name=sentinel-")) {
                connection.command("CLIENT", "KILL", "ID", client.substring("id=".length(), client.indexOf(' ')));
            }
        }
        return primary;
    }

    /** Lets the others reach the primary that was cut off, and makes it follow the one that took over. */
    public void heal() {
        RespConnection connection = Objects.requireNonNull(cutOff, "No primary is cut off");
        connection.command("CONFIG", "SET", "requirepass", "");
        connection.close();
        cutOff = null;
        demote();
    }

    /** Makes the former primary follow the present one at once, as the sentinels do some ten seconds later. */
    public void demote() {
        OwnRedis former = replica();
        former.command("REPLICAOF", "127.0.0.1", Integer.toString(primary().port()));
        awaitReplication(former);
    }

    @Override
    public void close() {
        if (cutOff != null) {
            cutOff.close();
        }
        sentinels.forEach(ServerProcess::close);
        first.close();
        second.close();
    }
}
