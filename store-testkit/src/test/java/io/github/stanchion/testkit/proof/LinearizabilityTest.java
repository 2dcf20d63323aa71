package io.github.stanchion.testkit.proof;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** An order is found where there is one, and where there is none the event is named at which every order ends. */
class LinearizabilityTest {

    private final Check register = new Linearizability<>(new RegisterModel());
    private final Check lock = new Linearizability<>(new LockModel());

    private static Story story() {
        return new Story();
    }

    private static void accepts(Check check, Story story) {
        assertThat(check.violations(story.history())).isEmpty();
    }

    private static void rejects(Check check, Story story, int first, int second) {
        assertThat(check.violations(story.history())).singleElement().satisfies(violation -> {
            assertThat(violation.first()).isEqualTo(story.event(first));
            assertThat(violation.second()).isEqualTo(story.event(second));
            assertThat(violation.why()).contains("no order");
        });
    }

    @Test
    void acceptsReadsOnEitherSideOfAWriteUnderWay() {
        accepts(register, story().wrote("a", 0, 9, 0, 1).read("b", 1, 2, 0, 0).read("b", 3, 4, 0, 1));
    }

    @Test
    void rejectsAReadThatGoesBackBehindAWriteUnderWay() {
        rejects(register, story().wrote("a", 0, 9, 0, 1).read("b", 1, 2, 0, 1).read("b", 3, 4, 0, 0), 1, 2);
    }

    @Test
    void rejectsAReadOfWhatWasOverwritten() {
        rejects(register, story().wrote("a", 0, 1, 0, 1).wrote("b", 2, 3, 0, 2).read("c", 4, 5, 0, 1), 1, 2);
    }

    @Test
    void acceptsAnUnansweredWriteThatTakesEffectLateOrNever() {
        accepts(
                register,
                story().writeUnanswered("a", 0, 0, 1)
                        .wrote("b", 1, 2, 0, 2)
                        .read("c", 3, 4, 0, 2)
                        .read("c", 5, 6, 0, 1));
        accepts(register, story().writeUnanswered("a", 0, 0, 1).read("c", 5, 6, 0, 0));
    }

    @Test
    void rejectsAnUnansweredWriteThatTakesEffectTwiceOrBeforeItsStart() {
        rejects(
                register,
                story().writeUnanswered("a", 0, 0, 1)
                        .read("c", 1, 2, 0, 1)
                        .wrote("b", 3, 4, 0, 2)
                        .read("c", 5, 6, 0, 1),
                2,
                3);
        rejects(register, story().read("c", 1, 2, 0, 1).writeUnanswered("a", 3, 0, 1), 0, 0);
    }

    @Test
    void acceptsAFenceThatRefusesWhatIsLowerOnly() {
        accepts(
                register,
                story().wrote("a", 0, 1, 5, 1).writeRefused("b", 2, 3, 4, 2).read("c", 4, 5, 5, 1));
    }

    @Test
    void rejectsAFenceThatLetsALowerTokenPassOrRefusesAGreaterOne() {
        rejects(register, story().wrote("a", 0, 1, 5, 1).wrote("b", 2, 3, 4, 2), 0, 1);
        rejects(register, story().wrote("a", 0, 1, 5, 1).writeRefused("b", 2, 3, 6, 2), 0, 1);
    }

    @Test
    void acceptsAdditionsInTheOrderOfTheirSums() {
        accepts(register, story().added("a", 0, 9, 2).added("b", 1, 8, 1).read("c", 10, 11, 0, 2));
    }

    @Test
    void rejectsALostAddition() {
        rejects(register, story().added("a", 0, 1, 1).added("b", 2, 3, 2).added("c", 4, 5, 2), 1, 2);
    }

    @Test
    void acceptsAGrantToWhoeverAsksWhileTheFormerHolderReleases() {
        accepts(
                lock,
                story().granted("a", 0, 1, 1, 100)
                        .refused("b", 2, 3)
                        .released("a", 4, 9)
                        .granted("b", 5, 6, 2, 100)
                        .refused("c", 7, 8));
    }

    @Test
    void rejectsASecondGrantOrTheRefusalOfAFreeLock() {
        rejects(
                lock,
                story().granted("a", 0, 1, 1, 100).granted("b", 2, 3, 2, 100).released("a", 4, 5),
                0,
                1);
        rejects(lock, story().granted("a", 0, 1, 1, 100).released("a", 2, 3).refused("b", 4, 5), 1, 2);
    }

    @Test
    void acceptsAGrantAfterALeaseThatEnded() {
        accepts(lock, story().granted("a", 0, 1, 1, 100).granted("b", 100, 101, 2, 200));
        accepts(
                lock,
                story().granted("a", 0, 1, 1, 100).releaseUnanswered("a", 10).granted("b", 50, 51, 2, 200));
    }

    @Test
    void rejectsAGrantWithinALease() {
        rejects(lock, story().granted("a", 0, 1, 1, 100).granted("b", 98, 99, 2, 200), 0, 1);
    }

    @Test
    void acceptsRefusalsByARequestThatNobodyAnsweredAndItsEnd() {
        accepts(lock, story().unanswered("x", 0, 1).refused("a", 2, 3).granted("a", 4, 5, 2, 100));
    }

    @Test
    void rejectsARefusalOnceNobodyCanHoldTheLock() {
        rejects(
                lock,
                story().unanswered("x", 0, 1)
                        .granted("a", 2, 3, 2, 100)
                        .released("a", 4, 5)
                        .refused("b", 1, 6)
                        .granted("c", 7, 8, 3, 100)
                        .granted("d", 9, 10, 4, 99),
                4,
                5);
    }

    @Test
    void requestsThatNobodyAnsweredMakeNoSearchLonger() {
        Story story = story();
        for (int i = 0; i < 60; i++) {
            long at = 10L * i;
            story.unanswered("x" + i, i, i + 1);
            story.granted("a" + i, at, at + 1, i + 1, 10_000).released("a" + i, at + 2, at + 3);
        }
        Check inFewSteps = new Linearizability<>(new LockModel(), 300);
        accepts(inFewSteps, story);
        story.granted("b", 600, 601, 61, 10_000).granted("c", 602, 603, 62, 10_000);
        assertThat(inFewSteps.violations(story.history()))
                .singleElement()
                .satisfies(violation -> assertThat(violation.why()).contains("no order of the operations"));
    }

    @Test
    void rejectsTokensAgainstTheOrderOfGrants() {
        Story story = story().granted("a", 0, 1, 2, 100).released("a", 2, 3).granted("b", 4, 5, 1, 100);
        assertThat(lock.violations(story.history())).hasSize(1);
    }

    @Test
    void tokensSayWhoseTurnItIsAmongManyThatWait() {
        Story story = story();
        for (int i = 0; i < 12; i++) {
            story.granted("a" + i, 0, 1_000, i + 1, 10_000).released("a" + i, 1, 1_000);
        }
        story.granted("b", 2_000, 2_001, 13, 10_000).granted("c", 2_002, 2_003, 14, 10_000);

        assertThat(new Linearizability<>(new LockModel(), 300).violations(story.history()))
                .singleElement()
                .satisfies(violation -> assertThat(violation.why()).contains("no order of the operations"));
    }

    @Test
    void requestsThatNobodyAnsweredMayHaveBeenGranted() {
        accepts(lock, story().unanswered("x", 0, 1).released("x", 4, 5).granted("a", 6, 7, 2, 100));
        Story meanwhile = story().unanswered("x", 0, 1)
                .granted("a", 2, 3, 1, 100)
                .released("x", 4, 5)
                .released("a", 6, 7);
        assertThat(lock.violations(meanwhile.history())).hasSize(1);
    }

    @Test
    void saysSoIfTheSearchIsTooLongAndNeverThatAllIsWell() {
        Story story = story();
        for (int i = 0; i < 12; i++) {
            story.writeUnanswered("w" + i, 0, 0, i + 1);
        }
        story.read("c", 1, 2, 0, 99);

        assertThat(new Linearizability<>(new RegisterModel(), 10).violations(story.history()))
                .singleElement()
                .satisfies(violation -> assertThat(violation.why()).contains("in 10 steps"));
    }

    /** Histories that a real register made are accepted, and with one read turned into another they are not. */
    @Test
    @Timeout(60)
    void findsTheOrderOfAnyRealHistoryAndNoneOfASpoiltOne() {
        for (long seed = 0; seed < 200; seed++) {
            List<Event> events = played(new Random(seed));
            assertThat(register.violations(History.of(events)))
                    .as("seed %d", seed)
                    .isEmpty();

            int read = lastRead(events);
            Event seen = events.get(read);
            events.set(
                    read,
                    new Event(
                            seen.process(),
                            Action.READ,
                            seen.key(),
                            seen.owner(),
                            0,
                            -7,
                            seen.start(),
                            seen.end(),
                            Outcome.OK));
            assertThat(register.violations(History.of(events)))
                    .as("seed %d", seed)
                    .hasSize(1);
        }
    }

    private static int lastRead(List<Event> events) {
        int last = events.size() - 1;
        while (!events.get(last).is(Action.READ, Outcome.OK)) {
            last--;
        }
        return last;
    }

    /** Four callers of a register, each operation at a random instant between its random start and end, some unanswered. */
    private static List<Event> played(Random random) {
        List<Event> events = new ArrayList<>();
        long value = 0;
        long[] free = new long[4];
        long now = 0;
        for (int i = 0; i < 300; i++) {
            int caller = random.nextInt(4);
            now = Math.max(now, free[caller]) + 1 + random.nextInt(3);
            long start = Math.max(free[caller], now - random.nextInt(20));
            long end = now + random.nextInt(20);
            free[caller] = end + 1;
            boolean write = random.nextBoolean();
            boolean answered = random.nextInt(20) > 0;
            value = write ? i + 1 : value;
            events.add(new Event(
                    "w" + caller,
                    write ? Action.WRITE : Action.READ,
                    "register",
                    "w" + caller,
                    0,
                    value,
                    start,
                    answered ? end : Event.NEVER,
                    answered ? Outcome.OK : Outcome.UNKNOWN));
        }
        return events;
    }
}
