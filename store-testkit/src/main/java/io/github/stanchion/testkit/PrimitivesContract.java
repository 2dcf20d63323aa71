package io.github.stanchion.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.stanchion.store.primitive.AtomicValues;
import io.github.stanchion.store.primitive.Payload;
import io.github.stanchion.store.primitive.Replacement;
import io.github.stanchion.store.primitive.TimeLeft;
import io.github.stanchion.store.primitive.Ttl;
import io.github.stanchion.store.primitive.VersionedValue;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * What applications get from {@link io.github.stanchion.store.primitive.AtomicCounters} and {@link AtomicValues} on a store, as
 * tests beside those of {@link AtomicStoreContract}: extend it, open your store, run it.
 *
 * <p>The rules are those of that contract: keys of its own for each test, time is the clock's.
 */
public abstract class PrimitivesContract extends CounterPromises {

    /** How often each of 16 threads reads what all of them write; {@link #rounds} says how often threads race for a key. */
    protected int reads() {
        return 625;
    }

    private AtomicValues values() {
        return new AtomicValues(store(), "kit").namespace(namespace);
    }

    @Test
    void oneOfManySetsWhatIsAbsentAndLosersChangeNothing() {
        for (int round = 0; round < rounds(); round++) {
            String key = "k" + round;
            List<Replacement> outcomes = Together.run(THREADS, thread -> values().setIfAbsent(
                            key, "by " + thread, Ttl.of(Duration.ofSeconds(60 + thread))));
            assertThat(outcomes.stream().filter(Replacement::stored)).hasSize(1);
            assertThat(outcomes.stream().map(Replacement::version).distinct())
                    .containsExactly(values().get(key).version());
            for (int thread = 0; thread < THREADS; thread++) {
                if (outcomes.get(thread).stored()) {
                    assertThat(values().get(key).text()).isEqualTo("by " + thread);
                    assertThat(values().timeLeft(key)).isEqualTo(left(Duration.ofSeconds(60 + thread)));
                }
            }
        }
    }

    @Test
    void oneOfManySetsWhatHasJustEndedAndOneConsumesIt() {
        for (int round = 0; round < rounds(); round++) {
            values().put("k", "ended", Ttl.of(Duration.ofSeconds(1)));
            values().put("once", "ended", Ttl.of(Duration.ofSeconds(1)));
            clock.advanceMicros(1_000_001);
            List<Replacement> outcomes =
                    Together.run(THREADS, thread -> values().setIfAbsent("k", "by " + thread, HOUR));
            assertThat(outcomes.stream().filter(Replacement::stored)).hasSize(1);
            assertThat(outcomes.stream().map(Replacement::version).distinct())
                    .containsExactly(values().get("k").version());
            assertThat(Together.run(THREADS, thread -> values().consumeOnce("once", Duration.ofMinutes(1))).stream()
                            .filter(won -> won))
                    .hasSize(1);
        }
    }

    @Test
    void oneOfManyReplacesOneVersionTheAbsentOneIncluded() {
        for (int round = 0; round < rounds(); round++) {
            long version = values().get("k").version();
            List<Replacement> outcomes =
                    Together.run(THREADS, thread -> values().compareAndSet("k", version, "by " + thread, HOUR));
            assertThat(outcomes.stream().filter(Replacement::stored)).hasSize(1);
            assertThat(outcomes.stream().map(Replacement::version).distinct())
                    .containsExactly(values().get("k").version());
            if (round % 5 == 0) {
                values().delete("k");
            }
        }
    }

    @Test
    void valueEndsExactlyAtItsInstant() {
        values().setIfAbsent("k", "a", Ttl.of(Duration.ofSeconds(1)));
        clock.advanceMicros(999_999);
        assertThat(values().setIfAbsent("k", "b", HOUR).stored()).isFalse();
        assertThat(values().get("k").text()).isEqualTo("a");
        clock.advanceMicros(1);
        assertThat(values().get("k").isAbsent()).isTrue();
        assertThat(values().delete("k")).isFalse();
        assertThat(values().consumeOnce("k", Duration.ofSeconds(1))).isTrue();
        assertThat(values().consumeOnce("k", Duration.ofSeconds(1))).isFalse();
    }

    @Test
    void replacementConflictsAfterAnyOtherWrite() {
        long first = values().put("k", "a", HOUR);
        values().put("k", "b", HOUR);
        values().put("k", "a", HOUR);
        assertConflict(first);
        long second = values().get("k").version();
        values().delete("k");
        assertConflict(second);
        values().setIfAbsent("k", "a", Ttl.of(Duration.ofSeconds(1)));
        assertConflict(second);
        assertConflict(0);
        long third = values().get("k").version();
        clock.advance(Duration.ofSeconds(1));
        assertConflict(third);
        assertThat(values().compareAndSet("k", 0, "a", HOUR).stored()).isTrue();
        assertConflict(third);
    }

    private void assertConflict(long version) {
        VersionedValue before = values().get("k");
        assertThat(values().compareAndSet("k", version, "x", HOUR))
                .isEqualTo(new Replacement.Conflict(before.version(), before.payload()));
        assertThat(values().compareAndDelete("k", version)).isFalse();
        assertThat(values().get("k")).isEqualTo(before);
    }

    @Test
    void noVersionIsEverGivenTwice() {
        Random random = new Random(11);
        Set<Long> versions = new HashSet<>();
        long last = 0;
        for (int i = 0; i < 500; i++) {
            switch (random.nextInt(5)) {
                case 0 -> values().delete("k");
                case 1 -> clock.advance(Duration.ofMillis(random.nextInt(700_000)));
                case 2 -> clock.stepBack(Duration.ofMillis(random.nextInt(1_000)));
                default -> {
                    long version = values().put("k", "a", Ttl.of(Duration.ofMillis(1L + random.nextInt(2_000))));
                    assertThat(versions.add(version)).isTrue();
                    assertThat(version).isGreaterThan(last);
                    last = version;
                }
            }
        }
    }

    @Test
    void replacementKeepsSetsOrClearsTheEnd() {
        long version = values().put("k", "a", HOUR);
        clock.advance(Duration.ofMinutes(1));
        version = values().compareAndSet("k", version, "b").version();
        assertThat(values().timeLeft("k")).isEqualTo(left(Duration.ofMinutes(59)));
        version = values().compareAndSet("k", version, "c", Ttl.of(Duration.ofMinutes(2)))
                .version();
        assertThat(values().timeLeft("k")).isEqualTo(left(Duration.ofMinutes(2)));
        values().compareAndSet("k", version, "d", Ttl.none());
        assertThat(values().timeLeft("k")).isEqualTo(new TimeLeft.Endless());
        assertThat(values().getAndRenew("k", Duration.ofDays(1)).timeLeft()).isEqualTo(new TimeLeft.Endless());
        values().put("k", "e", Ttl.of(Duration.ofMillis(300)));
        assertThat(values().getAndRenew("k", Duration.ofDays(1)).text()).isEqualTo("e");
        assertThat(values().timeLeft("k")).isEqualTo(left(Duration.ofDays(1)));
        assertThat(values().getAndRenew("nobody", Duration.ofDays(1)).isAbsent())
                .isTrue();
    }

    @Test
    void valueAndVersionAreNeverReadFromDifferentWrites() {
        Map<Long, String> written = new ConcurrentHashMap<>();
        Set<VersionedValue> read = ConcurrentHashMap.newKeySet();
        Together.run(THREADS, thread -> {
            for (int i = 0; i < reads(); i++) {
                String value = thread + "/" + i;
                written.put(values().put("k", value, HOUR), value);
                read.add(values().get("k"));
            }
            return thread;
        });
        assertThat(written).hasSize(THREADS * reads());
        assertThat(read).allMatch(seen -> Objects.equals(written.get(seen.version()), seen.text()));
    }

    @Test
    void exchangeAndDeletionAnswerWhatWasThere() {
        byte[] bytes = {0, -1, '\n', '=', '#'};
        assertThat(values().getAndSet("k", bytes, HOUR)).isNull();
        assertThat(values().getAndSet("k", "b", HOUR)).isEqualTo(Payload.of(bytes));
        assertThat(values().deleteIfEquals("k", "a")).isFalse();
        assertThat(values().deleteIfEquals("k", "b")).isTrue();
        assertThat(values().getAndDelete("k")).isNull();
        values().put("k", "", HOUR);
        assertThat(values().getAndDelete("k")).isEqualTo(Payload.of(""));
    }

    @Test
    void timesToLiveThatCannotBeMeantReachNoStore() {
        FaultyStore counted = new FaultyStore(store(), new VirtualSleeper(clock));
        AtomicValues refusing = new AtomicValues(counted, "kit").namespace(namespace);
        assertRefused(() -> refusing.put("k", "a", Ttl.keep()));
        assertRefused(() -> refusing.put("k", "a", Ttl.of(Duration.ZERO)));
        assertRefused(() -> refusing.put("k", "a", Ttl.of(Duration.ofDays(3_651))));
        assertRefused(() -> refusing.compareAndSet("k", 0, "a"));
        assertThat(counted.calls()).isZero();
    }

    private static void assertRefused(ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void keysThatLookAlikeStayApart() {
        for (int i = 0; i < KeyContract.ALIKE.size(); i++) {
            String key = KeyContract.ALIKE.get(i);
            assertThat(counters().set(key, i, HOUR).created()).as("key %s", i).isTrue();
            assertThat(values().setIfAbsent(key, "" + i, HOUR).stored())
                    .as("key %s", i)
                    .isTrue();
        }
        for (int i = 0; i < KeyContract.ALIKE.size(); i++) {
            String key = KeyContract.ALIKE.get(i);
            assertThat(counters().get(key).value()).as("key %s", i).isEqualTo(i);
            assertThat(values().get(key).text()).as("key %s", i).isEqualTo("" + i);
        }
    }

    @Test
    void fenceOutlivesDeletionByADay() {
        assertThat(values().putFenced("k", "a", 7, HOUR).stored()).isTrue();
        assertThat(values().putFenced("k", "b", 6, HOUR).stored()).isFalse();
        values().delete("k");
        clock.advance(Duration.ofHours(24).minusMillis(1));
        assertThat(values().putFenced("k", "b", 6, HOUR).stored()).isFalse();
        clock.advance(Duration.ofMillis(1));
        assertThat(values().putFenced("k", "b", 6, HOUR).stored()).isTrue();
    }

    @Test
    void updateLosesNoChange() {
        List<Replacement> outcomes = storm(10, call -> {
            Replacement outcome = values().update("k", PrimitivesContract::plusOne, HOUR);
            while (!outcome.stored()) {
                outcome = values().update("k", PrimitivesContract::plusOne, HOUR);
            }
            return outcome;
        });
        assertThat(values().get("k").text()).isEqualTo(String.valueOf(outcomes.size()));
    }

    private static Payload plusOne(@Nullable Payload value) {
        return Payload.of(value == null ? "1" : String.valueOf(Integer.parseInt(value.text()) + 1));
    }
}
