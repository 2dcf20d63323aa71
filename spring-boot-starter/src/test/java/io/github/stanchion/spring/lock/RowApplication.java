package io.github.stanchion.spring.lock;

import io.github.stanchion.annotation.LockTransactions;
import io.github.stanchion.annotation.WithLock;
import io.github.stanchion.spring.autoconfigure.StanchionAutoConfiguration;
import io.github.stanchion.spring.autoconfigure.StanchionRedisAutoConfiguration;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.function.LongConsumer;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceTransactionManagerAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcTemplateAutoConfiguration;
import org.springframework.boot.transaction.autoconfigure.TransactionAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.annotation.Isolation;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * One instance of an application that adds to rows, not in SQL but by reading and writing: what only a lock makes exact.
 *
 * <p>It says what it has read, and after each line what comes of it:
 *
 * <pre>
 * add way id times   adds one so often: "added"
 * hold way id        adds one, but commits only after a line more: "read value", then "committed"
 * </pre>
 */
@Configuration(proxyBeanMethods = false)
@ImportAutoConfiguration({
    DataSourceAutoConfiguration.class,
    DataSourceTransactionManagerAutoConfiguration.class,
    TransactionAutoConfiguration.class,
    JdbcTemplateAutoConfiguration.class,
    StanchionAutoConfiguration.class,
    StanchionRedisAutoConfiguration.class
})
public class RowApplication {

    /** How a row is added to. */
    enum Way {
        /** The transaction begins and ends inside the lock. */
        INSIDE,
        /** The lock is taken in a transaction that the caller has begun and ends. */
        CALLERS,
        /** As {@link #CALLERS}, but the lock is given back before the transaction ends. */
        TOO_EARLY,
        /** In a transaction and nothing else. */
        UNLOCKED
    }

    public static void main(String[] none) throws IOException {
        // Answers have that to themselves, whatever Boot prints.
        PrintStream answers = System.out;
        System.setOut(System.err);
        try (ConfigurableApplicationContext context = new SpringApplicationBuilder(RowApplication.class)
                        .web(WebApplicationType.NONE)
                        .properties("spring.main.banner-mode=off", "logging.level.root=error")
                        .run();
                BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            Adder adder = context.getBean(Adder.class);
            answers.println("here");
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                String[] words = line.split(" ", -1);
                Way way = Way.valueOf(words[1]);
                int id = Integer.parseInt(words[2]);
                if (words[0].equals("hold")) {
                    adder.add(way, id, value -> answers.println("read " + value), () -> awaitLine(in));
                    answers.println("committed");
                } else {
                    for (int i = 0; i < Integer.parseInt(words[3]); i++) {
                        adder.add(way, id, value -> {}, () -> {});
                    }
                    answers.println("added");
                }
            }
        }
    }

    private static void awaitLine(BufferedReader in) {
        try {
            in.readLine();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    @Bean
    Rows rows(JdbcTemplate jdbc, @Value("${rows.table}") String table) {
        return new Rows(jdbc, table);
    }

    @Bean
    Adder adder(Rows rows, PlatformTransactionManager transactions) {
        return new Adder(rows, transactions);
    }

    /** The caller of {@link Rows}. */
    static final class Adder {

        private final Rows rows;
        private final TransactionTemplate transaction;

        Adder(Rows rows, PlatformTransactionManager transactions) {
            this.rows = rows;
            this.transaction = new TransactionTemplate(transactions);
            transaction.setIsolationLevel(TransactionDefinition.ISOLATION_READ_COMMITTED);
        }

        void add(Way way, int id, LongConsumer read, Runnable beforeCommit) {
            if (way == Way.INSIDE) {
                rows.addInOwnTransaction(id, read, beforeCommit);
                return;
            }
            transaction.executeWithoutResult(status -> {
                switch (way) {
                    case CALLERS -> rows.add(id, read);
                    case TOO_EARLY -> rows.addAndUnlockTooEarly(id, read);
                    default -> rows.addUnlocked(id, read);
                }
                beforeCommit.run();
            });
        }
    }

    /** Rows of a number each. */
    public static class Rows {

        private final JdbcTemplate jdbc;
        private final String select;
        private final String update;

        Rows(JdbcTemplate jdbc, String table) {
            this.jdbc = jdbc;
            this.select = "select number from " + table + " where id = ?";
            this.update = "update " + table + " set number = ? where id = ?";
        }

        @WithLock(name = "row", key = "#id", waitTime = "60s")
        @Transactional(isolation = Isolation.READ_COMMITTED)
        public void addInOwnTransaction(int id, LongConsumer read, Runnable beforeCommit) {
            addUnlocked(id, read);
            beforeCommit.run();
        }

        @WithLock(name = "row", key = "#id", waitTime = "60s")
        public void add(int id, LongConsumer read) {
            addUnlocked(id, read);
        }

        @WithLock(name = "row", key = "#id", waitTime = "60s", tx = LockTransactions.IGNORE)
        public void addAndUnlockTooEarly(int id, LongConsumer read) {
            addUnlocked(id, read);
        }

        public void addUnlocked(int id, LongConsumer read) {
            Long number = jdbc.queryForObject(select, Long.class, id);
            read.accept(number);
            jdbc.update(update, number + 1, id);
        }
    }
}
