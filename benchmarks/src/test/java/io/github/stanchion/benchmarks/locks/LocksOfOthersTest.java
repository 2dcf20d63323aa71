package io.github.stanchion.benchmarks.locks;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.stanchion.redis.DrivenLock;
import io.github.stanchion.redis.LaggingReplica;
import io.github.stanchion.redis.LockFleet;
import io.github.stanchion.redis.OwnRedis;
import io.github.stanchion.testkit.proof.Check;
import io.github.stanchion.testkit.proof.FencedRegister;
import io.github.stanchion.testkit.proof.LivenessGap;
import io.github.stanchion.testkit.proof.MutualExclusion;
import io.github.stanchion.testkit.proof.RisingTokens;
import io.github.stanchion.testkit.proof.Violation;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The control group: the proof of our lock, run on those of others, finds the faults that they are known to have. A version that
 * has one no more fails here, and what is said of it elsewhere has to be corrected.
 */
@Tag("long")
@Timeout(120)
class LocksOfOthersTest {

    private static final Duration LEASE = Duration.ofSeconds(5);

    private static LockFleet fleet(OwnRedis server, Class<? extends DrivenLock> lock, Duration lease) {
        return LockFleet.start(2, server, lock, lease);
    }

    private static List<String> reasons(Check check, LockFleet fleet) {
        return check.violations(fleet.history()).stream().map(Violation::why).toList();
    }

    @Test
    void redissonsTokensBeginAnewAfterALossSoThatTheFenceLocksTheRightfulHolderOut() {
        try (OwnRedis server = OwnRedis.start();
                LockFleet fleet = fleet(server, RedissonFenced.class, LEASE)) {
            LockFleet.Member former = fleet.member(0);
            LockFleet.Member next = fleet.member(1);
            assertThat(former.ask("acquire doc 0")).isEqualTo("granted 1");
            assertThat(former.ask("release doc")).isEqualTo("true");
            assertThat(former.ask("acquire doc 0")).isEqualTo("granted 2");
            assertThat(former.ask("write doc")).isEqualTo("true true");
            assertThat(former.ask("release doc")).isEqualTo("true");

            server.command("FLUSHALL");
            assertThat(next.ask("acquire doc 0")).isEqualTo("granted 1");
            assertThat(next.ask("write doc")).isEqualTo("true false");

            assertThat(reasons(new RisingTokens(), fleet)).contains("tokens fell from one to the next");
            assertThat(reasons(new MutualExclusion(), fleet)).isEmpty();
        }
    }

    @Test
    void redissonGivesTwoHoldersOneTokenAfterAReplicaThatLaggedTookOverAndNoFenceTellsThemApart() {
        try (OwnRedis server = LaggingReplica.startPrimary();
                LaggingReplica replica = LaggingReplica.of(server);
                LockFleet fleet = fleet(server, RedissonFenced.class, Duration.ofSeconds(30))) {
            replica.cutOff();
            assertThat(fleet.member(0).ask("acquire doc 0")).isEqualTo("granted 1");
            fleet.member(1).redirect(replica.promote());
            assertThat(fleet.member(1).ask("acquire doc 10000")).isEqualTo("granted 1");
            assertThat(fleet.member(1).ask("write doc")).isEqualTo("true true");
            assertThat(fleet.member(0).ask("write doc")).isEqualTo("true true");

            assertThat(reasons(new MutualExclusion(), fleet)).hasSize(1);
            assertThat(reasons(new RisingTokens(), fleet)).containsExactly("both have token 1");
            // Not a violation of the fence, which allows equal tokens, but of what it is there for.
            assertThat(reasons(new FencedRegister(), fleet)).isEmpty();
        }
    }

    @Test
    void springsRegistryRenewsALockWhoseReleaseDidNotGetThroughForEver() {
        Duration lease = Duration.ofSeconds(6);
        try (OwnRedis server = OwnRedis.start();
                LockFleet fleet = fleet(server, SpringRegistry.class, lease)) {
            LockFleet.Member holder = fleet.member(0);
            assertThat(holder.ask("acquire doc 0")).startsWith("granted");
            holder.dropRequests();
            assertThat(holder.ask("release doc")).isEqualTo("false");
            holder.cutLine();

            assertThat(fleet.member(1).ask("acquire doc 15000")).isEqualTo("refused");
            Check alive = new LivenessGap(Duration.ofSeconds(1), lease, lease);
            assertThat(reasons(alive, fleet)).singleElement().asString().startsWith("the lock was free for ");
        }
    }

    @Test
    void springsRegistryWaitsAlmostTwiceAsLongAsItMay() {
        Duration wait = Duration.ofSeconds(2);
        try (OwnRedis server = OwnRedis.start();
                DrivenLock elsewhere = new SpringRegistry(server.uri(), "locks", Duration.ofMinutes(1));
                DrivenLock here = new SpringRegistry(server.uri(), "locks", Duration.ofMinutes(1))) {
            assertThat(elsewhere.acquire("doc", Duration.ZERO)).isNotNull();
            server.resetStats();
            CompletableFuture<?> first = CompletableFuture.runAsync(() -> here.acquire("doc", wait.minusMillis(300)));
            while (server.commandStats().getOrDefault("get", 0L) == 0) {
                Thread.onSpinWait();
            }
            long start = System.nanoTime();
            boolean refused = here.acquire("doc", wait) == null;
            long waited = System.nanoTime() - start;
            first.join();

            assertThat(refused).isTrue();
            assertThat(Duration.ofNanos(waited))
                    .isGreaterThan(wait.multipliedBy(3).dividedBy(2));
        }
    }
}
