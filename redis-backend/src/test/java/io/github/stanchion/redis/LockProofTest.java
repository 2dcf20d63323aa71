package io.github.stanchion.redis;

import io.github.stanchion.testkit.proof.Action;
import io.github.stanchion.testkit.proof.Check;
import io.github.stanchion.testkit.proof.FencedRegister;
import io.github.stanchion.testkit.proof.Linearizability;
import io.github.stanchion.testkit.proof.LivenessGap;
import io.github.stanchion.testkit.proof.LockModel;
import io.github.stanchion.testkit.proof.LostUpdates;
import io.github.stanchion.testkit.proof.MutualExclusion;
import io.github.stanchion.testkit.proof.Outcome;
import io.github.stanchion.testkit.proof.RegisterModel;
import io.github.stanchion.testkit.proof.RisingTokens;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a lock on Redis promises, by several processes and against a nemesis. */
@Timeout(180)
class LockProofTest {

    private static final Duration LEASE = Duration.ofMillis(600);
    private static final Duration GRACE = Duration.ofMillis(250);

    private static final String[] PERSISTENT = {"--appendonly", "yes", "--appendfsync", "always"};

    private static final Check EXCLUSIVE = new MutualExclusion();
    private static final Check TOKENS = new RisingTokens();
    private static final Check FENCE = new FencedRegister();
    private static final Check REGISTERS = history -> new Linearizability<>(new RegisterModel())
            .violations(history.only(event -> event.key().startsWith(Protected.register(""))));
    private static final Check LIVE = new LivenessGap(LockProof.SOON, GRACE, LEASE.plus(GRACE));

    /** But for refusals: a grant that came too late and was given back held the lock for a moment. */
    private static final Check LOCKS = history -> new Linearizability<>(new LockModel())
            .violations(history.only(event -> event.action() != Action.ACQUIRE || event.outcome() != Outcome.FAIL));

    private static LockProof proof(int workers, Set<Nemesis.Fault> faults, int times) {
        return new LockProof(StanchionLock.class, workers, LEASE, faults, times);
    }

    @Test
    void noTwoHoldTheLockWhileNoDataIsLost() {
        exclusive(4, 1, EXCLUSIVE, TOKENS, FENCE, LIVE, REGISTERS, LOCKS);
    }

    /** But for the search for an order of all that was done, which takes hours for so much. */
    @Test
    @Tag("long")
    @Timeout(1_200)
    void noTwoHoldTheLockWhileNoDataIsLostForLong() {
        exclusive(8, 40, EXCLUSIVE, TOKENS, FENCE, LIVE);
    }

    private static void exclusive(int workers, int times, Check... checks) {
        try (OwnRedis server = OwnRedis.start(PERSISTENT)) {
            proof(workers, Nemesis.Fault.HARMLESS, times).run(server, checks);
        }
    }

    @Test
    @Tag("long")
    @Timeout(1_200)
    void noUpdateIsLostWhileNobodyIsFrozenAmidOne() {
        try (OwnRedis server = OwnRedis.start(PERSISTENT)) {
            proof(8, Nemesis.Fault.PROMPT, 40).run(server, new LostUpdates(), EXCLUSIVE, TOKENS, FENCE, LIVE);
        }
    }

    @Test
    void noStaleWriteIsAcceptedThoughDataIsLost() {
        fenced(4, 1, FENCE, TOKENS, LIVE, REGISTERS);
    }

    @Test
    @Tag("long")
    @Timeout(1_200)
    void noStaleWriteIsAcceptedThoughDataIsLostForLong() {
        fenced(8, 40, FENCE, TOKENS, LIVE);
    }

    /** Two may hold the lock here. The fence, and tokens that rise all the same, are what remains. */
    private static void fenced(int workers, int times, Check... checks) {
        try (OwnRedis server = OwnRedis.start()) {
            proof(workers, Nemesis.Fault.CONFUSING, times).run(server, checks);
        }
    }
}
