package io.github.stanchion.samples.directorystore;

import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.stanchion.store.StoreException;
import io.github.stanchion.store.UnreadableStateException;
import io.github.stanchion.store.primitive.AtomicCounters;
import io.github.stanchion.store.primitive.Ttl;
import io.github.stanchion.testkit.VirtualClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ForkJoinPool;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What happens to files: damage is noticed, garbage goes, and callers who are interrupted leave no lock behind. */
class DirectoryStoreFilesTest {

    @TempDir
    private Path folder;

    private final VirtualClock clock = new VirtualClock();

    private AtomicCounters counters() {
        return new AtomicCounters(new DirectoryStore(folder, clock, ForkJoinPool.commonPool()), "files");
    }

    @Test
    void aDamagedFileIsNoState() throws IOException {
        AtomicCounters counters = counters();
        counters.set("c", 12_345, Ttl.none());
        Path file = stateFile();
        byte[] whole = Files.readAllBytes(file);
        for (int length = 0; length < whole.length; length++) {
            Files.write(file, Arrays.copyOf(whole, length));
            assertUnreadable(counters);
            // What a file system may make of blocks that it had no time to write.
            Files.write(file, Arrays.copyOf(Arrays.copyOf(whole, length), whole.length));
            assertUnreadable(counters);
        }
        Files.write(file, whole);
        assertThat(counters.increment("c", Ttl.none()).value()).isEqualTo(12_346);
    }

    private static void assertUnreadable(AtomicCounters counters) {
        assertThatThrownBy(() -> counters.get("c")).isInstanceOf(UnreadableStateException.class);
        assertThatThrownBy(() -> counters.increment("c", Ttl.none())).isInstanceOf(UnreadableStateException.class);
    }

    @Test
    void whatAWriterThatDiedLeftBesideChangesNothing() throws IOException {
        AtomicCounters counters = counters();
        counters.set("c", 7, Ttl.none());
        Path file = stateFile();
        Files.write(Path.of(file + ".new"), new byte[] {1, 2, 3});
        assertThat(counters.get("c").value()).isEqualTo(7);
        assertThat(counters.increment("c", Ttl.none()).value()).isEqualTo(8);
        assertThat(stateFiles()).containsExactly(file);
    }

    @Test
    void writersTakeTheGarbageOfTheirFolderAlongAndNothingElse() throws IOException {
        AtomicCounters counters = counters();
        Set<Path> brief = filesOf(() -> count(counters, "brief", 400, Ttl.of(Duration.ofSeconds(1))));
        Set<Path> lasting = filesOf(() -> count(counters, "lasting", 400, Ttl.of(Duration.ofDays(9))));
        Set<Path> endless = filesOf(() -> count(counters, "endless", 400, Ttl.none()));
        clock.advance(Duration.ofDays(2));
        Set<Path> written = filesOf(() -> {
            // Each 64th write sweeps.
            for (int i = 0; i < 20 * 64; i++) {
                counters.increment("new-" + i / 64, Ttl.none());
            }
        });

        Set<Path> swept = written.stream().map(Path::getParent).collect(toSet());
        Set<Path> left = stateFiles();
        assertThat(brief)
                .anyMatch(file -> swept.contains(file.getParent()))
                .allSatisfy(file -> assertThat(left.contains(file)).isEqualTo(!swept.contains(file.getParent())));
        assertThat(left).containsAll(lasting).containsAll(endless);
    }

    private static void count(AtomicCounters counters, String name, int keys, Ttl ttl) {
        for (int i = 0; i < keys; i++) {
            counters.increment(name + "-" + i, ttl);
        }
    }

    /** The files that were not there before. */
    private Set<Path> filesOf(Runnable writes) throws IOException {
        Set<Path> before = stateFiles();
        writes.run();
        Set<Path> files = stateFiles();
        files.removeAll(before);
        return files;
    }

    @Test
    void interruptedCallersStopNobodyElse() throws InterruptedException {
        AtomicCounters counters = counters();
        int failed = 0;
        for (int i = 0; i < 100; i++) {
            Thread.currentThread().interrupt();
            try {
                counters.increment("c", Ttl.none());
            } catch (StoreException interrupted) {
                failed++;
            }
            assertThat(Thread.interrupted()).isTrue();
        }
        assertThat(counters.get("c").value()).isEqualTo(100 - failed);
        assertThat(counters.increment("c", Ttl.none()).value()).isEqualTo(101 - failed);
    }

    private Path stateFile() throws IOException {
        Set<Path> all = stateFiles();
        assertThat(all).hasSize(1);
        return all.iterator().next();
    }

    private Set<Path> stateFiles() throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(Files::isRegularFile)
                    .filter(file -> !file.endsWith("lock"))
                    .collect(toSet());
        }
    }
}
