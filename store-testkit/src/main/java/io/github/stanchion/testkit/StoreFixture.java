package io.github.stanchion.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.stanchion.store.AtomicStore;
import io.github.stanchion.store.Capability;
import io.github.stanchion.store.Cells;
import io.github.stanchion.store.Effect;
import io.github.stanchion.store.KeySpace;
import io.github.stanchion.store.KeyedOperation;
import io.github.stanchion.store.Operation;
import io.github.stanchion.store.StoreKey;
import io.github.stanchion.store.Value;
import io.github.stanchion.testkit.Probe.Add;
import io.github.stanchion.testkit.Probe.Plant;
import io.github.stanchion.testkit.Probe.Read;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestReporter;

/** The store under test, keys that no other test has, and short words for what all parts of the contract do. */
abstract class StoreFixture {

    static final int THREADS = 16;
    static final long MINUTE = 60_000_000;
    static final long UNBOUNDED = 1L << 50;
    private static final long PATIENCE_SECONDS = 60;

    final VirtualClock clock = new VirtualClock();
    private final String prefix = "kit-" + UUID.randomUUID().toString().substring(0, 8);
    private @Nullable AtomicStore opened;

    StoreFixture() {}

    /**
     * Opens the store under test; called once for each test, on any content, and closed after it.
     *
     * @param clock the time that the store goes by, whatever the clocks of its callers and its server show
     */
    protected abstract AtomicStore store(VirtualClock clock);

    @BeforeEach
    final void open() {
        opened = store(clock);
    }

    @AfterEach
    final void close() {
        if (opened != null) {
            opened.close();
        }
    }

    final AtomicStore store() {
        if (opened == null) {
            throw new IllegalStateException("The store is opened before each test; call this from a test");
        }
        return opened;
    }

    /** Whether the store declares the capability; if not, the report says what was left out. */
    final boolean declares(Capability capability, TestReporter report) {
        boolean declared = store().capabilities().contains(capability);
        if (!declared) {
            report.publishEntry("left out, as the store does not declare it", capability.name());
        }
        return declared;
    }

    final KeySpace space(String name) {
        return space(Probe.KIND, name);
    }

    final KeySpace space(String kind, String name) {
        return KeySpace.of(prefix, kind, name);
    }

    final StoreKey key(String subject) {
        return space("contract").key(subject);
    }

    /** Keys that lie in one slot, for what holds only there where a store spreads its keys. */
    final StoreKey keyInOneSlot(String subject) {
        return space("contract").slotByName().key(subject);
    }

    final void put(StoreKey key, Value value) {
        put(key, value, MINUTE);
    }

    final void put(StoreKey key, Value value, long collectAfterMicros) {
        assertThat(store().execute(key, new Plant(value, collectAfterMicros, true)))
                .isTrue();
    }

    final void delete(StoreKey key) {
        store().execute(key, new Plant(null, Effect.Put.NEVER, true));
    }

    final @Nullable Value read(StoreKey key) {
        return store().execute(key, new Read()).value();
    }

    final void assertSum(StoreKey key, long sum) {
        assertThat(read(key)).isEqualTo(Cells.of(sum));
    }

    static Add add(long delta) {
        return new Add(delta, UNBOUNDED, MINUTE);
    }

    static Add add(long delta, long most) {
        return new Add(delta, most, MINUTE);
    }

    static <R> KeyedOperation<R> step(StoreKey key, Operation<R> operation) {
        return new KeyedOperation<>(key, operation);
    }

    static <R> KeyedOperation<R> advisory(StoreKey key, Operation<R> operation) {
        return new KeyedOperation<>(key, operation, true);
    }

    /** The stage's result; its error as it was thrown, not wrapped. */
    static <T> T await(CompletionStage<T> stage) {
        try {
            return stage.toCompletableFuture().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | CompletionException failed) {
            throw Together.asThrown(failed);
        } catch (Exception lost) {
            throw new AssertionError("A stage was not completed within " + PATIENCE_SECONDS + " s", lost);
        }
    }
}
