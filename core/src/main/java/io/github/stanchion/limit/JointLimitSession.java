package io.github.stanchion.limit;

import io.github.stanchion.guard.FailurePolicy;
import io.github.stanchion.guard.Move;
import io.github.stanchion.guard.Outcome;
import io.github.stanchion.guard.StoreUnavailableException;
import io.github.stanchion.store.JointResult;
import io.github.stanchion.store.KeyedOperation;
import io.github.stanchion.store.StepResult;
import io.github.stanchion.store.StoreException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;

/**
 * A call under several rate limits: one decision, which charges all of them or none.
 *
 * <p>Limits in shadow mode go along as advisory steps. A limit whose policy says more than the store can (no limit, no permit
 * at all, a cost above its capacity) takes no step.
 */
final class JointLimitSession implements RateLimitSession {

    private enum Phase {
        ASKING,
        WAITING,
        REPAIRING,
        GIVING_BACK,
        SETTLING
    }

    private final boolean mayWait;
    private final List<JointLimitPart> parts;

    /** Those whose answers are due, in the order of the steps sent. */
    private List<JointLimitPart> asked = List.of();

    private long[] unsettled = {};
    private Phase phase = Phase.ASKING;

    JointLimitSession(int limits, boolean mayWait) {
        this.mayWait = mayWait;
        this.parts = new ArrayList<>(limits);
    }

    /** Adds a limit, before the session begins; what is asked twice of one subject is asked once, for the sum. */
    void add(JointLimitPart next) {
        for (JointLimitPart part : parts) {
            if (part.absorbs(next)) {
                return;
            }
        }
        parts.add(next);
        next.environment().denials().decidesJointly(next.state());
    }

    @Override
    public Move begin() {
        return isRefused() || isKnownRefused() ? reject() : askAll(undecided());
    }

    private boolean isRefused() {
        for (JointLimitPart part : parts) {
            if (part.isDecided() && !part.isAdmitted()) {
                return true;
            }
        }
        return false;
    }

    /** Whether a limit is known to refuse: then no other is asked, nor charged. One in shadow mode just takes no step. */
    private boolean isKnownRefused() {
        boolean refused = false;
        for (JointLimitPart part : parts) {
            if (!part.isDecided() && part.isKnown()) {
                refused |= !part.isAdmitted();
            }
        }
        return refused;
    }

    private List<JointLimitPart> undecided() {
        List<JointLimitPart> undecided = new ArrayList<>(parts.size());
        for (JointLimitPart part : parts) {
            if (!part.isDecided()) {
                undecided.add(part);
            }
        }
        return undecided;
    }

    private Move askAll(List<JointLimitPart> deciding) {
        if (deciding.isEmpty()) {
            return admit();
        }
        asked = deciding;
        List<KeyedOperation<?>> steps = new ArrayList<>(deciding.size());
        for (JointLimitPart part : deciding) {
            steps.add(new KeyedOperation<>(part.key(), part.askJointly(), part.isShadow()));
        }
        return new Move.AskAll(deciding.get(0).store(), steps);
    }

    @Override
    public Move answered(Object answer) {
        switch (phase) {
            case REPAIRING -> {
                return reject();
            }
            case GIVING_BACK -> {
                noteSettled((List<?>) answer);
                return reject();
            }
            case SETTLING -> {
                noteSettled((List<?>) answer);
                return Move.admit();
            }
            default -> {
                return decided((JointResult) answer);
            }
        }
    }

    private Move decided(JointResult result) {
        boolean repaired = false;
        for (int i = 0; i < asked.size(); i++) {
            JointLimitPart part = asked.get(i);
            part.noteJointly((RateReply) result.results().get(i), result.admitted());
            repaired |= part.reply().repaired();
        }
        if (result.admitted()) {
            return longestWait() > 0 ? await() : admit();
        }
        return repaired ? repair() : reject();
    }

    /** A joint refusal has dropped the repairs, so each is sent alone, charging nothing. */
    private Move repair() {
        phase = Phase.REPAIRING;
        List<KeyedOperation<?>> steps = new ArrayList<>();
        for (JointLimitPart part : asked) {
            if (part.reply().repaired()) {
                steps.add(new KeyedOperation<>(part.key(), part.askNothing()));
            }
        }
        return new Move.AskEach(asked.get(0).store(), steps);
    }

    private long longestWait() {
        long longest = 0;
        for (JointLimitPart part : parts) {
            longest = part.waits() ? Math.max(longest, part.waitMicros()) : longest;
        }
        return longest;
    }

    private Move await() {
        if (!mayWait) {
            return abandoned();
        }
        for (JointLimitPart part : parts) {
            if (part.waits() && !part.enter()) {
                part.reject();
                return giveUp();
            }
        }
        phase = Phase.WAITING;
        return new Move.Pause(longestWait());
    }

    private Move giveUp() {
        leaveAll();
        phase = Phase.GIVING_BACK;
        return settleEach(part -> -part.reply().taken());
    }

    private void leaveAll() {
        parts.forEach(JointLimitPart::leave);
    }

    @Override
    public Move paused() {
        leaveAll();
        return admit();
    }

    @Override
    public Move abandoned() {
        for (JointLimitPart part : parts) {
            if (part.waits()) {
                part.reject();
            }
        }
        return giveUp();
    }

    @Override
    public Move failed(StoreException trouble) {
        switch (phase) {
            case REPAIRING -> {
                return reject();
            }
            case GIVING_BACK -> {
                noteLost();
                return reject();
            }
            case SETTLING -> {
                noteLost();
                return Move.admit();
            }
            default -> {
                return withoutStore(trouble);
            }
        }
    }

    /** The strictest answer of the policies concerned holds; those that go local decide together again. */
    private Move withoutStore(StoreException trouble) {
        if (asked.get(0).source() == RateSource.LOCAL) {
            return unavailable(asked.get(0), trouble, false);
        }
        List<JointLimitPart> local = new ArrayList<>(asked.size());
        JointLimitPart closed = null;
        JointLimitPart throwing = null;
        for (JointLimitPart part : asked) {
            FailurePolicy answer = part.degraded(trouble);
            if (answer == FailurePolicy.LOCAL) {
                local.add(part);
            }
            closed = answer == FailurePolicy.CLOSED && closed == null ? part : closed;
            throwing = answer == FailurePolicy.THROW && throwing == null ? part : throwing;
        }
        if (throwing != null) {
            return unavailable(throwing, trouble, true);
        }
        if (closed != null) {
            return unavailable(closed, trouble, false);
        }
        local.forEach(LimitUse::turnLocal);
        return askAll(local);
    }

    private Move unavailable(JointLimitPart part, StoreException trouble, boolean fails) {
        parts.forEach(LimitUse::putBack);
        part.unavailable();
        part.tell();
        StoreUnavailableException error =
                new StoreUnavailableException(RateLimitGuard.KIND, part.policy().name(), trouble);
        return fails ? new Move.Fail(error) : new Move.Reject(error);
    }

    private Move admit() {
        parts.forEach(LimitUse::tell);
        return Move.admit();
    }

    private Move reject() {
        parts.forEach(LimitUse::putBack);
        List<RateLimitVerdict> violations = new ArrayList<>(parts.size());
        for (JointLimitPart part : parts) {
            if (part.isDecided() && !part.isAdmitted()) {
                part.tell();
                violations.add(part.verdict());
            }
        }
        return new Move.Reject(new RateLimitExceededException(violations));
    }

    @Override
    public boolean watchesOutcome() {
        for (JointLimitPart part : parts) {
            if (part.isSettled()) {
                return true;
            }
        }
        return false;
    }

    @Override
    public Move left(Outcome outcome) {
        return settleEach(part -> part.isSettled() ? part.owed(outcome) : 0);
    }

    @Override
    public Move settleLater(long delta) {
        return settleEach(part -> delta);
    }

    private Move settleEach(ToLongFunction<JointLimitPart> owed) {
        if (phase != Phase.GIVING_BACK) {
            phase = Phase.SETTLING;
        }
        List<JointLimitPart> settling = new ArrayList<>(asked.size());
        List<KeyedOperation<?>> steps = new ArrayList<>(asked.size());
        long[] deltas = new long[asked.size()];
        for (JointLimitPart part : asked) {
            long delta = part.isCharged() ? owed.applyAsLong(part) : 0;
            if (delta != 0) {
                deltas[steps.size()] = delta;
                settling.add(part);
                steps.add(new KeyedOperation<>(part.key(), part.settle(delta)));
            }
        }
        if (steps.isEmpty()) {
            return phase == Phase.GIVING_BACK ? reject() : Move.admit();
        }
        asked = settling;
        unsettled = deltas;
        return new Move.AskEach(settling.get(0).store(), steps);
    }

    private void noteSettled(List<?> results) {
        for (int i = 0; i < asked.size(); i++) {
            if (results.get(i) instanceof StepResult.Done<?> done) {
                asked.get(i).settled((RateSettlement) done.result());
            } else {
                asked.get(i).lost(unsettled[i]);
            }
        }
    }

    private void noteLost() {
        for (int i = 0; i < asked.size(); i++) {
            asked.get(i).lost(unsettled[i]);
        }
    }

    @Override
    public RateLimitVerdict finding() {
        List<RateLimitVerdict> verdicts = new ArrayList<>(parts.size());
        for (JointLimitPart part : parts) {
            if (part.isDecided()) {
                verdicts.add(part.verdict());
            }
        }
        return RateLimitVerdict.joint(verdicts);
    }

    @Override
    public long reserved() {
        long most = 0;
        for (JointLimitPart part : parts) {
            most = part.isCharged() ? Math.max(most, part.reply().taken()) : most;
        }
        return most;
    }
}
