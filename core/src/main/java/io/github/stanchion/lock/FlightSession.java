package io.github.stanchion.lock;

import io.github.stanchion.annotation.WaitOver;
import io.github.stanchion.guard.Move;
import io.github.stanchion.guard.Outcome;
import io.github.stanchion.lock.Flights.Flight;
import io.github.stanchion.lock.Flights.Landing;
import io.github.stanchion.store.StoreException;
import io.github.stanchion.store.StoreKey;
import io.github.stanchion.store.primitive.ValuePut;
import io.github.stanchion.store.primitive.ValueRead;
import io.github.stanchion.store.primitive.ValueReply;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * One call of a single flight: of all that come together, over all processes, one computes and the others get its result.
 *
 * <p>The calls of one process share a flight, whose leader alone goes to the store: it takes the lock, looks for a result that
 * another process has left meanwhile, computes if there is none, leaves its own, and lets all go at once. A leader that fails
 * is followed by another, twice at most.
 */
final class FlightSession extends LockSession {

    private static final Logger LOG = System.getLogger(FlightSession.class.getName());
    private static final int MOST_ELECTIONS = 2;

    private enum Step {
        FOLLOWING,
        TAKING,
        LOOKING_BEFORE_ASKING,
        LOOKING_AS_LEADER,
        PUTTING,
        RELEASING
    }

    private final ResultCodec codec;
    private Step step = Step.TAKING;
    private @Nullable Flight flight;
    private Landing landing = new Landing.Nothing();
    private Landing.@Nullable Value found;
    private int elections;

    FlightSession(LockEnvironment environment, LockPolicy policy, StoreKey key, ResultCodec codec) {
        super(environment, policy, List.of(key));
        this.codec = codec;
    }

    private StoreKey flightKey() {
        return policy().flightKey(key());
    }

    // In

    @Override
    Move take() {
        Flight joined = environment().flights().join(key(), this);
        flight = joined;
        if (joined.isLedBy(this)) {
            step = Step.TAKING;
            return super.take();
        }
        step = Step.FOLLOWING;
        long left = waiting().leftMicros();
        return left <= 0 ? waitOver(LockRefusal.HELD, null) : new Move.Pause(left, joined.landing());
    }

    private Move waitOver(LockRefusal reason, @Nullable StoreException trouble) {
        if (reason == LockRefusal.HELD && policy().waitOver() == WaitOver.COMPUTE) {
            decided(LockOutcome.UNLOCKED);
            return Move.admit();
        }
        return super.refused(reason, trouble);
    }

    @Override
    public Move paused() {
        if (step != Step.FOLLOWING) {
            return super.paused();
        }
        Landing end = flight == null ? null : flight.landing().getNow(null);
        if (end == null) {
            return waitOver(LockRefusal.HELD, null);
        }
        if (end instanceof Landing.Value value) {
            return shared(value);
        }
        if (end instanceof Landing.Failure failure) {
            elections++;
            if (policy().sharesErrors() || elections > MOST_ELECTIONS) {
                decided(LockOutcome.SHARED);
                return new Move.Fail(unchecked(failure.error()));
            }
        }
        return take();
    }

    private static RuntimeException unchecked(Throwable error) {
        return error instanceof RuntimeException unchecked ? unchecked : new CompletionException(error);
    }

    @Override
    public Move abandoned() {
        return step == Step.FOLLOWING ? super.refused(LockRefusal.INTERRUPTED, null) : super.abandoned();
    }

    private Move shared(Landing.Value value) {
        decided(LockOutcome.SHARED);
        return new Move.Answer(value.value());
    }

    /** Another process may have left what this one waits for. */
    @Override
    public Move beforeAskingAgain() {
        step = Step.LOOKING_BEFORE_ASKING;
        return look();
    }

    /** The lock is held; what another process has left meanwhile need not be computed again. */
    @Override
    Move held() {
        step = Step.LOOKING_AS_LEADER;
        return look();
    }

    private Move look() {
        return Move.ask(store(), flightKey(), new ValueRead(true));
    }

    @Override
    public Move answered(Object answer) {
        return switch (step) {
            case LOOKING_BEFORE_ASKING -> {
                Landing.Value value = usable((ValueReply) answer);
                step = Step.TAKING;
                yield value == null ? line().askAgain() : served(value);
            }
            case LOOKING_AS_LEADER -> lead(usable((ValueReply) answer));
            case PUTTING -> giveBack();
            default -> super.answered(answer);
        };
    }

    private LineTaker line() {
        return (LineTaker) taker();
    }

    private Move served(Landing.Value value) {
        line().leaveServed();
        land(value);
        return shared(value);
    }

    private Move lead(Landing.@Nullable Value value) {
        if (value == null) {
            step = Step.TAKING;
            return super.held();
        }
        found = value;
        land(value);
        return giveBack();
    }

    private Landing.@Nullable Value usable(ValueReply reply) {
        FlightResult result = FlightResult.of(reply);
        if (result == null || !result.serves(waiting().waitedMicros(), policy())) {
            return null;
        }
        try {
            return new Landing.Value(codec.decode(result.bytes()));
        } catch (Exception unreadable) {
            LOG.log(
                    Level.WARNING,
                    () -> "A shared result of lock '" + policy().name() + "' cannot be read; it is computed anew",
                    unreadable);
            return null;
        }
    }

    @Override
    public Move failed(StoreException trouble) {
        return switch (step) {
            case LOOKING_BEFORE_ASKING -> {
                step = Step.TAKING;
                yield line().askAgain();
            }
            case LOOKING_AS_LEADER -> lead(null);
            case PUTTING -> {
                LOG.log(Level.DEBUG, "A single-flight result could not be left for other processes", trouble);
                yield giveBack();
            }
            default -> super.failed(trouble);
        };
    }

    @Override
    public Move refused(LockRefusal reason, @Nullable StoreException trouble) {
        land(new Landing.Nothing());
        return waitOver(reason, trouble);
    }

    @Override
    public Move storeFailed(StoreException trouble) {
        Move verdict = super.storeFailed(trouble);
        if (!(verdict instanceof Move.Admit)) {
            land(new Landing.Nothing());
        }
        return verdict;
    }

    /** Others of this process need not wait for a leader that may not be alone any more. */
    @Override
    void lost() {
        super.lost();
        land(new Landing.Nothing());
    }

    private void land(Landing end) {
        Flight mine = flight;
        if (mine != null && mine.isLedBy(this)) {
            environment().flights().land(key(), mine, end);
        }
    }

    // Out

    @Override
    public boolean watchesOutcome() {
        return super.watchesOutcome() || flight != null && flight.isLedBy(this);
    }

    @Override
    public Move left(Outcome end) {
        landing = landing(end);
        if (lease() == null) {
            land(landing);
            return Move.admit();
        }
        if (landing instanceof Landing.Value value && lease().isHeld()) {
            land(landing);
            ValuePut put = encoded(value);
            if (put != null) {
                step = Step.PUTTING;
                return Move.ask(store(), flightKey(), put);
            }
        }
        return giveBack();
    }

    private static Landing landing(Outcome end) {
        if (end instanceof Outcome.Returned returned) {
            return new Landing.Value(returned.value());
        }
        return end instanceof Outcome.Threw threw ? new Landing.Failure(threw.error()) : new Landing.Nothing();
    }

    private @Nullable ValuePut encoded(Landing.Value value) {
        try {
            return FlightResult.put(policy(), environment().owners().next(), codec.encode(value.value()));
        } catch (Exception unwritable) {
            LOG.log(
                    Level.WARNING,
                    () -> "A result of lock '" + policy().name() + "' cannot be shared with other processes",
                    unwritable);
            return null;
        }
    }

    private Move giveBack() {
        step = Step.RELEASING;
        return release();
    }

    @Override
    public Move released(boolean known) {
        Move end = super.released(known);
        if (found != null) {
            return shared(found);
        }
        // Whoever lost the lock may not have been alone: its result is not handed on.
        land(end instanceof Move.Fail ? new Landing.Nothing() : landing);
        return end;
    }
}
