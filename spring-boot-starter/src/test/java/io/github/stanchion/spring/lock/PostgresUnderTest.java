package io.github.stanchion.spring.lock;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * The PostgreSQL that tests share: the one at {@code POSTGRES_URL}, such as
 * {@code jdbc:postgresql://localhost/test?user=test&password=test}; else one of our own, from binaries that the build brings.
 *
 * <p>Where neither is to be had tests fail; they are never skipped. An own server runs from the first use until this JVM ends.
 * The database at {@code POSTGRES_URL} belongs to somebody: tests use tables with names of their own alone, and drop them.
 */
final class PostgresUnderTest {

    private PostgresUnderTest() {}

    /** Where the database is, and who is allowed in. */
    static String url() {
        return Shared.URL;
    }

    private static final class Shared {

        static final String URL = open(System.getenv("POSTGRES_URL"));

        private static String open(String given) {
            if (given != null && !given.isEmpty()) {
                return given;
            }
            try {
                return EmbeddedPostgres.start().getJdbcUrl("postgres", "postgres");
            } catch (IOException failed) {
                throw new UncheckedIOException(
                        "Embedded PostgreSQL does not start here; set POSTGRES_URL to a JDBC URL with user and password",
                        failed);
            }
        }
    }
}
