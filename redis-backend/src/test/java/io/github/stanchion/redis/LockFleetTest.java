package io.github.stanchion.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.stanchion.testkit.proof.FencedRegister;
import io.github.stanchion.testkit.proof.MutualExclusion;
import io.github.stanchion.testkit.proof.RisingTokens;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The proof finds the faults of a lock that has them, with real processes. */
@Timeout(120)
class LockFleetTest {

    private OwnRedis server;
    private LockFleet fleet;

    @BeforeEach
    void start() {
        server = OwnRedis.start();
        fleet = LockFleet.start(3, server, CarelessLock.class, Duration.ofMillis(500));
    }

    @AfterEach
    void end() {
        fleet.close();
        server.close();
    }

    @Test
    void theFrozenHolderThatReleasesTheLockOfAnotherIsFound() {
        LockFleet.Member late = fleet.member(0);
        assertThat(late.ask("acquire doc 0")).isEqualTo("granted 1");
        late.stop();
        assertThat(fleet.member(1).ask("acquire doc 5000")).isEqualTo("granted 2");
        late.cont();
        assertThat(late.ask("release doc")).isEqualTo("true");
        assertThat(fleet.member(2).ask("acquire doc 0")).isEqualTo("granted 3");

        assertThat(new MutualExclusion().violations(fleet.history()))
                .singleElement()
                .satisfies(found -> {
                    assertThat(found.first().process()).isEqualTo("w1-1");
                    assertThat(found.second().process()).isEqualTo("w2-1");
                });
        new RisingTokens().verify(fleet.history());
    }

    @Test
    void tokensThatBeginAnewAfterALossAreFoundAndTheFenceRefusesThem() {
        fleet.member(0).ask("acquire doc 0");
        assertThat(fleet.member(0).ask("release doc")).isEqualTo("true");
        assertThat(fleet.member(0).ask("acquire doc 0")).isEqualTo("granted 2");
        assertThat(fleet.member(0).ask("write doc")).isEqualTo("true true");

        // Or it may renew in between, and learn that its lock is gone before the other has it.
        fleet.member(0).stop();
        server.command("FLUSHALL");
        assertThat(fleet.member(1).ask("acquire doc 0")).isEqualTo("granted 1");
        assertThat(fleet.member(1).ask("write doc")).isEqualTo("true false");
        fleet.member(0).cont();

        assertThat(new RisingTokens().violations(fleet.history())).isNotEmpty();
        assertThat(new MutualExclusion().violations(fleet.history())).hasSize(1);
        new FencedRegister().verify(fleet.history());
    }
}
