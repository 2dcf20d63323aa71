package io.github.stanchion.redis;

import io.github.stanchion.store.StoreUnreachableException;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.protocol.CommandType;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * One primary: its connection, and the breaker that makes an outage cost one time-out rather than one for each call.
 *
 * <p>Thread-safe. While the breaker is open, calls fail at once, save vital ones, and probes are made until one is answered.
 */
final class Node {

    private static final System.Logger LOG = System.getLogger(RedisStore.class.getName());

    /** A connection that met a replica is replaced at most that often. */
    private static final long DEMOTION_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final String address;
    private final Courier courier;
    private final Link link;
    private final NodeBreaker breaker =
            new NodeBreaker(() -> ThreadLocalRandom.current().nextDouble());
    private volatile boolean closed;
    private volatile long demotedAt = Deadlines.now() - DEMOTION_NANOS;

    /** @param address shown in logs, errors and health */
    Node(String address, Courier courier, Supplier<CompletionStage<StatefulRedisConnection<byte[], byte[]>>> opener) {
        this.address = address;
        this.courier = courier;
        this.link = new Link(
                () -> opener.get().thenApply(connection -> {
                    courier.tell(listener -> listener.onConnected(address));
                    return connection;
                }),
                this::failed);
    }

    String address() {
        return address;
    }

    /** The address without the port. */
    String host() {
        int colon = address.lastIndexOf(':');
        return colon < 0 ? address : address.substring(0, colon);
    }

    boolean isFailing() {
        return breaker.isOpen();
    }

    boolean isConnected() {
        return link.isOpen();
    }

    CompletionStage<StatefulRedisConnection<byte[], byte[]>> open() {
        return link.open();
    }

    void send(Call<?> call) {
        call.sentTo(this);
        if (breaker.isOpen() && !call.vital()) {
            call.fail(StoreUnreachableException.failingFast(
                    "Redis at " + address + " does not answer; nothing was applied"));
        } else {
            link.send(call);
        }
    }

    /** A call was not answered in time, or the connection broke or could not be opened. */
    void failed(Throwable trouble) {
        if (!closed && breaker.opened()) {
            LOG.log(
                    Level.WARNING,
                    "Redis at " + address + " does not answer; calls fail at once until it does",
                    trouble);
            courier.tell(listener -> listener.onBreaker(address, true));
            courier.topology().refresh();
            probeLater();
        }
    }

    private void probeLater() {
        courier.deadlines().after(breaker.nextProbe(), this::probe);
    }

    private void probe() {
        if (closed) {
            return;
        }
        Stages.whenOver(link.open(), (connection, failed) -> {
            if (failed != null) {
                probeFailed();
            } else {
                ping();
            }
        });
    }

    private void ping() {
        Call<String> ping = new PlainCall<>(courier, 0, true, CommandType.PING, List.of(), PlainCall::text);
        courier.deadlines().watch(ping);
        link.send(ping);
        Stages.whenOver(ping, (pong, failed) -> {
            if (failed == null) {
                recovered();
            } else {
                link.renew();
                probeFailed();
            }
        });
    }

    private void probeFailed() {
        if (!closed) {
            courier.topology().refresh();
            probeLater();
        }
    }

    private void recovered() {
        if (breaker.closed()) {
            LOG.log(Level.INFO, "Redis at {0} answers again", address);
            courier.tell(listener -> listener.onBreaker(address, false));
        }
    }

    /** The server said that it is a replica: what is on its way may still be answered, the next call looks for the primary. */
    void demoted() {
        long now = Deadlines.now();
        if (now - demotedAt >= DEMOTION_NANOS) {
            demotedAt = now;
            link.retire(courier.deadlines(), courier.timeout().toNanos());
            courier.topology().refresh();
        }
    }

    void close() {
        closed = true;
        link.close();
    }

    /** Answers what it was asked, and is asked nothing more. */
    void retire() {
        closed = true;
        link.close();
        link.retire(courier.deadlines(), courier.timeout().toNanos());
    }
}
