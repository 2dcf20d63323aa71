package io.github.stanchion.samples.directorystore;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Real processes on one folder: no number is drawn twice or lost, not even if they are killed. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class ProcessesTest {

    @TempDir
    private Path folder;

    @Test
    void processesDrawEachNumberOnce() throws Exception {
        List<Long> drawn = new ArrayList<>();
        try (Drawer a = Drawer.start(folder, 1_000);
                Drawer b = Drawer.start(folder, 1_000);
                Drawer c = Drawer.start(folder, 1_000)) {
            drawn.addAll(a.all());
            drawn.addAll(b.all());
            drawn.addAll(c.all());
        }

        assertThat(drawn)
                .containsExactlyInAnyOrderElementsOf(
                        LongStream.rangeClosed(1, 3_000).boxed().toList());
        assertThat(Drawer.counters(folder).get("drawn").value()).isEqualTo(3_000);
    }

    @Test
    void aKilledProcessLeavesAllThatItPrintedAndBlocksNobody() throws Exception {
        long drawn = 0;
        for (int i = 1; i <= 8; i++) {
            try (Drawer drawer = Drawer.start(folder, Integer.MAX_VALUE)) {
                List<Long> printed = drawer.kill(i * i * 10);

                assertThat(printed)
                        .isEqualTo(LongStream.rangeClosed(drawn + 1, drawn + printed.size())
                                .boxed()
                                .toList());
                // It may have died between drawing a number and printing it.
                long last = printed.get(printed.size() - 1);
                drawn = Drawer.counters(folder).get("drawn").value();
                assertThat(drawn).isBetween(last, last + 1);
            }
        }
    }
}
