package io.github.stanchion.redis;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A cluster of a single test: some primaries that share all slots evenly, and replicas of them if wanted.
 *
 * <p>A primary that fails takes no other with it: keys of the others are served on. A node counts as failed after 1 s of
 * silence, unless configured otherwise. Nodes can be frozen, killed and started again; slots can be moved. For one thread.
 */
public final class RedisCluster implements AutoCloseable {

    private static final int SLOTS = 16_384;

    private final List<OwnRedis> nodes;
    private final int primaries;

    private RedisCluster(List<OwnRedis> nodes, int primaries) {
        this.nodes = nodes;
        this.primaries = primaries;
    }

    /** Starts a cluster without replicas. */
    public static RedisCluster start(int primaries) {
        return start(primaries, 0);
    }

    /**
     * Starts a cluster and waits until all nodes know all others and serve.
     *
     * @param replicas of each primary
     * @param config of each node, as on the server's command line
     * @throws AssertionError with a node's log, if that takes too long
     */
    public static RedisCluster start(int primaries, int replicas, String... config) {
        List<String> all = new ArrayList<>(List.of(
                "--cluster-enabled",
                "yes",
                "--cluster-node-timeout",
                "1000",
                "--cluster-require-full-coverage",
                "no",
                "--repl-diskless-sync",
                "yes",
                "--repl-diskless-sync-delay",
                "0"));
        all.addAll(List.of(config));
        List<OwnRedis> nodes = new ArrayList<>();
        try {
            for (int i = 0; i < primaries * (1 + replicas); i++) {
                nodes.add(OwnRedis.start(all.toArray(String[]::new)));
            }
            RedisCluster cluster = new RedisCluster(List.copyOf(nodes), primaries);
            cluster.join();
            return cluster;
        } catch (RuntimeException | AssertionError failed) {
            nodes.forEach(OwnRedis::close);
            throw failed;
        }
    }

    private void join() {
        for (int i = 0; i < nodes.size(); i++) {
            nodes.get(i).command("CLUSTER", "SET-CONFIG-EPOCH", Integer.toString(i + 1));
            nodes.get(i).command("CLUSTER", "MEET", "127.0.0.1", Integer.toString(node(0).port()));
        }
        for (int i = 0; i < primaries; i++) {
            IntStream share = IntStream.range(i * SLOTS / primaries, (i + 1) * SLOTS / primaries);
            node(i).command(Stream.concat(Stream.of("CLUSTER", "ADDSLOTS"), share.mapToObj(Integer::toString))
                    .toArray(String[]::new));
        }
        for (OwnRedis node : nodes) {
            node.await("knows all nodes", () -> says(node, "cluster_known_nodes:" + nodes.size()));
        }
        for (int i = primaries; i < nodes.size(); i++) {
            nodes.get(i).command("CLUSTER", "REPLICATE", id(node(i % primaries)));
        }
        for (OwnRedis node : nodes) {
            node.await("serves", () -> says(node, "cluster_state:ok") && says(node, "cluster_slots_ok:" + SLOTS));
        }
        for (int i = primaries; i < nodes.size(); i++) {
            OwnRedis replica = nodes.get(i);
            replica.await("follows its primary", () -> String.valueOf(replica.command("INFO", "replication"))
                    .contains("master_link_status:up"));
        }
    }

    private static boolean says(OwnRedis node, String line) {
        return String.valueOf(node.command("CLUSTER", "INFO")).contains(line + "\r\n");
    }

    private static String id(OwnRedis node) {
        return String.valueOf(node.command("CLUSTER", "MYID"));
    }

    /** The nodes, first those that started as primaries; a replica's number is its primary's, plus a multiple of their count. */
    public OwnRedis node(int number) {
        return nodes.get(number);
    }

    public List<OwnRedis> nodes() {
        return nodes;
    }

    /** Where the nodes that started as primaries are, as {@code redis://host:port}. */
    public List<String> uris() {
        return nodes.subList(0, primaries).stream().map(OwnRedis::uri).toList();
    }

    public int slotOf(String key) {
        return ((Long) require(node(0).command("CLUSTER", "KEYSLOT", key))).intValue();
    }

    /** The node that serves the key, as the cluster's nodes that answer see it. */
    public OwnRedis ownerOf(String key) {
        long slot = slotOf(key);
        for (Object range : (List<?>) require(node(0).command("CLUSTER", "SLOTS"))) {
            List<?> entry = (List<?>) range;
            if ((Long) entry.get(0) <= slot && slot <= (Long) entry.get(1)) {
                Object port = ((List<?>) entry.get(2)).get(1);
                return nodes.stream()
                        .filter(node -> port.equals((long) node.port()))
                        .findFirst()
                        .orElseThrow();
            }
        }
        throw new AssertionError("Slot " + slot + " is served by no node");
    }

    /** A key, made of the text and a number, that the node serves. */
    public String keyOn(OwnRedis node, String text) {
        return IntStream.range(0, 10_000)
                .mapToObj(i -> text + i)
                .filter(key -> ownerOf(key) == node)
                .findFirst()
                .orElseThrow();
    }

    /** Moves a slot with all its keys, while clients may use them: what is not there yet is answered by ASK and TRYAGAIN. */
    public void move(int slot, OwnRedis from, OwnRedis to) {
        String number = Integer.toString(slot);
        to.command("CLUSTER", "SETSLOT", number, "IMPORTING", id(from));
        from.command("CLUSTER", "SETSLOT", number, "MIGRATING", id(to));
        for (List<?> keys = keysOf(slot, from); !keys.isEmpty(); keys = keysOf(slot, from)) {
            for (Object key : keys) {
                from.command("MIGRATE", "127.0.0.1", Integer.toString(to.port()), key.toString(), "0", "5000");
            }
        }
        to.command("CLUSTER", "SETSLOT", number, "NODE", id(to));
        from.command("CLUSTER", "SETSLOT", number, "NODE", id(to));
        for (OwnRedis other : nodes.subList(0, primaries)) {
            if (other != from && other != to) {
                other.command("CLUSTER", "SETSLOT", number, "NODE", id(to));
            }
        }
        // A move that begins before all have heard of this one may take the slot by an epoch that gossip then
        // overrules.
        for (OwnRedis node : nodes.subList(0, primaries)) {
            node.await("has heard of the move", () -> epochs(node).equals(epochs(to)));
        }
    }

    /** The configuration epoch of each node, as this one knows it. */
    private static Map<String, String> epochs(OwnRedis node) {
        return String.valueOf(node.command("CLUSTER", "NODES"))
                .lines()
                .map(line -> line.split(" "))
                .collect(Collectors.toMap(fields -> fields[0], fields -> fields[6]));
    }

    private static List<?> keysOf(int slot, OwnRedis node) {
        return (List<?>) require(node.command("CLUSTER", "GETKEYSINSLOT", Integer.toString(slot), "100"));
    }

    private static Object require(Object reply) {
        return Objects.requireNonNull(reply);
    }

    @Override
    public void close() {
        nodes.forEach(OwnRedis::close);
    }
}
