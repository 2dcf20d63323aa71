package io.github.stanchion.redis;

import io.github.stanchion.store.StoreClosedException;
import io.github.stanchion.store.StoreException;
import io.github.stanchion.store.StoreKey;
import io.github.stanchion.store.StoreTimeoutException;
import io.github.stanchion.store.StoreUnreachableException;
import io.lettuce.core.output.CommandOutput;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.RedisCommand;
import io.netty.buffer.ByteBuf;
import java.nio.channels.ClosedChannelException;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import org.jspecify.annotations.Nullable;

/**
 * One command: what the connection writes and completes, and at the same time what the caller waits for.
 *
 * <p>It is written again only if the server said that it did nothing: it did not know the script, or another server has the
 * key. A command that was written and not answered is never written again; whoever waits learns that its outcome is unknown.
 * One that was certainly not written fails as unreachable.
 *
 * <p>The methods of {@link RedisCommand} are called by the connection alone. It holds no arguments in Lettuce's form, so
 * that no tracing ever shows a key.
 *
 * @param <T> what the reply says
 */
abstract sealed class Call<T> extends CompletableFuture<T> implements RedisCommand<byte[], byte[], Object>, Due
        permits ScriptRun, PlainCall {

    @SuppressWarnings("rawtypes")
    private static final AtomicIntegerFieldUpdater<Call> STAGE =
            AtomicIntegerFieldUpdater.newUpdater(Call.class, "stage");

    private static final int HELD = 0;
    private static final int HANDED_OVER = 1;
    private static final int GIVEN_UP = 2;

    private final @Nullable StoreKey about;
    private final boolean vital;
    private final long due;
    private final Courier courier;
    private final int slot;
    private CommandOutput<byte[], byte[], Object> output = new ReplyOutput();
    private volatile int stage = HELD;
    private volatile boolean written;
    private volatile @Nullable Node node;
    private int redirects;
    private boolean asking;

    /**
     * @param slot of its keys
     * @param about names kind and name in errors
     * @param vital sent even while the server counts as unreachable
     */
    Call(Courier courier, int slot, @Nullable StoreKey about, boolean vital) {
        this.courier = courier;
        this.slot = slot;
        this.about = about;
        this.vital = vital;
        this.due = courier.deadlines().next();
    }

    /** Writes the whole command. */
    abstract void write(ByteBuf to);

    /**
     * Reads the reply.
     *
     * @throws StoreException what the reply says
     */
    abstract T read(@Nullable Object reply);

    /** Changes to a form that needs no script on the server; false if it has it already. */
    boolean bringScript() {
        return false;
    }

    final Courier courier() {
        return courier;
    }

    final int slot() {
        return slot;
    }

    @Override
    public final long due() {
        return due;
    }

    final boolean vital() {
        return vital;
    }

    /** The server that it was last sent to. */
    final @Nullable Node node() {
        return node;
    }

    final void sentTo(Node target) {
        node = target;
    }

    /** Whether the server is to be told that the key is only on its way to it. */
    final boolean asking() {
        return asking;
    }

    /** To be asked before a connection gets it; false if its time is over, so that it is never written. */
    final boolean handOver() {
        return STAGE.compareAndSet(this, HELD, HANDED_OVER);
    }

    /** How many servers have named another one. */
    final int redirects() {
        return redirects;
    }

    /** Gets ready to be written again; false after too many redirections. */
    final boolean again(boolean redirected, boolean ask) {
        redirects += redirected ? 1 : 0;
        asking = ask;
        output = new ReplyOutput();
        written = false;
        stage = HELD;
        return redirects <= Courier.MOST_REDIRECTS;
    }

    @Override
    public final void encode(ByteBuf buffer) {
        written = true;
        write(buffer);
    }

    /** The reply is there. */
    @Override
    public final void complete() {
        String error = output.getError();
        if (isDone()) {
            courier.late();
        } else if (error != null) {
            courier.refused(this, error);
        } else {
            succeed(output.get());
        }
    }

    private void succeed(@Nullable Object reply) {
        try {
            complete(read(reply));
        } catch (StoreException said) {
            fail(said);
        } catch (RuntimeException unreadable) {
            super.completeExceptionally(unreadable);
        }
    }

    /** The connection gave up. */
    @Override
    public final boolean completeExceptionally(Throwable trouble) {
        if (isDone()) {
            return false;
        }
        if (trouble instanceof StoreException known) {
            return fail(known);
        }
        boolean unknown = written;
        Node target = node;
        if (target != null && unknown) {
            target.failed(trouble);
        }
        return fail(
                unknown
                        ? new StoreTimeoutException(
                                "Connection broke before the reply; whether the operation was applied is unknown",
                                trouble)
                        : new StoreUnreachableException("Redis could not be asked; nothing was applied", trouble));
    }

    @Override
    public final void cancel() {
        completeExceptionally(new ClosedChannelException());
    }

    @Override
    public final void timedOut() {
        if (isDone()) {
            return;
        }
        long millis = courier.timeout().toMillis();
        StoreException error = STAGE.compareAndSet(this, HELD, GIVEN_UP)
                ? new StoreUnreachableException(
                        "Redis was not connected to within " + millis + " ms; nothing was applied")
                : new StoreTimeoutException(
                        "No reply came within " + millis + " ms; whether the operation was applied is unknown");
        Node target = node;
        // Before the caller learns of it, so that its next call fails at once.
        if (target != null) {
            target.failed(error);
        } else {
            courier.topology().undelivered();
        }
        fail(error);
    }

    @Override
    public final void abandoned() {
        fail(
                stage == HANDED_OVER
                        ? new StoreTimeoutException(
                                "Store was closed before the reply; whether the operation was applied is unknown")
                        : new StoreClosedException("Store was closed; nothing was applied"));
    }

    final boolean fail(StoreException error) {
        return super.completeExceptionally(about == null ? error : error.at(about));
    }

    @Override
    public final CommandOutput<byte[], byte[], Object> getOutput() {
        return output;
    }

    @Override
    public final void setOutput(CommandOutput<byte[], byte[], Object> output) {
        this.output = Objects.requireNonNull(output);
    }

    @Override
    public final @Nullable CommandArgs<byte[], byte[]> getArgs() {
        return null;
    }

    /** Names the command; shows no key. */
    @Override
    public final String toString() {
        return getType() + (isDone() ? " (done)" : "");
    }
}
