package io.github.stanchion.limit;

import io.github.stanchion.store.AtomicStore;
import io.github.stanchion.store.Operation;
import io.github.stanchion.store.StoreKey;
import org.jspecify.annotations.Nullable;

/**
 * One question that this process may answer by itself: from permits that it holds, or from a refusal that it remembers. If it
 * cannot, it learns from what the store answers.
 *
 * <p>Made only where a policy lets it. Used by one thread at a time.
 */
final class Shortcut {

    private final LimitEnvironment environment;
    private final RateOperations limit;
    private final StoreKey key;
    private final long cost;
    private final boolean remembers;
    private final long mostMicros;
    private final @Nullable Lease lease;
    private final long nowNanos;
    private RateSource source = RateSource.STORE;
    private DenialCache.@Nullable Question question;
    private @Nullable LeasedPermits spent;
    private @Nullable LeaseCall call;
    private int resets;

    private Shortcut(
            LimitEnvironment environment,
            Allowance allowance,
            StoreKey key,
            long cost,
            boolean remembers,
            @Nullable Lease lease) {
        LeaseTerms terms = allowance.lease();
        this.environment = environment;
        this.limit = allowance.operations();
        this.key = key;
        this.cost = cost;
        this.remembers = remembers;
        // Holders of leases give permits back: what that makes untrue must not outlive a lease.
        this.mostMicros = terms == null ? Long.MAX_VALUE : terms.ttlNanos() / 1_000;
        this.lease = lease;
        this.nowNanos = environment.denials().now();
    }

    /** Null if the store decides every call of the policy; so it does whether a subject is in debt, which costs nothing. */
    static @Nullable Shortcut of(
            LimitEnvironment environment, RateLimitPolicy policy, LimitState state, StoreKey key, long cost) {
        Allowance allowance = policy.allowance();
        if (allowance == null || cost == 0) {
            return null;
        }
        boolean remembers = environment.denials().serves(policy, state);
        LeaseTerms terms = allowance.lease();
        if (terms == null && !remembers) {
            return null;
        }
        Lease lease = terms == null ? null : environment.leases().of(policy, allowance.operations(), terms, key);
        return new Shortcut(environment, allowance, key, cost, remembers, lease);
    }

    /** The answer that needs no store; null if a store must be asked. */
    @Nullable
    RateReply known() {
        if (lease != null) {
            spent = lease.spend(cost, nowNanos);
            if (spent != null) {
                source = RateSource.LEASE;
                return spent.reply(cost, nowNanos);
            }
        }
        if (remembers) {
            RateReply known = environment.denials().find(key, limit, cost, nowNanos);
            if (known != null) {
                source = RateSource.CACHE;
                return known;
            }
            question = environment.denials().question(key, nowNanos);
        }
        return null;
    }

    /** Who has answered. */
    RateSource source() {
        return source;
    }

    /** Whom to ask about this limit alone. */
    AtomicStore store() {
        if (lease == null) {
            return environment.store();
        }
        boolean holdsOff = remembers && lease.terms().holdOffMicros() > 0;
        call = new LeaseCall(environment.leases(), lease, cost, holdsOff, environment.store());
        return call;
    }

    /** The question about this limit among others: also for what the process needs next. */
    Operation<RateReply> askJointly() {
        if (lease == null) {
            return limit.ask(cost);
        }
        environment.leases().expire(lease, nowNanos);
        resets = lease.resets();
        return limit.askUpTo(cost, lease.wanted(cost, nowNanos));
    }

    /** What the answer among others means for this call; {@code charged} says whether the call was charged at all. */
    RateReply answeredJointly(RateReply reply, boolean charged) {
        return lease != null && charged && reply.admitted()
                ? environment.leases().granted(lease, reply, cost, nowNanos, resets)
                : reply;
    }

    /** Takes note of an answer, which would be the same for {@code retryMicros} if it is a refusal. */
    void answered(RateReply reply, long retryMicros) {
        source = call == null ? RateSource.STORE : call.source();
        if (question == null || source != RateSource.STORE) {
            return;
        }
        RateReply shortage = call == null ? null : call.shortage();
        if (!reply.admitted()) {
            environment.denials().learn(question, key, limit, cost, reply, retryMicros, mostMicros);
        } else if (shortage != null) {
            environment.denials().learn(question, key, limit, 1, shortage, shortage.waitMicros(), mostMicros);
        }
    }

    /** Another limit refuses the call: what was spent for it is there again. */
    void putBack() {
        if (lease != null && spent != null && !spent.putBack(cost)) {
            environment.leases().giveBack(lease, cost);
        }
        spent = null;
    }
}
