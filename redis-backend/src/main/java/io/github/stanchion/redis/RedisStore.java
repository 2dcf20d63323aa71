package io.github.stanchion.redis;

import io.github.stanchion.store.AtomicStore;
import io.github.stanchion.store.Capability;
import io.github.stanchion.store.JointResult;
import io.github.stanchion.store.KeyScan;
import io.github.stanchion.store.KeyedOperation;
import io.github.stanchion.store.Operation;
import io.github.stanchion.store.Signals;
import io.github.stanchion.store.StepResult;
import io.github.stanchion.store.StoreClosedException;
import io.github.stanchion.store.StoreKey;
import io.github.stanchion.store.StoreTimeoutException;
import io.github.stanchion.store.StoreUnreachableException;
import io.lettuce.core.RedisURI;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Keeps state in Redis or Valkey: each decision is one script that the server runs under the key, at the server's time.
 *
 * <p>Thread-safe. Works on one server, behind Sentinels, and on a Cluster, over one pipelined connection to each primary; the
 * first call opens them, or {@link #connect()}. A command is sent once: if its connection breaks, or no reply comes within
 * the command time-out, which covers everything from call to reply, the call throws {@link StoreTimeoutException} and nothing
 * is sent again. After the first such call a server's calls fail at once, with {@link StoreUnreachableException} and without
 * a stack trace, until a probe is answered; vital operations are sent all the same.
 *
 * <p>Synchronous methods block their thread, never a processor; on the threads that read replies they throw
 * {@link IllegalStateException}, as they would wait for themselves.
 *
 * <p>Joint decisions are atomic where all keys share a slot, which on a Cluster the keys of one subject do. Over several
 * slots they reserve and take back: a decision may refuse too much for a moment, never admit too much.
 */
public final class RedisStore implements AtomicStore {

    private static final Set<Capability> WITH_EVICTION = Collections.unmodifiableSet(EnumSet.of(
            Capability.SHARED,
            Capability.STORE_CLOCK,
            Capability.FENCING,
            Capability.JOINT,
            Capability.SIGNALS,
            Capability.SCAN));
    private static final Set<Capability> CAPABILITIES = retaining();

    private final Connector connector;
    private final Patience patience;
    private final Courier courier;
    private final ScriptSender sender;
    private final @Nullable Coalescer coalescer;
    private final Tally tally;
    private final RedisSignals signals;
    private final RedisKeyScan scan;
    private final Inspection inspection;
    private final long connectMillis;
    private final boolean acceptEviction;
    private volatile boolean evicts;
    private volatile boolean closed;

    private static Set<Capability> retaining() {
        EnumSet<Capability> all = EnumSet.copyOf(WITH_EVICTION);
        all.add(Capability.RETAINS);
        return Collections.unmodifiableSet(all);
    }

    RedisStore(RedisStoreBuilder settings) {
        connectMillis = settings.connectTimeout.toMillis();
        acceptEviction = settings.acceptEviction;
        tally = new Tally();
        connector = new Connector(settings.resources, settings.options, settings.connectTimeout);
        patience = new Patience(connector);
        Deadlines deadlines = new Deadlines(settings.commandTimeout);
        courier = new Courier(
                settings.commandTimeout,
                deadlines,
                tally,
                settings.listener,
                own -> settings.cluster
                        ? new SlotMap(settings.uris, own, connector)
                        : new SinglePrimary(settings.uris.get(0), own, connector));
        ScriptCalls scripts = new ScriptCalls(settings.keyPrefix, settings.time());
        sender = new ScriptSender(scripts, courier, tally);
        coalescer = settings.coalesce ? new Coalescer(sender) : null;
        signals = new RedisSignals(
                settings.keyPrefix, connectMillis + settings.commandTimeout.toMillis(), connector, courier, tally);
        scan = new RedisKeyScan(courier, patience, this::requireOpen);
        inspection = new Inspection(settings, courier);
    }

    /** A store on the server of {@code uri}, or on the primary that its Sentinels name. */
    public static RedisStoreBuilder builder(RedisURI uri) {
        return new RedisStoreBuilder(List.of(uri), false);
    }

    /**
     * A store on a Redis Cluster.
     *
     * @param seeds some of its servers, all with the same credentials; the first one's hold for servers not named here
     */
    public static RedisStoreBuilder clusterBuilder(Collection<RedisURI> seeds) {
        return new RedisStoreBuilder(List.copyOf(seeds), true);
    }

    /**
     * Opens the connections now rather than with the first call. Blocks for at most the connect time-out.
     *
     * @throws StoreUnreachableException if a primary cannot be reached; a later call tries again
     */
    public void connect() {
        requireOpen();
        patience.requireAllowed();
        CompletionStage<?> open = courier.topology()
                .primaries()
                .thenCompose(primaries -> CompletableFuture.allOf(primaries.stream()
                        .map(node -> node.open().toCompletableFuture())
                        .toArray(CompletableFuture<?>[]::new)));
        patience.await(open.toCompletableFuture(), connectMillis);
    }

    /**
     * Looks at the servers: whether they can be used, and how; at start and for health. Blocks for at most the connect
     * time-out. An unreachable server is part of the report, not an error.
     */
    public ServerReport inspect() {
        requireOpen();
        patience.requireAllowed();
        return patience.await(inspected(), 2 * connectMillis);
    }

    /** As {@link #inspect}, without blocking and without a bound but those of connecting and of commands. */
    public CompletionStage<ServerReport> inspectAsync() {
        return stage(this::inspected);
    }

    private CompletableFuture<ServerReport> inspected() {
        return inspection.report().thenApply(report -> {
            evicts = report.evicts();
            return report;
        });
    }

    @Override
    public <R> R execute(StoreKey key, Operation<R> operation) {
        requireOpen();
        patience.requireAllowed();
        return patience.await(send(key, operation));
    }

    @Override
    public <R> CompletionStage<R> executeAsync(StoreKey key, Operation<R> operation) {
        return stage(() -> send(key, operation));
    }

    private <R> CompletableFuture<R> send(StoreKey key, Operation<R> operation) {
        return coalescer == null || operation.vital()
                ? sender.single(key, operation)
                : coalescer.execute(key, operation);
    }

    @Override
    public JointResult executeAll(List<KeyedOperation<?>> steps) {
        List<KeyedOperation<?>> all = KeyedOperation.requireJoint(steps);
        requireOpen();
        patience.requireAllowed();
        return patience.await(JointDecision.decide(sender, all));
    }

    @Override
    public CompletionStage<JointResult> executeAllAsync(List<KeyedOperation<?>> steps) {
        List<KeyedOperation<?>> all = KeyedOperation.requireJoint(steps);
        return stage(() -> JointDecision.decide(sender, all));
    }

    @Override
    public List<StepResult<?>> executeEach(List<KeyedOperation<?>> steps) {
        requireOpen();
        patience.requireAllowed();
        return patience.await(Batch.run(sender, List.copyOf(steps)));
    }

    @Override
    public CompletionStage<List<StepResult<?>>> executeEachAsync(List<KeyedOperation<?>> steps) {
        List<KeyedOperation<?>> all = List.copyOf(steps);
        return stage(() -> Batch.run(sender, all));
    }

    private <T> CompletionStage<T> stage(Supplier<CompletableFuture<T>> call) {
        return closed ? CompletableFuture.failedFuture(closedError()) : call.get();
    }

    /**
     * What the store can be relied on for. That a server retains what it holds is taken for granted until {@link #inspect}
     * has seen that it does not.
     */
    @Override
    public Set<Capability> capabilities() {
        return evicts && !acceptEviction ? WITH_EVICTION : CAPABILITIES;
    }

    @Override
    public Signals signals() {
        return signals;
    }

    @Override
    public KeyScan keys() {
        return scan;
    }

    /** What the store has done so far, for meters. */
    public RedisStoreStats stats() {
        long open = courier.topology().known().stream().filter(Node::isFailing).count();
        return tally.stats((int) open);
    }

    /** Calls that are under way end as unknown; shared {@code ClientResources} are left alone. */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        signals.close();
        courier.topology().close();
        courier.deadlines().close();
        connector.close();
    }

    private void requireOpen() {
        if (closed) {
            throw closedError();
        }
    }

    private static StoreClosedException closedError() {
        return new StoreClosedException("The Redis store is closed; nothing was applied");
    }
}
