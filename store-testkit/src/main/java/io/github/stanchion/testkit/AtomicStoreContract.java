package io.github.stanchion.testkit;

/**
 * What every {@link io.github.stanchion.store.AtomicStore} must do, as tests: extend it, open your store, run it.
 *
 * <pre>{@code
 * class FileStoreTest extends AtomicStoreContract {
 *
 *     @TempDir
 *     Path folder;
 *
 *     @Override
 *     protected AtomicStore store(VirtualClock clock) {
 *         return new FileStore(folder, clock);
 *     }
 * }
 * }</pre>
 *
 * <p>A store with modes that differ gets one {@code @Nested} class each. Each test uses keys of its own, so that all may share
 * one server. Time is the clock's that is handed over, even where a server has a better one; a server's own expiry then runs
 * on real time and must be padded. Nothing is skipped: where a test needs a {@link io.github.stanchion.store.Capability} that
 * the store does not declare, the report has an entry that names it, and the store must say so itself where it is asked.
 *
 * <p>The tests step through {@link Probe}, operations of the kit's own, and the primitives of the core. A backend that finds
 * native forms by name brings them for the probes too; all others need nothing.
 */
public abstract class AtomicStoreContract extends ServiceContract {}
