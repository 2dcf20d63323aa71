package io.github.stanchion.store.primitive;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.stanchion.store.AtomicStore;
import io.github.stanchion.store.Item;
import io.github.stanchion.store.SettableClock;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What values promise, on any store. */
abstract class ValuesContract {

    static final Ttl HOUR = Ttl.of(Duration.ofHours(1));
    private static final int THREADS = 16;

    final SettableClock clock = new SettableClock();
    private AtomicStore store;
    AtomicValues values;

    abstract AtomicStore store(SettableClock clock);

    @BeforeEach
    void open() {
        store = store(clock);
        values = new AtomicValues(store, "test");
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void valueIsReadWithItsVersionAndTimeLeft() {
        assertThat(values.get("k")).isEqualTo(new VersionedValue(0, null, new TimeLeft.Missing()));
        long version = values.put("k", "grüße", HOUR);
        assertThat(values.get("k")).isEqualTo(new VersionedValue(version, Payload.of("grüße"), left("PT1H")));
        assertThat(values.get("k").bytes()).isEqualTo("grüße".getBytes(UTF_8));
        assertThat(values.timeLeft("k")).isEqualTo(left("PT1H"));
        byte[] bytes = {0, -1, 10, 61};
        assertThat(values.put("k", bytes, Ttl.none())).isGreaterThan(version);
        assertThat(values.get("k").bytes()).isEqualTo(bytes);
        assertThat(values.timeLeft("k")).isEqualTo(new TimeLeft.Endless());
        values.put("k", "", HOUR);
        assertThat(values.get("k").text()).isEmpty();
        assertThat(values.get("k").isAbsent()).isFalse();
    }

    @Test
    void oneOfManySetsWhatIsAbsentAndLosersChangeNothing() throws Exception {
        for (int round = 0; round < 200; round++) {
            String key = "k" + round;
            Set<Long> won = ConcurrentHashMap.newKeySet();
            Set<Long> met = ConcurrentHashMap.newKeySet();
            int seconds = 60 + round;
            Concurrently.run(THREADS, thread -> {
                Replacement outcome =
                        values.setIfAbsent(key, "by " + thread, Ttl.of(Duration.ofSeconds(seconds + thread)));
                (outcome.stored() ? won : met).add(outcome.version());
                if (outcome.stored()) {
                    assertThat(values.get(key).text()).isEqualTo("by " + thread);
                    assertThat(values.timeLeft(key)).isEqualTo(left("PT" + (seconds + thread) + "S"));
                }
            });
            assertThat(won).hasSize(1).isEqualTo(met);
        }
    }

    @Test
    void winnerIsCountedOnce() throws Exception {
        AtomicInteger won = new AtomicInteger();
        for (int round = 0; round < 200; round++) {
            String key = "k" + round;
            Concurrently.run(THREADS, thread -> {
                if (values.consumeOnce(key, Duration.ofMinutes(1))) {
                    won.incrementAndGet();
                }
            });
        }
        assertThat(won).hasValue(200);
    }

    @Test
    void endedValueIsAbsentFromTheMicrosecondOn() {
        values.setIfAbsent("k", "a", Ttl.of(Duration.ofSeconds(1)));
        clock.advanceMicros(999_999);
        assertThat(values.setIfAbsent("k", "b", HOUR).stored()).isFalse();
        assertThat(values.timeLeft("k")).isEqualTo(left("PT0.000001S"));
        clock.advanceMicros(1);
        assertThat(values.get("k").isAbsent()).isTrue();
        assertThat(values.delete("k")).isFalse();
        assertThat(values.deleteIfEquals("k", "a")).isFalse();
        assertThat(values.getAndDelete("k")).isNull();
        assertThat(values.setIfAbsent("k", "b", HOUR).stored()).isTrue();
        assertThat(values.get("k").text()).isEqualTo("b");
    }

    @Test
    void oneOfManyReplacesOneVersion() throws Exception {
        for (long expected : new long[] {values.put("k", "0", HOUR), 0}) {
            for (int round = 0; round < 200; round++) {
                String key = expected == 0 ? "absent" + round : "k";
                long version = expected == 0 ? 0 : values.get("k").version();
                Set<Long> won = ConcurrentHashMap.newKeySet();
                AtomicInteger winners = new AtomicInteger();
                Set<Long> met = ConcurrentHashMap.newKeySet();
                Concurrently.run(THREADS, thread -> {
                    Replacement outcome = values.compareAndSet(key, version, "by " + thread, HOUR);
                    (outcome.stored() ? won : met).add(outcome.version());
                    if (outcome instanceof Replacement.Conflict conflict) {
                        assertThat(conflict.current().text()).startsWith("by ");
                    } else {
                        winners.incrementAndGet();
                    }
                });
                assertThat(winners).hasValue(1);
                assertThat(won).isEqualTo(met);
            }
        }
    }

    @Test
    void replacementConflictsAfterAnyOtherWrite() {
        long first = values.put("k", "a", HOUR);
        values.put("k", "b", HOUR);
        conflicts(first, "b");
        values.put("k", "a", HOUR);
        conflicts(first, "a");
        long present = values.get("k").version();
        values.delete("k");
        conflicts(present, null);
        values.setIfAbsent("k", "a", Ttl.of(Duration.ofSeconds(1)));
        conflicts(present, "a");
        long ending = values.get("k").version();
        clock.advance(Duration.ofSeconds(1));
        conflicts(ending, null);
        values.put("k", "a", HOUR);
        conflicts(ending, "a");
        conflicts(0, "a");
    }

    private void conflicts(long version, String current) {
        VersionedValue before = values.get("k");
        assertThat(values.compareAndSet("k", version, "x", HOUR))
                .isEqualTo(new Replacement.Conflict(before.version(), current == null ? null : Payload.of(current)));
        assertThat(values.compareAndDelete("k", version)).isFalse();
        assertThat(values.get("k")).isEqualTo(before);
        assertThat(before.text()).isEqualTo(current);
    }

    @Test
    void noVersionIsEverGivenTwice() {
        Random random = new Random(11);
        Set<Long> seen = new HashSet<>();
        long last = 0;
        for (int i = 0; i < 5_000; i++) {
            switch (random.nextInt(5)) {
                case 0 -> values.delete("k");
                case 1 -> clock.advance(Duration.ofMillis(random.nextInt(700_000)));
                case 2 -> clock.advanceMicros(-random.nextInt(1_000_000));
                default -> {
                    long version = values.put("k", "a", Ttl.of(Duration.ofMillis(1 + random.nextInt(2_000))));
                    assertThat(seen.add(version)).isTrue();
                    assertThat(version).isGreaterThan(last);
                    last = version;
                }
            }
        }
        assertThat(seen).hasSizeGreaterThan(1_000);
    }

    @Test
    void conflictBringsLargeValuesNotAlong() {
        values.put("k", "x".repeat(ValueCompareAndSet.LARGEST_CURRENT), HOUR);
        assertThat(((Replacement.Conflict) values.compareAndSet("k", 1, "y")).current())
                .isNotNull();
        long version = values.put("k", "x".repeat(ValueCompareAndSet.LARGEST_CURRENT + 1), HOUR);
        assertThat(values.compareAndSet("k", 1, "y")).isEqualTo(new Replacement.Conflict(version, null));
    }

    @Test
    void replacementKeepsSetsOrClearsTheEnd() {
        long version = values.put("k", "a", HOUR);
        clock.advance(Duration.ofMinutes(1));
        version = values.compareAndSet("k", version, "b").version();
        assertThat(values.timeLeft("k")).isEqualTo(left("PT59M"));
        version = values.compareAndSet("k", version, "c", Ttl.of(Duration.ofMinutes(2)))
                .version();
        assertThat(values.timeLeft("k")).isEqualTo(left("PT2M"));
        version = values.compareAndSet("k", version, "d", Ttl.none()).version();
        assertThat(values.timeLeft("k")).isEqualTo(new TimeLeft.Endless());
        version = values.compareAndSet("k", version, "e", Ttl.onCreate(Duration.ofMinutes(2)))
                .version();
        assertThat(values.timeLeft("k")).isEqualTo(new TimeLeft.Endless());
        values.compareAndSet("k", version, "f", Ttl.ensure(Duration.ofMinutes(2)));
        assertThat(values.get("k").text()).isEqualTo("f");
        assertThat(values.timeLeft("k")).isEqualTo(left("PT2M"));
    }

    @Test
    void renewalMovesAFiniteEndAloneAndKeepsTheVersion() {
        long version = values.put("k", "a", Ttl.of(Duration.ofMillis(300)));
        assertThat(values.getAndRenew("k", Duration.ofDays(1)))
                .isEqualTo(new VersionedValue(version, Payload.of("a"), left("PT24H")));
        assertThat(values.timeLeft("k")).isEqualTo(left("PT86400S"));
        clock.advance(Duration.ofHours(23));
        assertThat(values.get("k").version()).isEqualTo(version);
        values.put("e", "a", Ttl.none());
        assertThat(values.getAndRenew("e", Duration.ofDays(1)).timeLeft()).isEqualTo(new TimeLeft.Endless());
        assertThat(values.getAndRenew("m", Duration.ofDays(1)).isAbsent()).isTrue();
        assertThat(values.get("m").isAbsent()).isTrue();
    }

    @Test
    void valueAndVersionAreNeverReadFromDifferentWrites() throws Exception {
        ConcurrentHashMap<Long, String> written = new ConcurrentHashMap<>();
        Set<VersionedValue> read = ConcurrentHashMap.newKeySet();
        Concurrently.run(THREADS, thread -> {
            for (int i = 0; i < 625; i++) {
                String value = thread + "/" + i;
                written.put(values.put("k", value, HOUR), value);
                read.add(values.get("k"));
            }
        });
        assertThat(written).hasSize(10_000);
        assertThat(read).allMatch(seen -> seen.text().equals(written.get(seen.version())));
    }

    @Test
    void deletionTakesTheExpectedVersionOrValueAlone() {
        long version = values.put("k", "a", HOUR);
        assertThat(values.compareAndDelete("k", version + 1)).isFalse();
        assertThat(values.compareAndDelete("k", 0)).isFalse();
        assertThat(values.compareAndDelete("k", version)).isTrue();
        assertThat(values.compareAndDelete("k", version)).isFalse();
        assertThat(values.compareAndDelete("k", 0)).isTrue();
        values.put("k", "a", HOUR);
        assertThat(values.deleteIfEquals("k", "b")).isFalse();
        assertThat(values.deleteIfEquals("k", "a".getBytes(UTF_8))).isTrue();
        assertThat(values.deleteIfEquals("k", "a")).isFalse();
        values.put("k", "a", HOUR);
        assertThat(values.delete("k")).isTrue();
        assertThat(values.delete("k")).isFalse();
        assertThat(values.get("k").isAbsent()).isTrue();
    }

    @Test
    void exchangeAnswersWhatWasThere() {
        assertThat(values.getAndSet("k", "a", HOUR)).isNull();
        assertThat(values.getAndSet("k", "b".getBytes(UTF_8), HOUR)).isEqualTo(Payload.of("a"));
        assertThat(values.getAndDelete("k")).isEqualTo(Payload.of("b"));
        assertThat(values.getAndDelete("k")).isNull();
    }

    @Test
    void fenceRefusesLowerTokensBeyondDeletionAndEnd() {
        assertThat(values.putFenced("k", "a", 7, Ttl.of(Duration.ofMinutes(1))).stored())
                .isTrue();
        assertThat(values.putFenced("k", "b", 6, HOUR))
                .isEqualTo(new Replacement.Conflict(values.get("k").version(), null));
        assertThat(values.putFenced("k", "b", 7, Ttl.of(Duration.ofMinutes(1))).stored())
                .isTrue();
        values.delete("k");
        assertThat(values.putFenced("k", "b", 6, HOUR).stored()).isFalse();
        clock.advance(Duration.ofHours(24).minusMillis(1));
        assertThat(values.putFenced("k", "b", 6, HOUR).stored()).isFalse();
        assertThat(values.putFenced("k", "c".getBytes(UTF_8), 8, Ttl.of(Duration.ofMinutes(1)))
                        .stored())
                .isTrue();
        clock.advance(Duration.ofMinutes(1).plusHours(24).minusMillis(1));
        assertThat(values.putFenced("k", "b", 7, HOUR).stored()).isFalse();
        clock.advance(Duration.ofMillis(1));
        assertThat(values.putFenced("k", "b", 1, Ttl.none()).stored()).isTrue();
        clock.advance(Duration.ofDays(100));
        assertThat(values.putFenced("k", "b", 9, Ttl.none()).stored()).isTrue();
        clock.advance(Duration.ofDays(100));
        assertThat(values.putFenced("k", "b", 8, Ttl.none()).stored()).isFalse();
        values.put("k", "unfenced", HOUR);
        values.compareAndSet("k", values.get("k").version(), "swapped");
        assertThat(values.putFenced("k", "b", 8, HOUR).stored()).isFalse();
        assertThat(values.get("k").text()).isEqualTo("swapped");
    }

    @Test
    void updateLosesNoChange() throws Exception {
        AtomicInteger conflicts = new AtomicInteger();
        Concurrently.run(8, thread -> {
            for (int i = 0; i < 50; i++) {
                while (!values.update("k", ValuesContract::plusOne, HOUR).stored()) {
                    conflicts.incrementAndGet();
                }
            }
        });
        assertThat(values.get("k").text()).isEqualTo("400");
        assertThat(conflicts.get()).isLessThan(400);
        assertThat(values.updateAsync("k", ValuesContract::plusOne, HOUR)
                        .toCompletableFuture()
                        .join()
                        .stored())
                .isTrue();
        assertThat(values.get("k").text()).isEqualTo("401");
        assertThat(values.update("k", value -> null, HOUR).stored()).isTrue();
        assertThat(values.get("k").isAbsent()).isTrue();
        assertThat(values.update("k", value -> null, HOUR).stored()).isTrue();
        assertThatThrownBy(() -> values.update(
                        "k",
                        value -> {
                            throw new IllegalStateException("mine");
                        },
                        HOUR))
                .hasMessage("mine");
    }

    private static Payload plusOne(Payload value) {
        return Payload.of(value == null ? "1" : String.valueOf(Integer.parseInt(value.text()) + 1));
    }

    @Test
    void updateThatAlwaysLosesAnswersTheConflict() {
        AtomicInteger tries = new AtomicInteger();
        Replacement outcome = values.update(
                "k",
                value -> {
                    values.put("k", "other " + tries.incrementAndGet(), HOUR);
                    return Payload.of("mine");
                },
                HOUR);
        assertThat(tries).hasValue(AtomicValues.MOST_TRIES);
        assertThat(((Replacement.Conflict) outcome).current()).isEqualTo(Payload.of("other 16"));
        Replacement async = join(values.updateAsync(
                "k",
                value -> {
                    values.put("k", "other " + tries.incrementAndGet(), HOUR);
                    return Payload.of("mine");
                },
                HOUR));
        assertThat(tries).hasValue(2 * AtomicValues.MOST_TRIES);
        assertThat(async.stored()).isFalse();
    }

    @Test
    void namespacesNeverMeet() {
        List<AtomicValues> all = List.of(
                values,
                values.namespace("A"),
                values.namespace("A2"),
                values.namespace("A_B"),
                values.namespace("A/B"),
                values.namespace("A").namespace("B"),
                values.namespace("A~1B"));
        for (int i = 0; i < all.size(); i++) {
            all.get(i).put("k", "" + i, HOUR);
        }
        for (int i = 0; i < all.size(); i++) {
            assertThat(all.get(i).get("k").text()).isEqualTo("" + i);
        }
    }

    @Test
    void asyncFormsDoTheSame() {
        byte[] x = "x".getBytes(UTF_8);
        long version = join(values.putAsync("k", "a", HOUR));
        assertThat(join(values.getAsync("k")).version()).isEqualTo(version);
        version = join(values.putAsync("k", x, HOUR));
        version = join(values.compareAndSetAsync("k", version, "b")).version();
        version = join(values.compareAndSetAsync("k", version, x)).version();
        version = join(values.compareAndSetAsync("k", version, "c", HOUR)).version();
        version = join(values.compareAndSetAsync("k", version, x, HOUR)).version();
        assertThat(join(values.compareAndSetAsync("k", version - 1, "d")).stored())
                .isFalse();
        assertThat(join(values.compareAndDeleteAsync("k", version - 1))).isFalse();
        assertThat(join(values.setIfAbsentAsync("k", "e", HOUR)).stored()).isFalse();
        assertThat(join(values.setIfAbsentAsync("k", x, HOUR)).stored()).isFalse();
        assertThat(join(values.consumeOnceAsync("k", Duration.ofSeconds(1)))).isFalse();
        assertThat(join(values.timeLeftAsync("k"))).isEqualTo(left("PT1H"));
        assertThat(join(values.getAndRenewAsync("k", Duration.ofHours(2))).timeLeft())
                .isEqualTo(left("PT2H"));
        assertThat(join(values.getAndSetAsync("k", "f", HOUR))).isEqualTo(Payload.of("x"));
        assertThat(join(values.getAndSetAsync("k", x, HOUR))).isEqualTo(Payload.of("f"));
        assertThat(join(values.deleteIfEqualsAsync("k", "f"))).isFalse();
        assertThat(join(values.deleteIfEqualsAsync("k", x))).isTrue();
        assertThat(join(values.putFencedAsync("k", "g", 2, HOUR)).stored()).isTrue();
        assertThat(join(values.putFencedAsync("k", x, 1, HOUR)).stored()).isFalse();
        assertThat(join(values.getAndDeleteAsync("k"))).isEqualTo(Payload.of("g"));
        assertThat(join(values.deleteAsync("k"))).isFalse();
        assertThat(join(values.compareAndDeleteAsync("k", 0))).isTrue();
    }

    @Test
    void argumentsThatCannotBeMeantAreRefused() {
        refused(() -> values.put("k", "a", Ttl.keep()));
        refused(() -> values.getAndSet("k", "a", Ttl.keep()));
        refused(() -> values.setIfAbsent("k", "a", Ttl.keep()));
        refused(() -> values.putFenced("k", "a", 1, Ttl.keep()));
        refused(() -> values.putFenced("k", "a", 0, HOUR));
        refused(() -> values.putFenced("k", "a", 1L << 53, HOUR));
        refused(() -> values.compareAndSet("k", 0, "a"));
        refused(() -> values.compareAndSet("k", -1, "a", HOUR));
        refused(() -> values.compareAndSetAsync("k", -1, "a", HOUR));
        refused(() -> values.compareAndDelete("k", -1));
        refused(() -> values.update("k", value -> value, Ttl.keep()));
        refused(() -> values.put("k", "a", Ttl.of(Duration.ZERO)));
        refused(() -> values.put("k", "a", Ttl.of(Duration.ofDays(3_651))));
        refused(() -> values.consumeOnce("k", Duration.ofSeconds(-5)));
        refused(() -> values.getAndRenew("k", Duration.ofDays(3_651)));
        refused(() -> values.put("k", "\ud800", HOUR));
        refused(() -> values.put("k", new byte[Item.LARGEST + 1], HOUR));
        assertThatThrownBy(() -> values.put("k", (String) null, HOUR)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> values.put(null, "a", HOUR)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> values.put("k", "a", null)).isInstanceOf(NullPointerException.class);
    }

    private static void refused(ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOf(IllegalArgumentException.class);
    }

    private static <R> R join(CompletionStage<R> stage) {
        return stage.toCompletableFuture().join();
    }

    static TimeLeft left(String duration) {
        return new TimeLeft.Remaining(Duration.parse(duration));
    }
}
