package io.github.stanchion.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.stanchion.store.StoreException;
import io.github.stanchion.store.StoreFullException;
import io.github.stanchion.store.StoreUnreachableException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What servers of all versions say, as they say it. */
class ServerErrorTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "READONLY You can't write against a read only replica. script: 1c2b, on @user_script:19. | READONLY",
                "ERR Error running script (call to f_1c2b): @user_script:19: @user_script: 19: -READONLY You can't"
                        + " write against a read only replica. | READONLY",
                "ERR Error running script (call to f_1c2b): @user_script:3: @user_script: 3: -OOM command not allowed"
                        + " when used memory > 'maxmemory'. | OOM",
                "OOM command not allowed when used memory > 'maxmemory'. script: 1c2b, on @user_script:19. | OOM",
                "NOPERM this user has no permissions to run the 'evalsha' command | NOPERM",
                "NOPERM User app has no permissions to run the 'evalsha' command | NOPERM",
                "ERR The user executing the script can't run this command or subcommand script: 1c2b, on"
                        + " @user_script:3. | NOPERM",
                "LOADING Redis is loading the dataset in memory | LOADING",
                "BUSY Redis is busy running a script. You can only call SCRIPT KILL or SHUTDOWN NOSAVE. | BUSY",
                "CLUSTERDOWN Hash slot not served | CLUSTERDOWN",
                "MASTERDOWN Link with MASTER is down and replica-serve-stale-data is set to 'no'. | MASTERDOWN",
                "NOSCRIPT No matching script. Please use EVAL. | NOSCRIPT",
                "TRYAGAIN Multiple keys request during rehashing of slot | TRYAGAIN",
                "NOAUTH Authentication required. | NOAUTH",
                "ERR unknown command 'evalsha', with args beginning with: '1c2b' '1' 'stanchion:1:probe:x:{3.bob}' |"
                        + " ERR"
            })
    void theFirstWordCountsWhereverItStands(String error, String code) {
        assertThat(ServerError.code(error)).isEqualTo(code);
    }

    @Test
    void errorsSayThatNothingWasAppliedAndShowNothingOfTheCall() {
        StoreException full = ServerError.of("OOM command not allowed when used memory > 'maxmemory'.");
        assertThat(full).isInstanceOf(StoreFullException.class).hasMessageContaining("maxmemory");
        StoreException unknown = ServerError.of("ERR unknown command 'evalsha', with args beginning with: '{3.bob}'");
        assertThat(unknown)
                .isInstanceOf(StoreUnreachableException.class)
                .hasMessage("Redis refused the command (ERR unknown command 'evalsha'); nothing was applied");
        assertThat(unknown.outcomeUnknown()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"MOVED 3999 10.0.0.2:6381", "ASK 3999 10.0.0.2:6381"})
    void anotherServerIsNamedByItsAddress(String error) {
        assertThat(ServerError.address(error, null)).isEqualTo("10.0.0.2:6381");
        assertThat(ServerError.address("MOVED 3999 fd00::2:6381", null)).isEqualTo("fd00::2:6381");
    }
}
