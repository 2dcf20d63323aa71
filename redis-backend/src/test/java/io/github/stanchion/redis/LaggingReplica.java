package io.github.stanchion.redis;

/** A replica that takes over without the last that its primary did: it was cut off, and nobody noticed. For one thread. */
public final class LaggingReplica implements AutoCloseable {

    private static final String[] CONFIG = {"--repl-diskless-sync", "yes", "--repl-diskless-sync-delay", "0"};

    private final CuttingProxy replication;
    private final OwnRedis server;

    private LaggingReplica(OwnRedis primary) {
        replication = new CuttingProxy(primary.port());
        server = OwnRedis.start(CONFIG);
    }

    /** Starts a server that replicas are quick to follow. */
    public static OwnRedis startPrimary() {
        return OwnRedis.start(CONFIG);
    }

    /** Starts a replica, and waits until it has all that its primary has. */
    public static LaggingReplica of(OwnRedis primary) {
        LaggingReplica replica = new LaggingReplica(primary);
        try {
            replica.follow();
            return replica;
        } catch (RuntimeException | AssertionError failed) {
            replica.close();
            throw failed;
        }
    }

    /** Makes it follow the primary, again, and waits until it has all that that has. */
    public void follow() {
        replication.cut();
        server.command("REPLICAOF", "127.0.0.1", Integer.toString(replication.port()));
        server.await("follows its primary", () -> String.valueOf(server.command("INFO", "replication"))
                .contains("master_link_status:up"));
    }

    /** From now on nothing that happens to the primary reaches it, though both see the line between them as open. */
    public void cutOff() {
        replication.swallowReplies();
    }

    /** Makes a primary of it. */
    public OwnRedis promote() {
        server.command("REPLICAOF", "NO", "ONE");
        return server;
    }

    @Override
    public void close() {
        server.close();
        replication.close();
    }
}
