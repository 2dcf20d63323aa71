package io.github.stanchion.lock;

import io.github.stanchion.guard.CallScope;
import io.github.stanchion.guard.GuardListeners;
import io.github.stanchion.guard.Move;
import io.github.stanchion.guard.SessionDriver;
import io.github.stanchion.guard.Sleeper;
import io.github.stanchion.guard.StoreUnavailableException;
import io.github.stanchion.guard.SystemSleeper;
import io.github.stanchion.store.AtomicStore;
import io.github.stanchion.store.StoreKey;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Locks without annotations: by the name of a policy, and a key that says what is locked.
 *
 * <p>Thread-safe. {@code acquire} and {@code call} block for at most the policy's wait; the {@code Async} forms block nobody.
 * A key is made of texts, numbers, enums or whatever has a text of its own, several of them as a tuple; no key is the one lock
 * of the policy. Inside of a body that holds the lock, the same lock is entered again without asking the store.
 *
 * <p>All methods throw {@link LockNotAcquiredException} if the lock is not to be had, {@link StoreUnavailableException} if the
 * store cannot say and the policy does not answer that, {@link LeaseLostException} if the lock was lost while a body ran, and
 * {@link IllegalArgumentException} before any I/O for a key that tells nothing.
 */
public final class Locks implements AutoCloseable {

    private final LockPolicies policies;
    private final LockEnvironment environment;
    private final ResultCodecs codecs;
    private final LeaseTimer timer;

    private Locks(Builder builder) {
        this.policies = builder.policies;
        this.codecs = builder.codecs;
        LongSupplier driven = builder.nanos;
        LeaseClock clock = driven == null ? LeaseClock.system() : LeaseClock.driven(driven);
        this.timer = driven == null ? LeaseTimer.thread() : LeaseTimer.driven(builder.sleeper);
        LockOwners owners = new LockOwners();
        LockLines lines = new LockLines();
        this.environment = new LockEnvironment(
                builder.store,
                builder.local,
                builder.listeners,
                clock,
                new LeaseKeeper(clock, timer),
                owners,
                lines,
                new WakeUps(builder.store, owners.node(), lines, builder.background, builder.polling),
                new OwedReleases(builder.sleeper, clock, lines),
                new LockOutages(builder.listeners),
                new Flights(),
                new SessionDriver(builder.sleeper),
                builder.background,
                builder.transactions,
                builder.scopes,
                bound -> ThreadLocalRandom.current().nextLong(bound));
    }

    /**
     * A facade to these policies.
     *
     * @param store decides; its owner closes it
     */
    public static Builder builder(LockPolicies policies, AtomicStore store) {
        return new Builder(policies, store);
    }

    public LockPolicies policies() {
        return policies;
    }

    LockEnvironment environment() {
        return environment;
    }

    ResultCodecs codecs() {
        return codecs;
    }

    // Leases

    /** Takes the lock, and is its holder until {@link Lease#close}; as in {@code try (Lease lease = locks.acquire("orders", id))}. */
    public Lease acquire(String name, Object... key) {
        return acquire(policies.get(name), key);
    }

    /** As {@link #acquire(String, Object...)}, by a policy that need not be registered. */
    public Lease acquire(LockPolicy policy, Object... key) {
        LockSession session = open(policy, key);
        Move last = environment.driver().drive(session, session.begin());
        if (!(last instanceof Move.Admit)) {
            throw error(last);
        }
        return leased(session, true);
    }

    /**
     * As {@link #acquire(String, Object...)}, without blocking. The lease belongs to whoever gets it: no thread's scope has it.
     * Cancelling the future gives up the wait.
     */
    public CompletableFuture<Lease> acquireAsync(String name, Object... key) {
        return acquireAsync(policies.get(name), key);
    }

    /** As {@link #acquireAsync(String, Object...)}, by a policy that need not be registered. */
    public CompletableFuture<Lease> acquireAsync(LockPolicy policy, Object... key) {
        return leaseAsync(open(policy, key), lease -> lease, CompletableFuture::completeExceptionally);
    }

    private <T> CompletableFuture<T> leaseAsync(
            LockSession session, Function<Lease, T> taken, BiConsumer<CompletableFuture<T>, RuntimeException> refused) {
        CompletableFuture<T> result = new CompletableFuture<>();
        CompletableFuture<Move> unused = environment
                .driver()
                .driveAsync(session, session.begin(), result)
                .whenComplete((last, bug) -> {
                    if (bug != null) {
                        result.completeExceptionally(bug);
                    } else if (!(last instanceof Move.Admit)) {
                        refused.accept(result, error(last));
                    } else {
                        Lease lease = leased(session, false);
                        if (!result.complete(taken.apply(lease))) {
                            // Nobody waits for it any more.
                            CompletableFuture<Boolean> unusedEnd = lease.releaseAsync();
                        }
                    }
                });
        return result;
    }

    /** Takes the lock if it is to be had at once, null if it is not: one round trip, none while this process holds it. */
    public @Nullable Lease tryAcquire(String name, Object... key) {
        return tryAcquire(policies.get(name), key);
    }

    /** As {@link #tryAcquire(String, Object...)}, by a policy that need not be registered. */
    public @Nullable Lease tryAcquire(LockPolicy policy, Object... key) {
        try {
            return acquire(policy.withoutWait(), key);
        } catch (LockNotAcquiredException held) {
            return null;
        }
    }

    /** As {@link #tryAcquire(String, Object...)}, without blocking. */
    public CompletableFuture<Optional<Lease>> tryAcquireAsync(String name, Object... key) {
        return leaseAsync(open(policies.get(name).withoutWait(), key), Optional::of, (result, trouble) -> {
            if (trouble instanceof LockNotAcquiredException) {
                result.complete(Optional.empty());
            } else {
                result.completeExceptionally(trouble);
            }
        });
    }

    /** The lease of a session that has been admitted. */
    private Lease leased(LockSession session, boolean scoped) {
        Lease made = session.lease();
        if (made == null) {
            Lease outer = session.reentered();
            return outer == null ? Lease.ofNothing(environment, session.policy()) : outer.again();
        }
        made.closedBy(new LeaseEnd(environment, session, made, scoped));
        if (scoped) {
            CallScope.enter(made);
        }
        return made;
    }

    // Bodies

    /** Runs the body while the lock is held. */
    public <T extends @Nullable Object> T call(String name, Object key, Callable<T> body) throws Exception {
        return call(policies.get(name), new Object[] {key}, body);
    }

    /** As {@link #call(String, Object, Callable)}, by a policy that need not be registered and a tuple of keys. */
    public <T extends @Nullable Object> T call(LockPolicy policy, Object[] key, Callable<T> body) throws Exception {
        return LockedBody.call(environment, open(policy, key), body);
    }

    /** Runs the body if the lock is to be had at once; empty if it is not, or if the body returns null. */
    public <T> Optional<T> callIfFree(String name, Object key, Callable<@Nullable T> body) throws Exception {
        try {
            return Optional.ofNullable(call(policies.get(name).withoutWait(), new Object[] {key}, body));
        } catch (LockNotAcquiredException held) {
            if (held.name().equals(policies.get(name).name()) && held.reason() != LockRefusal.INTERRUPTED) {
                return Optional.empty();
            }
            throw held;
        }
    }

    /**
     * Begins the body while the lock is held, and holds it until the stage completes. Cancelling the future gives up the wait;
     * a body that has begun goes on, and holds its lock to the end.
     */
    public <T> CompletableFuture<T> callAsync(String name, Object key, Supplier<CompletionStage<T>> body) {
        return LockedBody.callAsync(environment, open(policies.get(name), key), body);
    }

    /** Runs the body in one of all callers that come together, over all processes, and gives its result to the others. */
    public <T> T singleFlight(String name, Object key, Class<T> type, Callable<T> body) throws Exception {
        return LockedBody.call(environment, flight(name, key, type), body);
    }

    /** As {@link #singleFlight}, without blocking. */
    public <T> CompletableFuture<T> singleFlightAsync(
            String name, Object key, Class<T> type, Supplier<CompletionStage<T>> body) {
        return LockedBody.callAsync(environment, flight(name, key, type), body);
    }

    private FlightSession flight(String name, Object key, Class<?> type) {
        LockPolicy policy = policies.get(name).asFlight();
        ResultCodec codec = codecs.codecFor(type);
        if (codec == null) {
            throw new IllegalArgumentException("Result type '" + type.getName()
                    + "' cannot be turned into bytes; give the builder codecs that know it");
        }
        return new FlightSession(environment, policy, policy.key(key), codec);
    }

    private LockSession open(LockPolicy policy, Object... key) {
        List<StoreKey> keys =
                policy.isEach() ? LockElements.keys(policy, "key", List.of(key)) : List.of(policy.key(key));
        return new LockSession(environment, policy, keys);
    }

    static RuntimeException error(Move last) {
        return last instanceof Move.Reject reject ? reject.rejection() : ((Move.Fail) last).error();
    }

    // Administration

    /** What is known of one lock: a round trip to the store. */
    public LockReport inspect(String name, Object... key) {
        LockPolicy policy = policies.get(name);
        return environment.store().execute(policy.key(key), new LockInspect(LockOwner.NOBODY));
    }

    /**
     * Takes a lock away from whoever holds it, wherever that is: for locks whose holder hangs. One round trip.
     *
     * <p>A holder that is alive loses its lease as {@link LeaseLoss#STOLEN}: at once if it is in this process, else at its next
     * renewal, a third of the lease later at most. Until then two may be inside, of which the former has the lower token.
     *
     * @return false if nobody held it
     */
    public boolean forceRelease(String name, Object... key) {
        LockPolicy policy = policies.get(name);
        StoreKey lock = policy.key(key);
        LockReleased broken = environment
                .store()
                .execute(
                        lock,
                        new LockBreak(
                                environment.owners().node(),
                                0,
                                policy.retentionMicros(environment.store()),
                                lock.fingerprint()));
        if (broken.released()) {
            environment.keeper().broken(lock, broken.token());
        }
        if (broken.wokenSelf()) {
            environment.lines().wake(lock);
        }
        return broken.released();
    }

    /** A short hash of one lock's key, as {@link Lease#keyHashes} has it: for logs and people, who need not see the key. */
    public String keyHash(String name, Object... key) {
        return hash(policies.get(name).key(key));
    }

    static String hash(StoreKey key) {
        return Long.toHexString(key.fingerprint());
    }

    /** The locks that this process holds. */
    public List<Lease> held() {
        return environment.keeper().holds().stream().map(Hold::lease).distinct().toList();
    }

    /** How many locks this process holds. */
    public int holding() {
        return environment.keeper().holding();
    }

    /** How many calls of this process wait for a lock. */
    public int waiting() {
        return environment.lines().waiting();
    }

    /** Whether the store of this lock could not decide when it was last asked. */
    public boolean isDegraded(String name) {
        return environment.outages().isDegraded(name);
    }

    /** Forgets which locks' store could not decide, so that the next time is news again: for tests. */
    public void forgetOutages() {
        environment.outages().forget();
    }

    /** Whether nothing is left of calls that have ended. */
    boolean isIdle() {
        return environment.lines().isEmpty() && environment.flights().isEmpty() && holding() == 0;
    }

    /** Ends renewal and listening; locks that are still held run out. Closing twice does nothing. */
    @Override
    public void close() {
        environment.wakeUps().close();
        environment.owed().close();
        timer.close();
    }

    /** Collects what the locks of an application work with. Not thread-safe. */
    public static final class Builder {

        private final LockPolicies policies;
        private final AtomicStore store;
        private AtomicStore local;
        private GuardListeners listeners = GuardListeners.none();
        private Sleeper sleeper = new SystemSleeper();
        private @Nullable LongSupplier nanos;
        private ResultCodecs codecs = ResultCodecs.plain();
        private Transactions transactions = Transactions.NONE;
        private LeaseScopes scopes = LeaseScopes.NONE;
        private boolean polling;
        private Executor background = ForkJoinPool.commonPool();

        private Builder(LockPolicies policies, AtomicStore store) {
            this.policies = policies;
            this.store = store;
            this.local = store;
        }

        /** Decides while the store is away; default the store itself, which suits a store that lies in this process. */
        public Builder localStore(AtomicStore inProcess) {
            local = inProcess;
            return this;
        }

        public Builder listeners(GuardListeners all) {
            listeners = all;
            return this;
        }

        /** Lets calls wait. Default {@link SystemSleeper}. */
        public Builder sleeper(Sleeper waits) {
            sleeper = waits;
            return this;
        }

        /** Leases are counted by this clock, and their timer is the sleeper: for tests that drive time. */
        public Builder drivenBy(LongSupplier clockNanos) {
            nanos = clockNanos;
            return this;
        }

        /** Default {@link ResultCodecs#plain()}. */
        public Builder codecs(ResultCodecs known) {
            codecs = known;
            return this;
        }

        /** Default {@link Transactions#NONE}. */
        public Builder transactions(Transactions known) {
            transactions = known;
            return this;
        }

        /** Default {@link LeaseScopes#NONE}. */
        public Builder scopes(LeaseScopes heard) {
            scopes = heard;
            return this;
        }

        /** Whether waiters look for themselves often, rather than be woken by the store. */
        public Builder polling(boolean instead) {
            polling = instead;
            return this;
        }

        /** Where what may block is done that no caller waits for, reactions to lost leases included. Default the common pool. */
        public Builder background(Executor executor) {
            background = executor;
            return this;
        }

        public Locks build() {
            return new Locks(this);
        }
    }
}
