package io.github.stanchion.limit;

import io.github.stanchion.guard.FailurePolicy;
import io.github.stanchion.guard.GuardListeners;
import io.github.stanchion.guard.GuardMode;
import io.github.stanchion.guard.GuardedCall;
import io.github.stanchion.guard.Outcome;
import io.github.stanchion.store.AtomicStore;
import io.github.stanchion.store.Operation;
import io.github.stanchion.store.StoreException;
import io.github.stanchion.store.StoreKey;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One limit's part in one call, from the question to the settlement: what is asked, and what the answers mean. Who asks, and
 * in what order, is the session's business.
 *
 * <p>Used by one thread at a time.
 */
abstract sealed class LimitUse permits SingleLimitSession, JointLimitPart {

    private static final Logger LOG = System.getLogger(LimitUse.class.getName());

    private final LimitEnvironment environment;
    private final LimitState state;
    private final @Nullable GuardedCall call;
    private RateLimitPolicy policy;
    private @Nullable StoreKey key;
    private SettlementRule rule = SettlementRule.NONE;
    private long permits;
    private @Nullable RateReply reply;
    private @Nullable RateOutcome outcome;
    private RateSource source = RateSource.NONE;
    private boolean storeFailed;
    private @Nullable Shortcut shortcut;

    /** A use of the limit as it is now; what it asks for comes next. */
    LimitUse(LimitEnvironment environment, LiveLimit live, @Nullable GuardedCall call) {
        this.environment = environment;
        this.state = live.state();
        this.policy = live.policy();
        this.call = call;
    }

    // Preparing

    /**
     * Asks for permits, unless policy and cost alone say what comes of it.
     *
     * @param chosen the policy as the call's plan has it
     */
    final void ask(RateLimitPolicy chosen, StoreKey subject, long cost, SettlementRule settling) {
        policy = chosen;
        key = subject;
        permits = cost;
        rule = settling;
        outcome = chosen.foregone(cost);
    }

    /** Asks for more on the same subject. */
    final void askFor(long more) {
        permits += more;
        outcome = policy.foregone(permits);
    }

    /** Asks for nothing: the call is not limited, or admitted by nothing. */
    final void decide(RateLimitPolicy chosen, RateOutcome clear) {
        policy = chosen;
        outcome = clear.isAdmitted() || !isShadow() ? clear : RateOutcome.SHADOW_REJECTED;
    }

    /** Tells that the call has no key, and decides unless all such calls are one subject. */
    final boolean sharesWithoutKey(RateLimitPolicy chosen) {
        if (!environment.listeners().isEmpty()) {
            environment.listeners().tell(new RateLimitMissingKey(chosen.name(), chosen.onMissingKey()));
        }
        switch (chosen.onMissingKey()) {
            case SHARED -> {
                return true;
            }
            case DENY -> decide(chosen, RateOutcome.BLOCKED);
            case SKIP -> decide(chosen, RateOutcome.SKIPPED);
        }
        return false;
    }

    // What is known

    final LimitEnvironment environment() {
        return environment;
    }

    final RateLimitPolicy policy() {
        return policy;
    }

    final LimitState state() {
        return state;
    }

    final @Nullable GuardedCall call() {
        return call;
    }

    final boolean isDecided() {
        return outcome != null;
    }

    final RateOutcome outcome() {
        return Objects.requireNonNull(outcome);
    }

    final RateSource source() {
        return source;
    }

    /** Whether no store has decided because none could. */
    final boolean isStoreFailed() {
        return storeFailed;
    }

    final long permits() {
        return permits;
    }

    final @Nullable Allowance allowance() {
        return outcome == RateOutcome.SKIPPED || policy.allowance() == null ? null : limit();
    }

    /** Whether a store decides for both about the same subject. */
    final boolean isOfSameSubjectAs(LimitUse that) {
        return key != null && key.equals(that.key);
    }

    final boolean isShadow() {
        return policy.mode() == GuardMode.SHADOW;
    }

    final boolean isAdmitted() {
        return outcome().isAdmitted();
    }

    final long remaining() {
        if (reply != null) {
            return reply.remaining();
        }
        return allowance() == null ? policy.isBlocked() ? 0 : Long.MAX_VALUE : 0;
    }

    final long waitMicros() {
        return reply != null && reply.admitted() ? reply.waitMicros() : 0;
    }

    /** How long the same call would be refused: until the rest of its wait is one that the policy puts up with. */
    final long retryMicros() {
        if (reply == null) {
            return 0;
        }
        return reply.admitted() ? reply.waitMicros() : Math.max(1, reply.waitMicros() - policy.maxWaitMicros());
    }

    final long fullMicros() {
        return reply == null ? 0 : reply.fullMicros();
    }

    final RateLimitVerdict verdict() {
        return new RateLimitVerdict(this);
    }

    // Asking

    /** Whether this process can answer by itself, and has; false if a store must be asked. */
    final boolean isKnown() {
        Shortcut possible = Shortcut.of(environment, policy, state, key(), permits);
        shortcut = possible;
        RateReply known = possible == null ? null : possible.known();
        if (possible == null || known == null) {
            return false;
        }
        reply = known;
        source = possible.source();
        judge(known);
        return true;
    }

    /** Whom to ask, if this limit decides alone. */
    final AtomicStore asked() {
        return shortcut == null ? store() : shortcut.store();
    }

    public final AtomicStore store() {
        return source == RateSource.LOCAL ? environment.local() : environment.store();
    }

    public final StoreKey key() {
        return Objects.requireNonNull(key);
    }

    final Operation<RateReply> ask() {
        source = source == RateSource.NONE ? RateSource.STORE : source;
        return limit().ask(permits);
    }

    final Operation<RateReply> askJointly() {
        Operation<RateReply> plain = ask();
        return shortcut == null ? plain : shortcut.askJointly();
    }

    /** Asks for nothing, which repairs a state that a clock's step has left impossible. */
    final Operation<RateReply> askNothing() {
        return limit().ask(0);
    }

    /** What the policy allows, or this process's share of it. */
    private Allowance limit() {
        Allowance whole = Objects.requireNonNull(policy.allowance());
        return source == RateSource.LOCAL ? whole.share() : whole;
    }

    /** Whether the answer admits a guarded call at once, and nobody will ask for figures: then it need not be kept. */
    final boolean isPlain(RateReply answer) {
        return answer.admitted()
                && answer.waitMicros() == 0
                && call != null
                && shortcut == null
                && rule.isNone()
                && environment.listeners().isEmpty()
                && !state.isDegraded();
    }

    /** Takes note of the answer, and of the outcome if the call waits as long as it says. */
    final void note(RateReply answer) {
        reply = answer;
        if (shortcut != null) {
            shortcut.answered(answer, retryMicros());
            source = shortcut.source();
        }
        judge(answer);
        if (source == RateSource.STORE && state.isDegraded()) {
            recovered();
        }
    }

    private void judge(RateReply answer) {
        outcome = answer.admitted()
                ? answer.waitMicros() == 0 ? RateOutcome.ADMITTED : RateOutcome.DELAYED
                : isShadow() ? RateOutcome.SHADOW_REJECTED : RateOutcome.REJECTED;
    }

    /** As {@link #note}, among other limits; {@code charged} says whether all of them have admitted. */
    final void noteJointly(RateReply answer, boolean charged) {
        note(shortcut == null ? answer : shortcut.answeredJointly(answer, charged));
    }

    /** Another limit refuses the call, so that it has spent nothing here. */
    final void putBack() {
        if (shortcut != null) {
            shortcut.putBack();
        }
    }

    final RateReply reply() {
        return Objects.requireNonNull(reply);
    }

    final void reject() {
        outcome = RateOutcome.REJECTED;
    }

    final boolean waits() {
        return outcome == RateOutcome.DELAYED && !isShadow();
    }

    // Trouble

    /** What the policy does now that its store has failed: {@code OPEN} in shadow mode, which refuses nobody. */
    final FailurePolicy degraded(StoreException trouble) {
        FailurePolicy answer = isShadow() ? FailurePolicy.OPEN : policy.onStoreFailure();
        if (state.failed(environment.denials().now())) {
            LOG.log(Level.WARNING, () -> "Store of " + policy + " failed; " + answer + " until it is back", trouble);
            environment.listeners().tell(new RateLimitDegraded(policy.name(), answer, trouble));
        }
        if (answer == FailurePolicy.OPEN) {
            source = RateSource.NONE;
            storeFailed = true;
            outcome = RateOutcome.SKIPPED;
        }
        return answer;
    }

    /** From now on this process's share decides. */
    final void turnLocal() {
        source = RateSource.LOCAL;
        permits = Math.min(permits, limit().capacity());
        shortcut = null;
    }

    final void unavailable() {
        storeFailed = true;
        source = RateSource.NONE;
        outcome = RateOutcome.REJECTED;
    }

    /** The local share stays as used as it is: some keys' servers may still be away, and no return grants it anew. */
    private void recovered() {
        if (state.recovered(environment.denials().now())) {
            LOG.log(Level.INFO, () -> "Store of " + policy + " is back");
            environment.listeners().tell(new RateLimitRecovered(policy.name()));
        }
    }

    // Settling

    /** Whether permits of this limit are charged, or could have been. */
    final boolean isCharged() {
        return reply != null && reply.admitted();
    }

    final boolean isSettled() {
        return !rule.isNone() && isCharged();
    }

    /** The permits still to be charged now that the call is over; negative: to be given back. */
    final long owed(Outcome end) {
        RateReply reserved = reply();
        try {
            return rule.cost(policy.name(), call, end, reserved.taken(), environment.statuses()) - reserved.taken();
        } catch (RuntimeException trouble) {
            // An expression that fails once may well fail at each call.
            Level level = state.firstUnknownCost() ? Level.WARNING : Level.DEBUG;
            LOG.log(level, () -> "Real cost of a call under " + policy + " is unknown; it stays as reserved", trouble);
            lost(0);
            return 0;
        }
    }

    final Operation<RateSettlement> settle(long delta) {
        if (delta < 0) {
            givenBack();
        }
        return limit().settle(delta, reply().stamp());
    }

    final Operation<RateSettlement> giveBack() {
        return settle(-reply().taken());
    }

    final void settled(RateSettlement settlement) {
        if (settlement.returned() > 0) {
            givenBack();
        }
        if (!environment.listeners().isEmpty()) {
            tellIfAny(RateLimitSettled.Outcome.REFUNDED, settlement.returned());
            tellIfAny(RateLimitSettled.Outcome.CHARGED, settlement.charged());
        }
        tellIfAny(RateLimitSettled.Outcome.FORGIVEN, settlement.forgiven());
    }

    private void tellIfAny(RateLimitSettled.Outcome what, long howMany) {
        if (howMany > 0) {
            environment.listeners().tell(new RateLimitSettled(policy.name(), what, howMany));
        }
    }

    /** A refusal that this process remembers need not hold any more, and those that it hears need not either. */
    private void givenBack() {
        state.givesBack();
        environment.denials().forget(key());
    }

    final void lost(long howMany) {
        if (!environment.listeners().isEmpty()) {
            environment
                    .listeners()
                    .tell(new RateLimitSettled(policy.name(), RateLimitSettled.Outcome.LOST, Math.abs(howMany)));
        }
    }

    // Telling

    final void tell() {
        GuardListeners listeners = environment.listeners();
        if (!listeners.isEmpty() || !isAdmitted() && listeners.hearRejections()) {
            listeners.tell(new RateLimitDecision(verdict(), key, call));
        }
    }
}
