package io.github.stanchion.testkit.proof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Each check accepts what is allowed, however close to what is not, and of what is not names the two events. */
class ChecksTest {

    private static Story story() {
        return new Story();
    }

    private static void accepts(Check check, Story story) {
        assertThat(check.violations(story.history())).isEmpty();
    }

    /** The check finds one violation, of the events of those places in the story. */
    private static void rejects(Check check, Story story, int first, int second, String why) {
        assertThat(check.violations(story.history())).singleElement().satisfies(violation -> {
            assertThat(violation.first()).isEqualTo(story.event(first));
            assertThat(violation.second()).isEqualTo(story.event(second));
            assertThat(violation.why()).contains(why);
        });
        assertThatThrownBy(() -> check.verify(story.history()))
                .isInstanceOf(AssertionError.class)
                .hasMessageContainingAll(
                        story.event(first).toString(), story.event(second).toString());
    }

    @Nested
    class Exclusion {

        private final Check check = new MutualExclusion();

        @Test
        void acceptsOneAfterTheOther() {
            accepts(
                    check,
                    story().granted("a", 0, 1, 1, 100).released("a", 10, 12).granted("b", 2, 12, 2, 100));
        }

        @Test
        void acceptsAGrantBetweenTheStartOfTheReleaseAndItsAnswer() {
            accepts(
                    check,
                    story().granted("a", 0, 1, 1, 100).released("a", 10, 20).granted("b", 2, 11, 2, 100));
        }

        @Test
        void acceptsAGrantAfterTheLeaseOfAHolderThatVanished() {
            accepts(check, story().granted("a", 0, 1, 1, 100).granted("b", 2, 100, 2, 200));
        }

        @Test
        void acceptsAGrantAfterItsFormerHolderSawTheLeaseLost() {
            accepts(check, story().granted("a", 0, 1, 1, 100).lost("a", 50).granted("b", 2, 50, 2, 200));
        }

        @Test
        void acceptsASecondHolderOfAnotherLock() {
            accepts(check, story().granted("a", 0, 1, 1, 100).on("other").granted("b", 2, 3, 1, 100));
        }

        @Test
        void rejectsAGrantBeforeTheRelease() {
            rejects(
                    check,
                    story().granted("a", 0, 1, 1, 100).released("a", 30, 31).granted("b", 2, 29, 2, 100),
                    0,
                    2,
                    "counts on it until 30000000");
        }

        @Test
        void rejectsAGrantWithinTheLeaseOfAHolderThatVanished() {
            rejects(check, story().granted("a", 0, 1, 1, 100).granted("b", 2, 99, 2, 200), 0, 1, "100000000");
        }

        @Test
        void rejectsAGrantWithinTheLeaseAsRenewed() {
            rejects(
                    check,
                    story().granted("a", 0, 1, 1, 100).held("a", 90, 190).granted("b", 2, 189, 2, 300),
                    0,
                    2,
                    "190000000");
        }

        @Test
        void rejectsASecondHolderBehindAThirdThatWasShort() {
            rejects(
                    check,
                    story().granted("a", 0, 1, 1, 10)
                            .released("a", 5, 6)
                            .granted("b", 2, 7, 2, 100)
                            .granted("c", 2, 50, 3, 60),
                    2,
                    3,
                    "100000000");
        }
    }

    @Nested
    class Tokens {

        private final Check check = new RisingTokens();

        @Test
        void acceptsTokensThatRise() {
            accepts(
                    check,
                    story().granted("a", 0, 1, 7, 9).granted("b", 2, 3, 8, 9).granted("a", 4, 5, 12, 99));
        }

        @Test
        void acceptsLowerTokensOfAnotherLock() {
            accepts(check, story().granted("a", 0, 1, 7, 9).on("other").granted("b", 2, 3, 6, 9));
        }

        @Test
        void acceptsEitherOrderOfGrantsThatWereOnTheirWayTogether() {
            accepts(check, story().granted("a", 0, 10, 8, 9).granted("b", 5, 6, 7, 9));
        }

        @Test
        void rejectsATokenGivenTwice() {
            rejects(check, story().granted("a", 0, 5, 7, 9).granted("b", 2, 6, 7, 9), 0, 1, "both have token 7");
        }

        @Test
        void rejectsATokenThatFell() {
            rejects(check, story().granted("a", 0, 1, 7, 9).granted("b", 2, 3, 1, 9), 0, 1, "fell");
        }

        @Test
        void rejectsATokenBelowThatOfAnEarlierGrantThanTheLast() {
            rejects(
                    check,
                    story().granted("a", 0, 1, 9, 2).granted("b", 0, 3, 5, 4).granted("c", 4, 5, 7, 6),
                    0,
                    2,
                    "fell");
        }
    }

    @Nested
    class Fence {

        private final Check check = new FencedRegister();

        @Test
        void acceptsWritesWithTokensThatRiseAndTheRefusalOfLowerOnes() {
            accepts(
                    check,
                    story().wrote("a", 0, 1, 5, 1)
                            .wrote("a", 2, 3, 5, 2)
                            .read("c", 3, 4, 5, 2)
                            .wrote("b", 4, 5, 6, 3)
                            .writeRefused("a", 6, 7, 5, 4));
        }

        @Test
        void acceptsEitherOrderOfWritesThatWereOnTheirWayTogether() {
            accepts(check, story().wrote("b", 0, 10, 6, 3).wrote("a", 5, 6, 5, 4));
        }

        @Test
        void acceptsARefusalByAWriteThatNobodySawEnd() {
            accepts(check, story().writeUnanswered("b", 0, 6, 3).writeRefused("a", 5, 6, 5, 4));
        }

        @Test
        void rejectsAStaleWriteThatWasAccepted() {
            rejects(check, story().wrote("b", 0, 1, 6, 3).wrote("a", 2, 3, 5, 4), 0, 1, "stale write");
        }

        @Test
        void rejectsAStaleWriteAfterTheNewerOneWasSeenThoughItsWriterNeverHeard() {
            rejects(
                    check,
                    story().writeUnanswered("b", 0, 6, 3).read("c", 1, 2, 6, 3).wrote("a", 3, 4, 5, 4),
                    1,
                    2,
                    "stale write");
        }

        @Test
        void rejectsAReadThatGoesBack() {
            rejects(check, story().wrote("b", 0, 1, 6, 3).read("c", 2, 3, 5, 4), 0, 1, "older write is back");
        }

        @Test
        void rejectsARefusalWithoutReason() {
            rejects(check, story().wrote("a", 0, 1, 5, 3).writeRefused("b", 2, 3, 6, 4), 0, 1, "was refused");
        }

        @Test
        void rejectsARefusalByAWriteThatCameLater() {
            rejects(check, story().writeRefused("a", 0, 1, 5, 3).wrote("b", 2, 3, 6, 4), 0, 0, "was refused");
        }
    }

    @Nested
    class Counter {

        private final Check check = new LostUpdates();

        @Test
        void acceptsACountOfAllAdditions() {
            accepts(check, story().added("a", 0, 1, 1).added("b", 2, 3, 2).read("c", 4, 5, 0, 2));
        }

        @Test
        void acceptsTheAdditionOfAKilledProcessAndItsAbsence() {
            accepts(
                    check,
                    story().added("a", 0, 1, 1).additionUnanswered("b", 2, 2).read("c", 4, 5, 0, 2));
            accepts(
                    check,
                    story().added("a", 0, 1, 1).additionUnanswered("b", 2, 2).read("c", 4, 5, 0, 1));
        }

        @Test
        void acceptsAReadAmidAnAddition() {
            accepts(check, story().added("a", 0, 1, 1).added("b", 2, 9, 2).read("c", 4, 5, 0, 1));
        }

        @Test
        void rejectsOneSumWrittenTwice() {
            rejects(check, story().added("a", 0, 5, 1).added("b", 1, 6, 1), 0, 1, "both wrote the sum 1");
        }

        @Test
        void rejectsASumThatFell() {
            rejects(check, story().added("a", 0, 1, 2).added("b", 2, 3, 1), 0, 1, "fell");
        }

        @Test
        void rejectsACountThatMissesAnAddition() {
            rejects(
                    check,
                    story().additionUnanswered("x", 0, 1)
                            .added("a", 0, 9, 3)
                            .added("b", 1, 9, 2)
                            .read("c", 10, 11, 0, 4),
                    2,
                    3,
                    "between 2 and 3 additions were made, 4 are read");
        }

        @Test
        void rejectsACountOfTooMany() {
            rejects(check, story().added("a", 0, 1, 1).read("c", 4, 5, 0, 2), 0, 1, "between 1 and 1 additions");
        }
    }

    @Nested
    class Liveness {

        private final Check check =
                new LivenessGap(Duration.ofMillis(20), Duration.ofMillis(50), Duration.ofMillis(100));

        @Test
        void acceptsAGrantSoonAfterTheRelease() {
            accepts(
                    check,
                    story().granted("a", 0, 1, 1, 1_000).released("a", 500, 501).granted("b", 2, 521, 2, 2_000));
        }

        @Test
        void acceptsALockThatNobodyWaitsFor() {
            accepts(check, story().granted("a", 0, 1, 1, 90).released("a", 2, 3).granted("b", 800, 801, 2, 900));
        }

        @Test
        void acceptsAGrantSoonAfterTheLeaseOfAHolderThatVanished() {
            accepts(check, story().granted("a", 0, 1, 1, 300).granted("b", 2, 370, 2, 2_000));
        }

        @Test
        void acceptsAWaitWhileAVanishedRequestMayHoldTheLock() {
            accepts(check, story().unanswered("x", 0, 10).granted("b", 2, 130, 2, 2_000));
            accepts(
                    check,
                    story().unanswered("x", 0, Story.NEVER).killed("x", 30).granted("b", 2, 150, 2, 2_000));
        }

        @Test
        void acceptsAWaitAmidAFaultAndSoonAfterIt() {
            accepts(
                    check,
                    story().granted("a", 0, 1, 1, 900)
                            .released("a", 2, 3)
                            .fault("stop-server", 10, 500)
                            .granted("b", 2, 519, 2, 2_000));
        }

        @Test
        void rejectsALostWakeUp() {
            rejects(
                    check,
                    story().granted("a", 0, 1, 1, 1_000).released("a", 500, 501).granted("b", 2, 522, 2, 2_000),
                    1,
                    2,
                    "free for 21 ms");
        }

        @Test
        void rejectsAVainWaitForAFreeLock() {
            rejects(
                    check,
                    story().granted("a", 0, 1, 1, 1_000).released("a", 500, 501).refused("b", 2, 600),
                    1,
                    2,
                    "free for 99 ms");
        }

        @Test
        void rejectsAWaitPastTheLeaseOfAHolderThatVanished() {
            rejects(check, story().granted("a", 0, 1, 1, 300).granted("b", 2, 371, 2, 2_000), 0, 1, "free for 21 ms");
        }

        @Test
        void rejectsAWaitLongAfterAKill() {
            rejects(
                    check,
                    story().unanswered("x", 0, Story.NEVER).killed("x", 30).granted("b", 2, 151, 2, 2_000),
                    0,
                    2,
                    "free for 21 ms");
        }

        @Test
        void rejectsAWaitLongAfterAFault() {
            rejects(
                    check,
                    story().granted("a", 0, 1, 1, 900)
                            .released("a", 2, 3)
                            .fault("stop-server", 10, 500)
                            .granted("b", 2, 521, 2, 2_000),
                    1,
                    3,
                    "free for 21 ms");
        }
    }
}
