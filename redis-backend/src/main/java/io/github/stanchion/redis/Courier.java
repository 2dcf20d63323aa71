package io.github.stanchion.redis;

import io.github.stanchion.store.StoreUnreachableException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Brings calls to the server that has their slot, and once more where the server says that it did nothing: it does not know
 * the script, or another server has the key.
 *
 * <p>Thread-safe; nobody waits.
 */
final class Courier {

    private static final System.Logger LOG = System.getLogger(RedisStore.class.getName());

    /** How often a call follows servers that name another one. */
    static final int MOST_REDIRECTS = 9;

    /** So many times without delay; then after 1 ms, 2 ms, 4 ms and so on. */
    private static final int REDIRECTS_AT_ONCE = 3;

    private final Duration timeout;
    private final Deadlines deadlines;
    private final Tally tally;
    private final RedisStoreListener listener;
    private final Topology topology;

    Courier(
            Duration timeout,
            Deadlines deadlines,
            Tally tally,
            RedisStoreListener listener,
            Function<Courier, Topology> topology) {
        this.timeout = timeout;
        this.deadlines = deadlines;
        this.tally = tally;
        this.listener = listener;
        this.topology = topology.apply(this);
    }

    Duration timeout() {
        return timeout;
    }

    Deadlines deadlines() {
        return deadlines;
    }

    Topology topology() {
        return topology;
    }

    /** Tells the listener; it cannot hurt a connection. */
    void tell(Consumer<RedisStoreListener> event) {
        try {
            event.accept(listener);
        } catch (RuntimeException | Error failed) {
            LOG.log(Level.WARNING, "A listener to the Redis store failed; it must not throw", failed);
        }
    }

    <T> Call<T> send(Call<T> call) {
        topology.deliver(call);
        return watched(call);
    }

    /** To this server, whatever slots it has. */
    <T> Call<T> send(Call<T> call, Node node) {
        node.send(call);
        return watched(call);
    }

    /** Most calls that are refused at once, as while a server is gone, are over already. */
    private <T> Call<T> watched(Call<T> call) {
        if (!call.isDone()) {
            deadlines.watch(call);
        }
        return call;
    }

    void late() {
        tally.late();
    }

    /** The server answered with an error. */
    void refused(Call<?> call, String error) {
        Node node = call.node();
        switch (ServerError.code(error)) {
            case "NOSCRIPT" -> {
                if (node != null && call.bringScript()) {
                    tally.scriptLoaded();
                    call.again(false, call.asking());
                    node.send(call);
                } else {
                    call.fail(ServerError.of(error));
                }
            }
            case "MOVED" -> {
                String address = ServerError.address(error, node);
                topology.moved(call.slot(), address);
                redirect(call, address, false);
            }
            case "ASK" -> redirect(call, ServerError.address(error, node), true);
            case "READONLY" -> {
                if (node != null) {
                    node.demoted();
                }
                call.fail(ServerError.of(error));
            }
            default -> call.fail(ServerError.of(error));
        }
    }

    /** At the end of a slot's move both servers name the other for as long as one has heard of it and the other has not. */
    private void redirect(Call<?> call, String address, boolean ask) {
        if (!call.again(true, ask)) {
            call.fail(new StoreUnreachableException("Servers of the cluster refer to each other " + MOST_REDIRECTS
                    + " times in a row; nothing was applied, see whether a resharding hangs"));
            return;
        }
        int delayed = call.redirects() - REDIRECTS_AT_ONCE;
        if (delayed <= 0) {
            topology.deliver(call, address);
        } else {
            deadlines.after(TimeUnit.MILLISECONDS.toNanos(1L << (delayed - 1)), () -> topology.deliver(call, address));
        }
    }
}
