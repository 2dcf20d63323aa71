package io.github.stanchion.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class OwnRedisTest {

    @Test
    void everyServerIsAnother() {
        try (OwnRedis one = OwnRedis.start("--maxmemory", "4mb");
                OwnRedis other = OwnRedis.start()) {
            one.command("SET", "key", "ü 1");

            assertThat(one.command("GET", "key")).isEqualTo("ü 1");
            assertThat(other.command("GET", "key")).isNull();
            assertThat(one.command("CONFIG", "GET", "maxmemory")).isEqualTo(List.of("maxmemory", "4194304"));
            assertThatThrownBy(() -> one.command("INCR", "key"))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageStartingWith("ERR value is not an integer");
        }
    }

    @Test
    void countsCommandsAndTellsThoseOfClientsFromThoseOfScripts() {
        try (OwnRedis redis = OwnRedis.start();
                CommandLog log = redis.commandLog()) {
            redis.command("SET", "a", "1");
            redis.resetStats();
            log.commands();

            redis.command("EVAL", "return redis.call('GET', KEYS[1])", "1", "a");
            redis.command("GET", "a");

            assertThat(redis.commandStats()).isEqualTo(Map.of("eval", 1L, "get", 2L));
            assertThat(log.commands())
                    .contains("\"GET\" \"a\"")
                    .filteredOn(command -> command.startsWith("\"EVAL\"") || command.startsWith("\"GET\""))
                    .hasSize(2);
        }
    }

    @Test
    void killedServerRefusesConnectionsAndComesBackEmptyOnItsPort() {
        try (OwnRedis redis = OwnRedis.start()) {
            int port = redis.port();
            redis.command("SET", "a", "1");

            redis.kill();
            assertThatThrownBy(() -> redis.command("PING")).isInstanceOf(UncheckedIOException.class);

            redis.restart();
            assertThat(redis.port()).isEqualTo(port);
            assertThat(redis.command("GET", "a")).isNull();
        }
    }

    @Test
    void frozenServerTakesCommandsAndAnswersThemLater() throws Exception {
        try (OwnRedis redis = OwnRedis.start()) {
            redis.stop();
            Thread caller = new Thread(() -> redis.command("SET", "a", "1"));
            caller.start();
            caller.join(50);
            assertThat(caller.isAlive()).isTrue();

            redis.cont();
            caller.join(5_000);
            assertThat(caller.isAlive()).isFalse();
            assertThat(redis.command("GET", "a")).isEqualTo("1");
        }
    }
}
