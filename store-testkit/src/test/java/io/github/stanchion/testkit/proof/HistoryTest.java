package io.github.stanchion.testkit.proof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What processes note comes back as it was, also from one that was killed amid it. */
class HistoryTest {

    @TempDir
    Path directory;

    private final AtomicLong now = new AtomicLong();

    @Test
    void eventsOfSeveralProcessesComeBackInTheOrderOfTheirStarts() {
        Path one = directory.resolve("one");
        Path other = directory.resolve("other");
        try (HistoryWriter a = HistoryWriter.open(one, "a", now::incrementAndGet);
                HistoryWriter b = HistoryWriter.open(other, "b", now::incrementAndGet)) {
            HistoryWriter.Pending waits = a.begin(Action.ACQUIRE, "lock", "a.0");
            HistoryWriter.Pending writes = b.begin(Action.WRITE, "register", "b.0", 5, 6);
            writes.fail();
            waits.ok(7, 99);
            a.begin(Action.ADD, "sum", "a.0", 7, 1).unknown();
            b.begin(Action.ADD, "sum", "b.0", 8, 2);
        }

        assertThat(History.read(List.of(other, one)).events())
                .containsExactly(
                        new Event("a", Action.ACQUIRE, "lock", "a.0", 7, 99, 1, 4, Outcome.OK),
                        new Event("b", Action.WRITE, "register", "b.0", 5, 6, 2, 3, Outcome.FAIL),
                        new Event("a", Action.ADD, "sum", "a.0", 7, 1, 5, 6, Outcome.UNKNOWN),
                        new Event("b", Action.ADD, "sum", "b.0", 8, 2, 7, Event.NEVER, Outcome.UNKNOWN));
    }

    @Test
    void aLineTornAnywhereIsNoLine() throws IOException {
        Path whole = directory.resolve("whole");
        try (HistoryWriter writer = HistoryWriter.open(whole, "a", now::incrementAndGet)) {
            writer.begin(Action.RELEASE, "löck", "a.0").ok();
        }
        byte[] bytes = Files.readAllBytes(whole);
        int first = 1 + new String(bytes, StandardCharsets.ISO_8859_1).indexOf('\n');
        for (int length = 0; length <= bytes.length; length++) {
            Path torn = Files.write(directory.resolve("torn"), Arrays.copyOf(bytes, length));
            List<Outcome> outcomes = History.read(List.of(torn)).events().stream()
                    .map(Event::outcome)
                    .toList();
            assertThat(outcomes)
                    .as("%d bytes", length)
                    .isEqualTo(
                            length < first ? List.of() : List.of(length < bytes.length ? Outcome.UNKNOWN : Outcome.OK));
        }
    }

    @Test
    void aBrokenLineAmidOthersIsNamed() throws IOException {
        Path file = directory.resolve("broken");
        Files.writeString(file, "a 1 begin READ key a.0 0 0 5\na 1 end PERHAPS 0 0 6\na 2 begin READ key a.0 0 0 7\n");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> History.read(List.of(file)))
                .withMessageStartingWith("Line 2 of history " + file);

        Files.writeString(file, "a 1 end OK 0 0 6\n", StandardOpenOption.TRUNCATE_EXISTING);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> History.read(List.of(file)))
                .withStackTraceContaining("without a beginning");
    }

    @Test
    void namesHaveNoWhiteSpace() {
        try (HistoryWriter writer = HistoryWriter.open(directory.resolve("names"), "a")) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> writer.begin(Action.READ, "a key", "a.0"))
                    .withMessage("Key 'a key' is empty or has white space; use letters, digits and signs");
            assertThatIllegalArgumentException().isThrownBy(() -> writer.begin(Action.READ, "key", ""));
        }
    }

    @Test
    void whatAKilledProcessHadBegunIsThere() throws Exception {
        Path file = directory.resolve("killed");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xshare:auto",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Busy.class.getName(),
                        file.toString())
                .inheritIO()
                .start();
        try {
            long patience = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
            while (!Files.exists(file) || Files.size(file) < 100_000) {
                assertThat(process.isAlive() && System.nanoTime() < patience).isTrue();
                Thread.onSpinWait();
            }
        } finally {
            process.destroyForcibly().waitFor();
        }

        List<Event> events = History.read(List.of(file)).events();
        assertThat(events).hasSizeGreaterThan(500);
        assertThat(events.subList(0, events.size() - 1)).allMatch(event -> event.outcome() == Outcome.OK);
        assertThat(events.get(events.size() - 1).value()).isEqualTo(events.size());
    }

    /** Adds up as fast as it can until it is killed. */
    static final class Busy {

        private Busy() {}

        public static void main(String[] file) {
            HistoryWriter writer = HistoryWriter.open(Path.of(file[0]), "busy");
            for (long sum = 1; ; sum++) {
                writer.begin(Action.ADD, "sum", "busy.0", 0, sum).ok();
            }
        }
    }
}
