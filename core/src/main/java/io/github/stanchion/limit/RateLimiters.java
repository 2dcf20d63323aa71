package io.github.stanchion.limit;

import io.github.stanchion.guard.GuardListeners;
import io.github.stanchion.guard.Move;
import io.github.stanchion.guard.Outcome;
import io.github.stanchion.guard.SessionDriver;
import io.github.stanchion.guard.Sleeper;
import io.github.stanchion.guard.StoreUnavailableException;
import io.github.stanchion.guard.SystemSleeper;
import io.github.stanchion.store.AtomicStore;
import io.github.stanchion.store.StoreException;
import io.github.stanchion.store.StoreKey;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Rate limits without annotations: asks for permits by the name of a policy, and a key that says whose they are.
 *
 * <p>Thread-safe. Each question is one decision and one round trip to the store. {@code tryAcquire} never waits, whatever
 * the policy's {@code max-wait}; {@code acquire} and {@code call} block for as long as that allows, and throw
 * {@link RateLimitExceededException} else. The {@code Async} forms block nobody.
 *
 * <p>A key is a text, number, enum or whatever has a text of its own; a {@code List} of those names a subject by several
 * parts, the empty list the one subject of a policy that has no key. Null follows the policy's {@code on-missing-key}. A
 * policy's expressions (key, cost, condition, plan, settle) concern annotated methods, so they are not evaluated here; its
 * {@code count} holds for {@code call}.
 *
 * <p>All methods throw {@link IllegalArgumentException} before any I/O for a name that is defined nowhere, a negative cost or
 * a key that tells nothing, and {@link StoreUnavailableException} where the store fails and the policy says so.
 */
public final class RateLimiters implements AutoCloseable {

    private final RateLimitPolicies policies;
    private final LimitEnvironment environment;
    private final SessionDriver driver;
    private final ResetSignals resets;

    private RateLimiters(Builder builder) {
        this.policies = builder.policies;
        this.resets = new ResetSignals(builder.store, builder.background);
        DenialCache denials =
                new DenialCache(builder.store, builder.maxDenials, builder.maxDenialAgeMicros, builder.ticker, resets);
        LeasePool leases = new LeasePool(
                builder.store,
                builder.sleeper,
                builder.ticker,
                builder.listeners,
                denials,
                resets,
                most -> ThreadLocalRandom.current().nextLong(most + 1));
        resets.tell(denials, leases);
        this.environment = new LimitEnvironment(
                builder.store, builder.local, denials, leases, builder.listeners, builder.statuses, builder.plans);
        this.driver = new SessionDriver(builder.sleeper);
    }

    /**
     * A facade to these policies.
     *
     * @param store decides; its owner closes it
     */
    public static Builder builder(RateLimitPolicies policies, AtomicStore store) {
        return new Builder(policies, store);
    }

    public RateLimitPolicies policies() {
        return policies;
    }

    LimitEnvironment environment() {
        return environment;
    }

    /** Takes one permit if it is there. */
    public RateLimitVerdict tryAcquire(String name, @Nullable Object key) {
        return tryAcquire(name, key, 1);
    }

    /** Takes {@code cost} permits if they are there, all or none; 0 asks whether the subject is not in debt. */
    public RateLimitVerdict tryAcquire(String name, @Nullable Object key, long cost) {
        return tryAcquire(policies.live(name), key, cost);
    }

    /** As {@link #tryAcquire(String, Object, long)}, by a policy that need not be registered. */
    public RateLimitVerdict tryAcquire(RateLimitPolicy policy, @Nullable Object key, long cost) {
        return tryAcquire(policies.live(policy), key, cost);
    }

    private RateLimitVerdict tryAcquire(LiveLimit live, @Nullable Object key, long cost) {
        SingleLimitSession session = session(live, key, cost, SettlementRule.NONE, false);
        Move move = session.begin();
        if (move == session) {
            RateLimitPolicy policy = session.policy();
            StoreKey subject = session.key();
            RateReply reply;
            try {
                reply = session.store().execute(subject, session.ask());
            } catch (StoreException trouble) {
                return withoutStore(live, policy, subject, cost, trouble);
            }
            move = session.judge(reply);
        }
        return verdict(session, driver.drive(session, move));
    }

    /** Goes on with a session of its own, so that the compiler can do without the usual one, which ends here. */
    private RateLimitVerdict withoutStore(
            LiveLimit live, RateLimitPolicy policy, StoreKey subject, long cost, StoreException trouble) {
        SingleLimitSession session = new SingleLimitSession(environment, live, null, false);
        session.ask(policy, subject, cost, SettlementRule.NONE);
        return verdict(session, driver.drive(session, session.failed(trouble)));
    }

    /** As {@link #tryAcquire(String, Object, long)}, without blocking. */
    public CompletionStage<RateLimitVerdict> tryAcquireAsync(String name, @Nullable Object key, long cost) {
        return tryAcquireAsync(session(policies.live(name), key, cost, SettlementRule.NONE, false));
    }

    /** As {@link #tryAcquire(RateLimitPolicy, Object, long)}, without blocking. */
    public CompletionStage<RateLimitVerdict> tryAcquireAsync(RateLimitPolicy policy, @Nullable Object key, long cost) {
        return tryAcquireAsync(session(policies.live(policy), key, cost, SettlementRule.NONE, false));
    }

    private CompletionStage<RateLimitVerdict> tryAcquireAsync(RateLimitSession session) {
        return driver.driveAsync(session, session.begin()).thenApply(move -> verdict(session, move));
    }

    /** One decision about several limits on different subjects, at most 16: all are charged, or none is. */
    public RateLimitVerdict tryAcquireAll(RateLimitAsk... asks) {
        RateLimitSession session = session(List.of(asks));
        return verdict(session, driver.drive(session, session.begin()));
    }

    /** As {@link #tryAcquireAll}, without blocking. */
    public CompletionStage<RateLimitVerdict> tryAcquireAllAsync(RateLimitAsk... asks) {
        return tryAcquireAsync(session(List.of(asks)));
    }

    /**
     * Takes permits, waiting for them if the policy allows.
     *
     * <p>Blocks. Interrupted, it gives the permits back and throws, the thread's interrupt flag set; {@link #acquireAsync}
     * blocks nobody.
     *
     * @throws RateLimitExceededException if they are not to be had in time
     */
    public Permit acquire(String name, @Nullable Object key, long cost) {
        return acquire(session(policies.live(name), key, cost, SettlementRule.NONE, true));
    }

    /** As {@link #acquire(String, Object, long)}, by a policy that need not be registered. */
    public Permit acquire(RateLimitPolicy policy, @Nullable Object key, long cost) {
        return acquire(session(policies.live(policy), key, cost, SettlementRule.NONE, true));
    }

    private Permit acquire(RateLimitSession session) {
        requireAdmitted(driver.drive(session, session.begin()));
        return new Permit(driver, session);
    }

    /** As {@link #acquire(String, Object, long)}, without blocking; cancelling it gives the permits back. */
    public CompletionStage<Permit> acquireAsync(String name, @Nullable Object key, long cost) {
        return acquireAsync(session(policies.live(name), key, cost, SettlementRule.NONE, true));
    }

    /** As {@link #acquire(RateLimitPolicy, Object, long)}, without blocking; cancelling it gives the permits back. */
    public CompletionStage<Permit> acquireAsync(RateLimitPolicy policy, @Nullable Object key, long cost) {
        return acquireAsync(session(policies.live(policy), key, cost, SettlementRule.NONE, true));
    }

    private CompletableFuture<Permit> acquireAsync(RateLimitSession session) {
        CompletableFuture<Permit> permit = new CompletableFuture<>();
        CompletableFuture<Move> unused = driver.driveAsync(session, session.begin(), permit)
                .whenComplete((move, bug) -> {
                    if (bug != null) {
                        permit.completeExceptionally(bug);
                    } else if (!(move instanceof Move.Admit)) {
                        permit.completeExceptionally(error(move));
                    } else if (!permit.complete(new Permit(driver, session))) {
                        // A permit that nobody waits for any more goes back.
                        CompletionStage<Boolean> unusedRefund = new Permit(driver, session).refundAsync();
                    }
                });
        return permit;
    }

    /**
     * Runs {@code body} under a limit, for one permit; the policy's {@code count} says whether it is given back afterwards.
     *
     * <p>Blocks as {@link #acquire(String, Object, long)} does.
     *
     * @throws RateLimitExceededException if it may not run
     * @throws Exception whatever the body throws
     */
    public <T> T call(String name, @Nullable Object key, Callable<T> body) throws Exception {
        LiveLimit live = policies.live(name);
        RateLimitSession session =
                session(live, key, 1, SettlementRule.of(live.policy().count()), true);
        requireAdmitted(driver.drive(session, session.begin()));
        T result;
        try {
            result = body.call();
        } catch (Throwable error) {
            leave(session, new Outcome.Threw(error));
            throw error;
        }
        leave(session, new Outcome.Returned(result));
        return result;
    }

    private void leave(RateLimitSession session, Outcome outcome) {
        if (session.watchesOutcome()) {
            driver.drive(session, session.left(outcome));
        }
    }

    /** As {@link #call}, without blocking; the body begins once the permit is there. */
    public <T> CompletionStage<T> callAsync(
            String name, @Nullable Object key, Supplier<? extends CompletionStage<T>> body) {
        LiveLimit live = policies.live(name);
        RateLimitSession session =
                session(live, key, 1, SettlementRule.of(live.policy().count()), true);
        return acquireAsync(session).thenCompose(permit -> begun(body)
                .handle((result, error) ->
                        error == null ? new Outcome.Returned(result) : new Outcome.Threw(inner(error)))
                .thenCompose(outcome -> left(session, outcome)));
    }

    private static <T> CompletionStage<T> begun(Supplier<? extends CompletionStage<T>> body) {
        try {
            return body.get();
        } catch (RuntimeException | Error error) {
            return CompletableFuture.failedFuture(error);
        }
    }

    private static Throwable inner(Throwable error) {
        return error instanceof CompletionException && error.getCause() != null ? error.getCause() : error;
    }

    @SuppressWarnings("unchecked") // the outcome holds what the caller's own body came to
    private <T> CompletionStage<T> left(RateLimitSession session, Outcome outcome) {
        CompletionStage<?> settled = session.watchesOutcome()
                ? driver.driveAsync(session, session.left(outcome))
                : CompletableFuture.completedFuture(null);
        return settled.thenCompose(done -> outcome instanceof Outcome.Threw threw
                ? CompletableFuture.<T>failedFuture(threw.error())
                : CompletableFuture.completedFuture((T) ((Outcome.Returned) outcome).value()));
    }

    /** What one more permit would meet with; charges nothing and tells no listener. */
    public RateLimitVerdict peek(String name, @Nullable Object key) {
        return peek(policies.get(name), key);
    }

    /** As {@link #peek(String, Object)}, by a policy that need not be registered. */
    public RateLimitVerdict peek(RateLimitPolicy given, @Nullable Object key) {
        RateLimitPolicy policy = FacadeRequest.resolved(environment.plans(), given, key);
        Allowance allowance = policy.allowance();
        return RateLimitVerdict.peeked(
                policy, allowance == null ? null : environment.store().execute(policy.keyOf(key), allowance.ask(0)));
    }

    /** As {@link #peek(String, Object)}, without blocking. */
    public CompletionStage<RateLimitVerdict> peekAsync(String name, @Nullable Object key) {
        RateLimitPolicy policy = FacadeRequest.resolved(environment.plans(), policies.get(name), key);
        Allowance allowance = policy.allowance();
        return allowance == null
                ? CompletableFuture.completedFuture(RateLimitVerdict.peeked(policy, null))
                : environment
                        .store()
                        .executeAsync(policy.keyOf(key), allowance.ask(0))
                        .thenApply(reply -> RateLimitVerdict.peeked(policy, reply));
    }

    /** Gives a subject all its permits back; true if there were any to give. */
    public boolean reset(String name, @Nullable Object key) {
        return reset(policies.get(name), key);
    }

    /** As {@link #reset(String, Object)}, by a policy that need not be registered. */
    public boolean reset(RateLimitPolicy policy, @Nullable Object key) {
        StoreKey subject = policy.keyOf(key);
        boolean any = environment.store().execute(subject, RateReset.of(subject));
        forget(subject);
        return any;
    }

    /** As {@link #reset(String, Object)}, without blocking. */
    public CompletionStage<Boolean> resetAsync(String name, @Nullable Object key) {
        StoreKey subject = policies.get(name).keyOf(key);
        return environment.store().executeAsync(subject, RateReset.of(subject)).thenApply(any -> {
            forget(subject);
            return any;
        });
    }

    private void forget(StoreKey subject) {
        environment.denials().forget(subject);
        environment.leases().forget(subject);
    }

    /**
     * Forgets what this process knows beside the store: refusals that it remembers, permits that it has charged ahead, and
     * outages. Permits charged ahead stay charged. For tests, and for whoever has emptied or replaced what is in the store.
     */
    public void forgetAll() {
        environment.denials().forgetAll();
        environment.leases().forgetAll();
        policies.forgetOutages();
    }

    /** How many permits of this policy this process has charged ahead and not spent. */
    public long leased(String name) {
        return environment.leases().leased(name);
    }

    /**
     * Returns permits that are charged ahead, and ends what goes on in the background.
     *
     * <p>Blocks for a trip to the store, which must still be open, if there are any. Questions may be asked after it; the store
     * decides each. Closing twice does nothing.
     */
    @Override
    public void close() {
        resets.close();
        environment.leases().close();
    }

    private SingleLimitSession session(
            LiveLimit live, @Nullable Object key, long cost, SettlementRule rule, boolean mayWait) {
        SingleLimitSession session = new SingleLimitSession(environment, live, null, mayWait);
        FacadeRequest.prepare(session, key, cost, rule);
        return session;
    }

    private RateLimitSession session(List<RateLimitAsk> asks) {
        if (asks.isEmpty() || asks.size() > RateLimitGuard.MOST_LIMITS) {
            throw new IllegalArgumentException("Number of limits asked '" + asks.size() + "' is out of range; ask 1 to "
                    + RateLimitGuard.MOST_LIMITS + " at once");
        }
        JointLimitSession session = new JointLimitSession(asks.size(), false);
        for (RateLimitAsk ask : asks) {
            RateLimitPolicy policy = ask.policy();
            LiveLimit live = policy == null ? policies.live(ask.name()) : policies.live(policy);
            JointLimitPart part = new JointLimitPart(environment, live, null);
            FacadeRequest.prepare(part, ask.key(), ask.cost(), SettlementRule.NONE);
            session.add(part);
        }
        return session;
    }

    private static RateLimitVerdict verdict(RateLimitSession session, Move last) {
        if (last instanceof Move.Reject reject && reject.rejection() instanceof RateLimitExceededException) {
            return session.finding();
        }
        requireAdmitted(last);
        return session.finding();
    }

    private static void requireAdmitted(Move last) {
        if (!(last instanceof Move.Admit)) {
            throw error(last);
        }
    }

    private static RuntimeException error(Move last) {
        return last instanceof Move.Reject reject ? reject.rejection() : ((Move.Fail) last).error();
    }

    /** Collects what the rate limits of an application work with. Not thread-safe. */
    public static final class Builder {

        private static final Duration LONGEST_AGE = Duration.ofHours(1);

        private final RateLimitPolicies policies;
        private final AtomicStore store;
        private AtomicStore local;
        private GuardListeners listeners = GuardListeners.none();
        private Sleeper sleeper = new SystemSleeper();
        private StatusResolver statuses = StatusResolver.plain();
        private RateLimitResolver plans = RateLimitResolver.NONE;
        private int maxDenials = 10_000;
        private long maxDenialAgeMicros = 1_000_000;
        private LongSupplier ticker = new SystemTicker();
        private Executor background = ForkJoinPool.commonPool();

        private Builder(RateLimitPolicies policies, AtomicStore store) {
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

        /** Default {@link SystemSleeper}. */
        public Builder sleeper(Sleeper waits) {
            sleeper = waits;
            return this;
        }

        /** Default {@link StatusResolver#plain()}. */
        public Builder statuses(StatusResolver resolver) {
            statuses = resolver;
            return this;
        }

        /** Default {@link RateLimitResolver#NONE}. */
        public Builder plans(RateLimitResolver resolver) {
            plans = resolver;
            return this;
        }

        /**
         * How many refusals are remembered at most, and how long; default 10,000, and a second.
         *
         * <p>What no process can know in time, as a limit raised on another one, is seen that much later at most.
         *
         * @throws IllegalArgumentException if either is not positive, or the age is over an hour
         */
        public Builder denialCache(int maxEntries, Duration maxAge) {
            if (maxEntries < 1) {
                throw new IllegalArgumentException("Number of remembered refusals '" + maxEntries
                        + "' is not positive; use 1 or more, or denial caching off");
            }
            if (maxAge.isNegative() || maxAge.isZero() || maxAge.compareTo(LONGEST_AGE) > 0) {
                throw new IllegalArgumentException(
                        "Age of remembered refusals '" + maxAge + "' is out of range; use more than 0s, to 1h");
            }
            maxDenials = maxEntries;
            maxDenialAgeMicros = PolicyCompiler.micros(maxAge);
            return this;
        }

        /** Tells how long something has been known, in nanoseconds; never goes back. Default {@link System#nanoTime()}. */
        public Builder ticker(LongSupplier nanos) {
            ticker = nanos;
            return this;
        }

        /** Where what may block is done that no caller waits for. */
        Builder background(Executor executor) {
            background = executor;
            return this;
        }

        public RateLimiters build() {
            return new RateLimiters(this);
        }
    }
}
