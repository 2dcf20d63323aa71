package io.github.stanchion.redis;

import static io.github.stanchion.redis.Steps.add;
import static io.github.stanchion.redis.Steps.key;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.stanchion.store.KeyRange;
import io.github.stanchion.store.KeyScan;
import io.github.stanchion.store.KeyedOperation;
import io.github.stanchion.store.StoreKey;
import io.github.stanchion.testkit.Probe;
import io.github.stanchion.testkit.Together;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Listing and clearing keys of a server that others use meanwhile: no command keeps it for long. */
class KeyScanTest {

    private static final int KEYS = 10_000;
    private static final int COMING_AND_GOING = 1_000;
    private static final KeyRange RANGE = KeyRange.of(key("any").space());
    private static final Pattern COUNT = Pattern.compile("\"COUNT\" \"(\\d+)\"");

    private final List<StoreKey> lasting =
            IntStream.range(0, KEYS).mapToObj(i -> key("lasting-" + i)).toList();
    private OwnRedis server;
    private RedisStore store;
    private CommandLog log;

    @BeforeEach
    void start() {
        server = OwnRedis.start();
        store = TestStores.on(server).build();
        store.executeEach(lasting.stream()
                .<KeyedOperation<?>>map(key -> new KeyedOperation<>(key, add(1)))
                .toList());
        log = server.commandLog();
    }

    @AfterEach
    void stop() {
        log.close();
        store.close();
        server.close();
    }

    @Test
    void listingFindsAllThatLastsWhileOthersComeAndGo() throws Exception {
        AtomicInteger next = new AtomicInteger();
        Set<StoreKey> found = new HashSet<>();
        List<Integer> pages = Together.run(2, thread -> thread == 0 ? listed(found, next) : comeAndGo(next));

        assertThat(found).containsAll(lasting);
        assertThat(pages.get(0)).as("pages").isGreaterThanOrEqualTo(KEYS / 100);
        assertCommands(100, 0);
    }

    /** Lists the range, and goes on until all that comes and goes has done so. */
    private int listed(Set<StoreKey> found, AtomicInteger next) {
        int pages = 0;
        do {
            String cursor = null;
            do {
                KeyScan.Page page = store.keys().page(RANGE, cursor, 100);
                found.addAll(page.keys());
                cursor = page.next();
                pages++;
            } while (cursor != null);
        } while (next.get() < COMING_AND_GOING);
        return pages;
    }

    private int comeAndGo(AtomicInteger next) {
        while (next.get() < COMING_AND_GOING) {
            StoreKey passing = key("passing-" + next.get());
            store.execute(passing, add(1));
            store.execute(passing, new Probe.Plant(null, Steps.DAY, true));
            next.incrementAndGet();
        }
        return 0;
    }

    @Test
    void clearingTakesAllInSmallStepsBetweenWhichOthersAreServed() throws Exception {
        StoreKey other = key("other").in(key("other").space().withKind("probe-2"));
        AtomicInteger cleared = new AtomicInteger(-1);
        List<Integer> decisions = Together.run(2, thread -> {
            if (thread == 0) {
                cleared.set((int) store.keys().clear(RANGE));
                return 0;
            }
            int made = 0;
            while (cleared.get() < 0) {
                store.execute(other, add(1));
                made++;
            }
            return made;
        });

        assertThat(cleared).hasValue(KEYS);
        assertThat(server.command("DBSIZE")).isEqualTo(1L);
        assertThat(Steps.sum(store, other)).isEqualTo(decisions.get(1).longValue());
        assertCommands(1_000, 500);
    }

    /** No command but decisions of one key each, scans of so many and unlinks of so many keys. */
    private void assertCommands(int mostScanned, int mostUnlinked) {
        for (String command : log.commands()) {
            if (command.startsWith("\"SCAN\"")) {
                Matcher count = COUNT.matcher(command);
                assertThat(count.find()).as(command).isTrue();
                assertThat(Integer.parseInt(count.group(1))).as(command).isLessThanOrEqualTo(mostScanned);
            } else if (command.startsWith("\"UNLINK\"")) {
                assertThat(command.split(" ")).as(command).hasSizeLessThanOrEqualTo(1 + mostUnlinked);
            } else {
                assertThat(command).matches("\"EVAL(SHA)?\".*|\"DBSIZE\"");
            }
        }
    }
}
