package io.github.stanchion.redis;

import io.github.stanchion.store.StoreUnreachableException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.cluster.SlotHash;
import io.lettuce.core.protocol.CommandType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * The primaries of a Redis Cluster and their slots.
 *
 * <p>Learnt from any server when it is first needed, and again when a server refers to another one, does not answer, or turns
 * out to be a replica: at most ten times a second. A reference is followed at once. Servers without slots are let go.
 */
final class SlotMap implements Topology {

    private static final long LEAST_SPAN_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final byte[] SLOTS = PlainCall.ascii("SLOTS");

    private final List<RedisURI> seeds;
    private final Courier courier;
    private final Connector connector;
    private final ConcurrentHashMap<String, Node> nodes = new ConcurrentHashMap<>();
    private final AtomicReferenceArray<@Nullable Node> owners = new AtomicReferenceArray<>(SlotHash.SLOT_COUNT);
    private final AtomicReference<@Nullable CompletableFuture<Void>> learning = new AtomicReference<>();
    private final AtomicBoolean scheduled = new AtomicBoolean();
    private final NodeBreaker undiscovered =
            new NodeBreaker(() -> ThreadLocalRandom.current().nextDouble());
    private volatile long learntAt = Deadlines.now() - LEAST_SPAN_NANOS;
    private volatile boolean closed;

    SlotMap(Collection<RedisURI> seeds, Courier courier, Connector connector) {
        this.seeds = List.copyOf(seeds);
        this.courier = courier;
        this.connector = connector;
    }

    @Override
    public int slot(byte[] key) {
        return SlotHash.getSlot(key);
    }

    @Override
    public boolean isCluster() {
        return true;
    }

    @Override
    public void deliver(Call<?> call) {
        Node owner = owners.get(call.slot());
        if (owner != null) {
            owner.send(call);
        } else if (undiscovered.isOpen() && !call.vital()) {
            call.fail(StoreUnreachableException.failingFast(
                    "No server of the Redis cluster answers; nothing was applied"));
        } else {
            Stages.whenOver(learn(), (learnt, failed) -> deliverLearnt(call, failed));
        }
    }

    private void deliverLearnt(Call<?> call, @Nullable Throwable failed) {
        Node owner = owners.get(call.slot());
        if (owner != null) {
            owner.send(call);
        } else {
            call.fail(new StoreUnreachableException(
                    "No server of the Redis cluster has this slot; nothing was applied", failed));
        }
    }

    @Override
    public void deliver(Call<?> call, String address) {
        node(address).send(call);
    }

    @Override
    public void moved(int slot, String address) {
        owners.set(slot, node(address));
        refresh();
    }

    private Node node(String address) {
        return nodes.computeIfAbsent(address, this::create);
    }

    private Node create(String address) {
        RedisURI uri = uri(address);
        Node node = new Node(address, courier, () -> connector.connect(uri));
        if (closed) {
            node.close();
        }
        return node;
    }

    private RedisURI uri(String address) {
        int colon = address.lastIndexOf(':');
        return Connector.elsewhere(
                seeds.get(0), address.substring(0, colon), Integer.parseInt(address.substring(colon + 1)));
    }

    @Override
    public void refresh() {
        if (scheduled.compareAndSet(false, true)) {
            long wait = Math.max(0, learntAt + LEAST_SPAN_NANOS - Deadlines.now());
            courier.deadlines().after(wait, () -> {
                scheduled.set(false);
                Stages.forget(learn());
            });
        }
    }

    /** Asks one server after the other until one says who has which slot; all who want to know share that. */
    private CompletableFuture<Void> learn() {
        while (true) {
            CompletableFuture<Void> present = learning.get();
            if (present != null) {
                return present;
            }
            CompletableFuture<Void> fresh = new CompletableFuture<>();
            if (learning.compareAndSet(null, fresh)) {
                ask(new ArrayList<>(candidates()), fresh, null);
                return fresh;
            }
        }
    }

    /** Servers that answer first, then those that may, then those that did not lately. */
    private Set<Node> candidates() {
        List<Node> known = new ArrayList<>(nodes.values());
        known.sort(Comparator.comparing(Node::isFailing).thenComparing(node -> !node.isConnected()));
        Set<Node> all = new LinkedHashSet<>(known);
        seeds.forEach(seed -> all.add(node(Connector.name(seed))));
        return all;
    }

    private void ask(List<Node> candidates, CompletableFuture<Void> fresh, @Nullable Throwable trouble) {
        if (candidates.isEmpty() || closed) {
            over(
                    fresh,
                    new StoreUnreachableException(
                            "No server of the Redis cluster answers; nothing was applied", trouble));
            return;
        }
        Node next = candidates.remove(0);
        CompletionStage<List<SlotRange>> slots =
                next.open().thenCompose(connection -> courier.send(slotsOf(next), next));
        Stages.whenOver(slots, (ranges, failed) -> {
            if (ranges == null || ranges.isEmpty()) {
                ask(candidates, fresh, failed);
            } else {
                apply(ranges);
                over(fresh, null);
            }
        });
    }

    private Call<List<SlotRange>> slotsOf(Node asked) {
        return new PlainCall<>(
                courier, 0, true, CommandType.CLUSTER, List.of(SLOTS), reply -> SlotRange.read(reply, asked.host()));
    }

    private void apply(List<SlotRange> ranges) {
        Node[] owning = new Node[owners.length()];
        for (SlotRange range : ranges) {
            Arrays.fill(owning, range.from(), range.to() + 1, node(range.address()));
        }
        for (int slot = 0; slot < owning.length; slot++) {
            owners.set(slot, owning[slot]);
        }
        Set<Node> present = new HashSet<>(Arrays.asList(owning));
        for (Node node : nodes.values()) {
            if (!present.contains(node) && nodes.remove(node.address(), node)) {
                node.retire();
            }
        }
    }

    private void over(CompletableFuture<Void> fresh, @Nullable Throwable failed) {
        learntAt = Deadlines.now();
        learning.set(null);
        if (failed == null) {
            undiscovered.closed();
            fresh.complete(null);
        } else {
            undelivered();
            fresh.completeExceptionally(failed);
        }
    }

    @Override
    public void undelivered() {
        if (known().isEmpty() && undiscovered.opened()) {
            tryLater();
        }
    }

    private void tryLater() {
        courier.deadlines()
                .after(
                        undiscovered.nextProbe(),
                        () -> Stages.whenOver(learn(), (learnt, failed) -> {
                            if (failed != null && !closed) {
                                tryLater();
                            }
                        }));
    }

    @Override
    public CompletionStage<List<Node>> primaries() {
        List<Node> known = known();
        return known.isEmpty() ? learn().thenApply(learnt -> known()) : CompletableFuture.completedFuture(known);
    }

    @Override
    public List<Node> known() {
        Set<Node> all = new HashSet<>();
        for (int slot = 0; slot < owners.length(); slot++) {
            Node owner = owners.get(slot);
            if (owner != null) {
                all.add(owner);
            }
        }
        List<Node> sorted = new ArrayList<>(all);
        sorted.sort(Comparator.comparing(Node::address));
        return List.copyOf(sorted);
    }

    @Override
    public List<RedisURI> subscribable() {
        List<RedisURI> all = new ArrayList<>();
        known().stream().filter(node -> !node.isFailing()).forEach(node -> all.add(uri(node.address())));
        all.addAll(seeds);
        return all;
    }

    @Override
    public void close() {
        closed = true;
        nodes.values().forEach(Node::close);
    }
}
