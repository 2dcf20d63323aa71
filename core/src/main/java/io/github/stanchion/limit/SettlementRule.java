package io.github.stanchion.limit;

import io.github.stanchion.annotation.CountedCalls;
import io.github.stanchion.guard.GuardExpression;
import io.github.stanchion.guard.GuardExpression.CallEnd;
import io.github.stanchion.guard.GuardedCall;
import io.github.stanchion.guard.GuardedMethod;
import io.github.stanchion.guard.Outcome;
import org.jspecify.annotations.Nullable;

/**
 * What a call costs in the end, once its outcome is known.
 *
 * @param count which calls count
 * @param refundWhen true = the call costs nothing; null for none
 * @param settle the real cost; null for none
 */
record SettlementRule(CountedCalls count, @Nullable GuardExpression refundWhen, @Nullable GuardExpression settle) {

    /** Every call costs what was reserved. */
    static final SettlementRule NONE = new SettlementRule(CountedCalls.ALWAYS, null, null);

    static SettlementRule of(CountedCalls count) {
        return count == CountedCalls.ALWAYS ? NONE : new SettlementRule(count, null, null);
    }

    boolean isNone() {
        return count == CountedCalls.ALWAYS && refundWhen == null && settle == null;
    }

    /**
     * The permits that the call costs.
     *
     * @throws RuntimeException whatever an expression throws, or if it comes to what no cost can be
     */
    long cost(String name, @Nullable GuardedCall call, Outcome outcome, long reserved, StatusResolver statuses) {
        if (outcome instanceof Outcome.Cancelled) {
            // Giving permits back here would let callers go round the limit by hanging up.
            return reserved;
        }
        if (outcome instanceof Outcome.NotRun) {
            return 0;
        }
        Object result = outcome instanceof Outcome.Returned returned ? returned.value() : null;
        Throwable error = outcome instanceof Outcome.Threw threw ? threw.error() : null;
        GuardedMethod method = call == null ? null : call.method();
        int status = statuses.status(method, result, error);
        if (call == null || refundWhen == null && settle == null) {
            return counts(status, error) ? reserved : 0;
        }
        CallEnd end = new CallEnd(result, error, status, reserved);
        if (refundWhen != null) {
            return RateCondition.holds(refundWhen.evaluate(call, end), "Condition for refunds", name) ? 0 : reserved;
        }
        return settle == null ? reserved : RateCost.of(settle.evaluate(call, end), "Real cost", name);
    }

    private boolean counts(int status, @Nullable Throwable error) {
        return switch (count) {
            case ALWAYS -> true;
            case SUCCESS -> error == null && status < 400;
            case FAILURE -> error != null || status >= 400;
            case CLIENT_ERROR -> status >= 400 && status < 500;
        };
    }
}
