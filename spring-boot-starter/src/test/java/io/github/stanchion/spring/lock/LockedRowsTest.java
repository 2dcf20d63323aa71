package io.github.stanchion.spring.lock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.stanchion.lock.LockPolicies;
import io.github.stanchion.lock.Locks;
import io.github.stanchion.redis.RedisStore;
import io.github.stanchion.redis.RedisUnderTest;
import io.github.stanchion.redis.TestJvm;
import io.github.stanchion.spring.lock.RowApplication.Way;
import io.lettuce.core.RedisURI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** Eight processes add to rows of a database that locks on Redis protect. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(300)
class LockedRowsTest {

    private static final int PROCESSES = 8;
    private static final int PARTS = 5;
    private static final int PART = 100;
    private static final int ADDED = PROCESSES * PARTS * PART;
    private static final int HAND_OVERS = 200;

    private final String prefix = RedisUnderTest.prefix();
    private final String table = prefix.replace('-', '_');
    private final JdbcTemplate jdbc = new JdbcTemplate(new DriverManagerDataSource(PostgresUnderTest.url()));
    private final List<TestJvm> processes = new ArrayList<>();
    private final RedisStore store = RedisStore.builder(RedisURI.create(RedisUnderTest.uri()))
            .commandTimeout(Duration.ofSeconds(20))
            .build();
    private final Locks locks = Locks.builder(
                    LockPolicies.builder().keyPrefix(prefix).build(), store)
            .build();
    private int row;

    @BeforeAll
    void start() {
        jdbc.execute("create table " + table + " (id int primary key, number bigint not null)");
        List<String> options = List.of(
                "-Drows.table=" + table,
                "-Dspring.datasource.url=" + PostgresUnderTest.url(),
                "-Dspring.datasource.hikari.maximum-pool-size=1",
                "-Dstanchion.key-prefix=" + prefix,
                "-Dstanchion.redis.uri=" + RedisUnderTest.uri(),
                "-Dstanchion.redis.command-timeout=20s",
                "-Dstanchion.redis.connect-timeout=20s");
        for (int i = 0; i < PROCESSES; i++) {
            processes.add(TestJvm.start(Map.of(), options, RowApplication.class));
        }
        assertThat(processes).allSatisfy(process -> assertThat(process.line()).isEqualTo("here"));
    }

    @AfterAll
    void end() {
        processes.forEach(TestJvm::close);
        locks.close();
        store.close();
        jdbc.execute("drop table if exists " + table);
    }

    private void newRow() {
        jdbc.update("insert into " + table + " values (?, 0)", ++row);
    }

    private long number() {
        return jdbc.queryForObject("select number from " + table + " where id = ?", Long.class, row);
    }

    @ParameterizedTest
    @EnumSource(names = {"INSIDE", "CALLERS"})
    void noUpdateIsLost(Way way) {
        assertThat(addTogether(way)).isEqualTo(ADDED);
    }

    @Test
    void updatesAreLostWithoutTheLock() {
        assertThat(addTogether(Way.UNLOCKED)).isLessThan(ADDED);
    }

    private long addTogether(Way way) {
        newRow();
        for (int i = 0; i < PARTS; i++) {
            processes.forEach(process -> process.tell("add " + way + " " + row + " " + PART));
        }
        for (int i = 0; i < PARTS; i++) {
            assertThat(processes)
                    .allSatisfy(process -> assertThat(process.line()).isEqualTo("added"));
        }
        return number();
    }

    @ParameterizedTest
    @EnumSource(names = {"INSIDE", "CALLERS"})
    void whoTakesTheLockReadsWhatItsPredecessorHasCommitted(Way way) {
        newRow();
        TestJvm holder = processes.get(0);
        TestJvm next = processes.get(1);
        hold(holder, way);
        assertThat(holder.line()).isEqualTo("read 0");
        for (int i = 1; i <= HAND_OVERS; i++) {
            hold(next, way);
            await("the next stands in line")
                    .atMost(Duration.ofSeconds(60))
                    .pollInterval(Duration.ofMillis(1))
                    .until(() -> locks.inspect("row", row).waiters() == 1);
            commit(holder);
            assertThat(next.line()).isEqualTo("read " + i);
            TestJvm last = holder;
            holder = next;
            next = last;
        }
        commit(holder);
        assertThat(number()).isEqualTo(HAND_OVERS + 1);
    }

    @Test
    void whoTakesTheLockReadsTooEarlyIfItIsGivenBackBeforeTheCommit() {
        newRow();
        TestJvm holder = processes.get(0);
        TestJvm next = processes.get(1);
        hold(holder, Way.TOO_EARLY);
        assertThat(holder.line()).isEqualTo("read 0");
        hold(next, Way.TOO_EARLY);
        assertThat(next.line()).isEqualTo("read 0");
        commit(holder);
        commit(next);
        assertThat(number()).isEqualTo(1);
    }

    private void hold(TestJvm process, Way way) {
        process.tell("hold " + way + " " + row);
    }

    private static void commit(TestJvm process) {
        process.tell("commit");
        assertThat(process.line()).isEqualTo("committed");
    }
}
