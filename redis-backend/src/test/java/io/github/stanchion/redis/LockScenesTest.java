package io.github.stanchion.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.stanchion.lock.LockPolicies;
import io.github.stanchion.lock.Locks;
import io.github.stanchion.testkit.proof.Action;
import io.github.stanchion.testkit.proof.Event;
import io.github.stanchion.testkit.proof.FencedRegister;
import io.github.stanchion.testkit.proof.History;
import io.github.stanchion.testkit.proof.LostUpdates;
import io.github.stanchion.testkit.proof.MutualExclusion;
import io.github.stanchion.testkit.proof.Outcome;
import io.github.stanchion.testkit.proof.RisingTokens;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.Timeout;

/** Single scenes between processes that share a lock, each with the outcome that the lock promises. */
@Timeout(120)
class LockScenesTest {

    private static final Duration LEASE = Duration.ofMillis(1_500);
    private static final Duration GRACE = Duration.ofMillis(250);
    private static final Duration SLACK = Duration.ofMillis(100);

    private static OwnRedis server;
    private static LockFleet fleet;
    private static RedisStore store;
    private static Locks seen;
    private static LockFleet.Member one;
    private static LockFleet.Member two;
    private static LockFleet.Member three;

    /** The lock of the scene. */
    private String key;

    @BeforeAll
    static void start() {
        server = LaggingReplica.startPrimary();
        fleet = LockFleet.start(3, server, StanchionLock.class, LEASE);
        store = TestStores.on(server).build();
        seen = Locks.builder(LockPolicies.builder().keyPrefix(fleet.prefix()).build(), store)
                .build();
        one = fleet.member(0);
        two = fleet.member(1);
        three = fleet.member(2);
    }

    @AfterAll
    static void end() {
        seen.close();
        store.close();
        fleet.close();
        server.close();
    }

    @BeforeEach
    void name(TestInfo scene) {
        key = scene.getTestMethod().orElseThrow().getName();
    }

    /** What happened to the lock of this scene, and to processes. */
    private History history() {
        return fleet.history().only(event -> event.key().endsWith(key) || event.action() == Action.END);
    }

    /** Asks until the store answers: what broke its line to it is over, but not yet known everywhere. */
    private void granted(LockFleet.Member member, int waitMillis) {
        String[] answer = {""};
        Load.await("the store answers", () -> {
            answer[0] = member.ask("acquire " + key + " " + waitMillis);
            return !answer[0].startsWith("unknown");
        });
        assertThat(answer[0]).startsWith("granted");
    }

    /** What an earlier scene did to the server is over for this process. */
    private void reachTheStore(LockFleet.Member member) {
        granted(member, 10_000);
        member.ask("release " + key);
    }

    @Test
    void processesWorkOneAfterTheOther() {
        List<LockFleet.Member> all = List.of(one, two, three);
        all.forEach(member -> member.tell("hold " + key + " 10000 1500"));
        assertThat(all).extracting(LockFleet.Member::answer).containsOnly("true true");

        History history = history();
        new MutualExclusion().verify(history);
        new RisingTokens().verify(history);
        Event last = last(history, Action.RELEASE);
        Event first = history.events().get(0);
        assertThat(Duration.ofNanos(last.end() - first.start())).isGreaterThanOrEqualTo(Duration.ofMillis(4_500));
    }

    @Test
    void aLockIsFreeOnceTheLeaseOfItsKilledHolderHasEnded() {
        try (Stalls stalls = new Stalls()) {
            granted(one, 0);
            two.tell("acquire " + key + " 10000");
            one.kill();
            assertThat(two.answer()).startsWith("granted");
            one.restart(0);
            two.ask("release " + key);

            History history = history();
            new MutualExclusion().verify(history);
            long waited = last(history, Action.ACQUIRE).end()
                    - last(history, Action.END).end();
            assertThat(Duration.ofNanos(waited))
                    .isLessThanOrEqualTo(LEASE.plus(GRACE).plus(SLACK).plus(stalls.longest()));
        }
    }

    @Test
    void theWaiterBehindAKilledOneIsGrantedTheLockSoon() {
        try (Stalls stalls = new Stalls()) {
            granted(one, 0);
            queue(two, 1);
            queue(three, 2);
            two.stop();
            assertThat(one.ask("release " + key)).isEqualTo("true");
            two.kill();
            assertThat(three.answer()).startsWith("granted");
            two.restart(0);
            three.ask("release " + key);

            assertGrantedSoonAfterTheRelease(stalls);
        }
    }

    @Test
    void aWaiterIsGrantedTheLockSoonThoughNobodyMayPublish() {
        server.command("ACL", "SETUSER", "default", "-publish");
        try (Stalls stalls = new Stalls()) {
            granted(one, 0);
            queue(two, 1);
            assertThat(one.ask("release " + key)).isEqualTo("true");
            assertThat(two.answer()).startsWith("granted");
            assertGrantedSoonAfterTheRelease(stalls);
            two.ask("release " + key);
        } finally {
            server.command("ACL", "SETUSER", "default", "+publish");
        }
    }

    private void assertGrantedSoonAfterTheRelease(Stalls stalls) {
        History history = history();
        new MutualExclusion().verify(history);
        long waited = last(history, Action.ACQUIRE).end()
                - last(history, Action.RELEASE).end();
        assertThat(Duration.ofNanos(waited))
                .isLessThanOrEqualTo(Duration.ofSeconds(1).plus(SLACK).plus(stalls.longest()));
    }

    /** Has a process wait for the lock at this place in line, asking until the store answers. */
    private void queue(LockFleet.Member member, int place) {
        member.tell("acquire " + key + " 30000");
        Load.await("processes stand in line", () -> {
            if (member.hasAnswered()) {
                assertThat(member.answer()).startsWith("unknown");
                member.tell("acquire " + key + " 30000");
            }
            return seen.inspect(StanchionLock.NAME, key).waiters() == place;
        });
    }

    private static Event last(History history, Action action) {
        List<Event> all = history.events().stream()
                .filter(event -> event.action() == action && event.outcome() == Outcome.OK)
                .toList();
        return all.get(all.size() - 1);
    }

    @Test
    void aHolderThatSleptPastItsLeaseKnowsAndItsWriteIsRefused() {
        sleep(3);
    }

    @Test
    @Tag("long")
    @Timeout(600)
    void aHolderThatSleptPastItsLeaseKnowsAndItsWriteIsRefusedFiftyTimes() {
        sleep(50);
    }

    private void sleep(int rounds) {
        for (int i = 0; i < rounds; i++) {
            granted(one, 0);
            one.ask("read " + key);
            one.stop();
            granted(two, 10_000);
            two.ask("read " + key);
            assertThat(two.ask("write " + key)).isEqualTo("true true");
            two.ask("add " + key);
            one.cont();
            assertThat(one.ask("write " + key)).isEqualTo("false false");
            assertThat(one.ask("release " + key)).isEqualTo("false");
            assertThat(two.ask("release " + key)).isEqualTo("true");
        }
        new MutualExclusion().verify(history());
        new FencedRegister().verify(history());
        new LostUpdates().verify(history());
    }

    @Test
    void noOrderOfSeveralLocksMakesTheirTakersWaitForOneAnother() {
        List<LockFleet.Member> all = List.of(one, two, three);
        all.forEach(this::reachTheStore);
        all.forEach(member -> member.tell("sets " + all.indexOf(member) + " 170 2 2 10000"));
        assertThat(all).extracting(LockFleet.Member::answer).containsOnly("170 0 0");

        History sets = fleet.history().only(event -> event.key().startsWith("set-"));
        new MutualExclusion().verify(sets);
        new RisingTokens().verify(sets);
    }

    @Test
    void nothingIsHeldOfWhatAKilledProcessTookTogetherOnceItsLeaseHasEnded() {
        reachTheStore(one);
        reachTheStore(two);
        one.tell("sets 7 1000000 10 3 10000");
        two.tell("sets 8 100 10 3 10000");
        assertThat(two.answer()).isEqualTo("100 0 0");
        one.kill();
        one.restart(0);
        two.tell("sets 9 1 10 10 10000");
        assertThat(two.answer()).isEqualTo("1 0 0");
    }

    @Test
    void noStaleWriteIsAcceptedAfterTheServerForgotAll() {
        forget(200, () -> server.command("FLUSHALL"));
    }

    @Test
    void noStaleWriteIsAcceptedAfterTheServerWasRestartedEmpty() {
        forget(5, this::restart);
    }

    @Test
    @Tag("long")
    @Timeout(600)
    void noStaleWriteIsAcceptedThoughTheServerWasRestartedEmptyTwoHundredTimes() {
        forget(200, this::restart);
    }

    private void restart() {
        server.kill();
        server.restart();
    }

    /** Two hold the lock; the first must not overwrite what the second wrote. */
    private void forget(int rounds, Runnable loss) {
        for (int i = 0; i < rounds; i++) {
            granted(one, 10_000);
            loss.run();
            granted(two, 10_000);
            assertThat(two.ask("write " + key)).isEqualTo("true true");
            assertThat(one.ask("write " + key)).endsWith(" false");
            one.ask("release " + key);
            assertThat(two.ask("release " + key)).isEqualTo("true");
        }
        new FencedRegister().verify(history());
        new RisingTokens().verify(history());
    }

    @Test
    void noStaleWriteIsAcceptedAfterAReplicaThatWasCutOffTookOver() {
        promote(3);
    }

    @Test
    @Tag("long")
    @Timeout(1_200)
    void noStaleWriteIsAcceptedThoughAReplicaThatWasCutOffTookOverTwoHundredTimes() {
        promote(200);
    }

    private void promote(int rounds) {
        try (LaggingReplica replica = LaggingReplica.of(server)) {
            for (int i = 0; i < rounds; i++) {
                replica.cutOff();
                granted(one, 10_000);
                two.redirect(replica.promote());
                granted(two, 10_000);
                assertThat(two.ask("write " + key)).isEqualTo("true true");
                assertThat(one.ask("write " + key)).isEqualTo("true false");

                one.ask("release " + key);
                two.ask("release " + key);
                two.redirect(server);
                replica.follow();
            }
        }
        new FencedRegister().verify(history());
        new RisingTokens().verify(history());
        // Else no replica lagged.
        assertThat(new MutualExclusion().violations(history())).hasSize(rounds);
    }
}
