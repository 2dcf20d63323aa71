package io.github.stanchion.limit;

import io.github.stanchion.limit.Lease.Fetched;
import io.github.stanchion.store.AtomicStore;
import io.github.stanchion.store.Capability;
import io.github.stanchion.store.JointResult;
import io.github.stanchion.store.KeyScan;
import io.github.stanchion.store.KeyedOperation;
import io.github.stanchion.store.Operation;
import io.github.stanchion.store.Signals;
import io.github.stanchion.store.StepResult;
import io.github.stanchion.store.StoreKey;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * The store as one call under a lease sees it: asks for the call and, in the same step, for what the process needs next.
 *
 * <p>Of all calls of a subject one at a time makes the trip. Those that come meanwhile wait for it, then spend what it has
 * brought, or share its refusal; a call that is served by neither asks for itself, so that nobody waits for two others. If the
 * trip fails it fails for all of them: an outage costs one timeout.
 *
 * <p>A bucket that had fewer permits than were wanted is empty now, and what flows in would be fetched one by one. So the
 * process holds off for a little while, refusing by itself, and what has flowed in meanwhile is fetched together.
 */
final class LeaseCall implements AtomicStore {

    private final LeasePool pool;
    private final Lease lease;
    private final long cost;
    private final boolean holdsOff;
    private final AtomicStore store;
    private RateSource source = RateSource.STORE;
    private @Nullable RateReply shortage;

    /** @param holdsOff whether the process holds off, which it can where it remembers refusals */
    LeaseCall(LeasePool pool, Lease lease, long cost, boolean holdsOff, AtomicStore store) {
        this.pool = pool;
        this.lease = lease;
        this.cost = cost;
        this.holdsOff = holdsOff;
        this.store = store;
    }

    /** Who has answered. */
    RateSource source() {
        return source;
    }

    /** What further calls are told while the process holds off, though this one was admitted; null if it does not. */
    @Nullable
    RateReply shortage() {
        return shortage;
    }

    @Override
    public <R> R execute(StoreKey key, Operation<R> operation) {
        Trip trip = new Trip();
        CompletableFuture<Fetched> other = lease.join(trip.fetched);
        if (other == null) {
            try {
                return LeaseCall.<R>answer(trip.over(store.execute(key, trip.ask())));
            } catch (RuntimeException | Error trouble) {
                trip.failed(trouble);
                throw trouble;
            }
        }
        RateReply shared = shared(joined(other));
        return shared == null ? noted(store.execute(key, operation)) : LeaseCall.<R>answer(shared);
    }

    private static Fetched joined(CompletableFuture<Fetched> other) {
        try {
            return other.join();
        } catch (CompletionException failed) {
            throw failed.getCause() instanceof RuntimeException trouble ? trouble : failed;
        }
    }

    @Override
    public <R> CompletionStage<R> executeAsync(StoreKey key, Operation<R> operation) {
        Trip trip = new Trip();
        CompletableFuture<Fetched> other = lease.join(trip.fetched);
        if (other == null) {
            try {
                return store.executeAsync(key, trip.ask())
                        .thenApply(reply -> LeaseCall.<R>answer(trip.over(reply)))
                        .whenComplete((reply, trouble) -> trip.failed(trouble));
            } catch (RuntimeException | Error trouble) {
                trip.failed(trouble);
                throw trouble;
            }
        }
        return other.thenCompose(fetched -> {
            RateReply shared = shared(fetched);
            return shared == null
                    ? store.executeAsync(key, operation).thenApply(this::noted)
                    : CompletableFuture.completedFuture(LeaseCall.<R>answer(shared));
        });
    }

    /** What another call's trip comes to for this one; null if this one must ask. */
    private @Nullable RateReply shared(Fetched fetched) {
        long now = pool.now();
        LeasedPermits spent = lease.spend(cost, now);
        if (spent != null) {
            source = RateSource.LEASE;
            return spent.reply(cost, now);
        }
        KnownDenial denial = fetched.denial();
        if (denial != null && denial.refuses(lease.key(), lease.limit(), cost, now)) {
            source = RateSource.CACHE;
            return denial.replyAt(now);
        }
        return null;
    }

    private <R> R noted(R reply) {
        if (((RateReply) reply).admitted()) {
            lease.usedElsewhere(cost);
        }
        return reply;
    }

    /** The operation is one that asks for permits, so that its result is a reply to that. */
    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    private static <R> R answer(RateReply reply) {
        return (R) reply;
    }

    /** One trip to the store, for this call and those that join it. */
    private final class Trip {

        private final CompletableFuture<Fetched> fetched = new CompletableFuture<>();
        private long sentNanos;
        private long wanted;
        private int resets;

        Operation<RateReply> ask() {
            sentNanos = pool.now();
            resets = lease.resets();
            pool.expire(lease, sentNanos);
            wanted = lease.wanted(cost, sentNanos);
            return lease.limit().askUpTo(cost, wanted);
        }

        RateReply over(RateReply reply) {
            long now = pool.now();
            if (!reply.admitted()) {
                RateReply refusal = refusal(reply);
                leave(new Fetched(denial(cost, refusal, now)));
                return refusal;
            }
            shortage = holdsOff && reply.taken() < wanted ? refusal(reply) : null;
            RateReply own = pool.granted(lease, reply, cost, sentNanos, resets);
            leave(new Fetched(shortage == null ? null : denial(1, shortage, now)));
            return own;
        }

        /** What a refusal says from now on, of the bucket as this reply has left it. */
        private RateReply refusal(RateReply reply) {
            long wait = holdsOff ? Math.max(reply.waitMicros(), pool.holdOffMicros(lease.terms())) : reply.waitMicros();
            return new RateReply(
                    false, 0, reply.remaining(), wait, reply.fullMicros(), reply.repaired(), reply.stamp());
        }

        private KnownDenial denial(long from, RateReply refusal, long now) {
            long until = sentNanos + refusal.waitMicros() * 1_000;
            return new KnownDenial(lease.key(), lease.limit(), from, refusal, lease.subject(), now, until);
        }

        private void leave(Fetched brought) {
            lease.leave(fetched);
            fetched.complete(brought);
        }

        void failed(@Nullable Throwable trouble) {
            if (trouble != null && !fetched.isDone()) {
                lease.leave(fetched);
                Throwable cause = trouble instanceof CompletionException && trouble.getCause() != null
                        ? trouble.getCause()
                        : trouble;
                fetched.completeExceptionally(cause);
            }
        }
    }

    @Override
    public JointResult executeAll(List<KeyedOperation<?>> steps) {
        return store.executeAll(steps);
    }

    @Override
    public CompletionStage<JointResult> executeAllAsync(List<KeyedOperation<?>> steps) {
        return store.executeAllAsync(steps);
    }

    @Override
    public List<StepResult<?>> executeEach(List<KeyedOperation<?>> steps) {
        return store.executeEach(steps);
    }

    @Override
    public CompletionStage<List<StepResult<?>>> executeEachAsync(List<KeyedOperation<?>> steps) {
        return store.executeEachAsync(steps);
    }

    @Override
    public Set<Capability> capabilities() {
        return store.capabilities();
    }

    @Override
    public Signals signals() {
        return store.signals();
    }

    @Override
    public KeyScan keys() {
        return store.keys();
    }

    @Override
    public void close() {
        throw new UnsupportedOperationException("A call's view of a store; its owner closes it");
    }
}
