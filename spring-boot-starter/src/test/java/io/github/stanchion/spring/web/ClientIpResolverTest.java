package io.github.stanchion.spring.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.stanchion.guard.GuardConfigurationException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ClientIpResolverTest {

    private static final List<String> PROXIES = List.of("10.0.0.0/8", "2001:db8:ffff::/48", "198.51.100.9");

    private final ClientIpResolver plain = new ClientIpResolver(new ClientIpSettings(PROXIES, "X-Forwarded-For", 64));
    private final ClientIpResolver rfc7239 = new ClientIpResolver(new ClientIpSettings(PROXIES, "Forwarded", 64));

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            ignoreLeadingAndTrailingWhitespace = true,
            textBlock =
                    """
            203.0.113.7            | 1.1.1.1                          | 203.0.113.7
            11.0.0.1               | 1.1.1.1                          | 11.0.0.1
            10.0.0.1               | ''                               | 10.0.0.1
            10.0.0.1               | 203.0.113.7                      | 203.0.113.7
            10.0.0.1               | 1.1.1.1, 203.0.113.7             | 203.0.113.7
            10.0.0.1               | 1.1.1.1,203.0.113.7, 10.0.0.2    | 203.0.113.7
            10.0.0.1               | 10.0.0.3, 10.0.0.2               | 10.0.0.3
            10.0.0.1               | unknown, 10.0.0.3, 10.0.0.2      | 10.0.0.3
            10.0.0.1               | 1.1.1.1, unknown                 | 10.0.0.1
            10.0.0.1               | 1.1.1.1, unknown, 10.0.0.2       | 10.0.0.2
            10.0.0.1               | 1.1.1.1,, 10.0.0.2               | 10.0.0.2
            10.0.0.1               | 1.1.1.1, 10.0.0.2,               | 10.0.0.1
            10.0.0.1               | ,                                | 10.0.0.1
            10.0.0.1               | 203.0.113.7:4711                 | 203.0.113.7
            10.0.0.1               | 203.0.113.7:0                    | 203.0.113.7
            10.0.0.1               | 203.0.113.7:65535                | 203.0.113.7
            10.0.0.1               | 203.0.113.7:65536                | 10.0.0.1
            10.0.0.1               | 203.0.113.7:000080               | 10.0.0.1
            10.0.0.1               | 203.0.113.7:                     | 10.0.0.1
            10.0.0.1               | 203.0.113.7:http                 | 10.0.0.1
            10.0.0.1               | 203.0.113.7:_port                | 10.0.0.1
            10.0.0.1               | 203.0.113.7 8080                 | 10.0.0.1
            10.0.0.1               | "203.0.113.7"                    | 203.0.113.7
            10.0.0.1               | "203.0.113.7:80"                 | 203.0.113.7
            10.0.0.1               | "203.0.113.7                     | 10.0.0.1
            10.0.0.1               | "                                | 10.0.0.1
            10.0.0.1               | ""                               | 10.0.0.1
            10.0.0.1               | [2001:db8:0:7::5]:443            | 2001:db8:0:7::/64
            10.0.0.1               | [2001:db8:0:7::5]                | 2001:db8:0:7::/64
            10.0.0.1               | 2001:db8:0:7::5                  | 2001:db8:0:7::/64
            10.0.0.1               | 2001:DB8:0:7:FFFF::1             | 2001:db8:0:7::/64
            10.0.0.1               | "[2001:db8:0:7::5%eth0]:443"     | 2001:db8:0:7::/64
            10.0.0.1               | fe80::1%eth0                     | fe80::/64
            10.0.0.1               | [::1                             | 10.0.0.1
            10.0.0.1               | ::1]                             | 10.0.0.1
            10.0.0.1               | [::1]x                           | 10.0.0.1
            10.0.0.1               | [::1]:                           | 10.0.0.1
            10.0.0.1               | []                               | 10.0.0.1
            10.0.0.1               | ::ffff:203.0.113.7               | 203.0.113.7
            10.0.0.1               | [::ffff:203.0.113.7]:80          | 203.0.113.7
            10.0.0.1               | ::ffff:cb00:7107                 | 203.0.113.7
            10.0.0.1               | 64:ff9b::203.0.113.7             | 203.0.113.7
            10.0.0.1               | 64:ff9b::cb00:7107               | 203.0.113.7
            10.0.0.1               | 2002:cb00:7107:1::1              | 203.0.113.7
            10.0.0.1               | 1.1.1.1, ::ffff:10.0.0.2         | 1.1.1.1
            10.0.0.1               | 1.1.1.1, 64:ff9b::198.51.100.9   | 1.1.1.1
            10.0.0.1               | 1.1.1.1, 2002:c633:6409::        | 1.1.1.1
            10.0.0.1               | 1.1.1.1, 2002:a00:2::            | 10.0.0.2
            10.0.0.1               | 1.1.1.1, 64:ff9b::10.0.0.2       | 10.0.0.2
            ::ffff:10.0.0.1        | 203.0.113.7                      | 203.0.113.7
            2002:a00:1::           | 1.1.1.1                          | 10.0.0.1
            64:ff9b::a00:1         | 1.1.1.1                          | 10.0.0.1
            ::ffff:203.0.113.7     | 1.1.1.1                          | 203.0.113.7
            64:ff9b::203.0.113.7   | 1.1.1.1                          | 203.0.113.7
            2001:db8:ffff::1       | 203.0.113.7                      | 203.0.113.7
            2001:db8:ffff::1%eth0  | 203.0.113.7                      | 203.0.113.7
            2001:db8:fffe::1       | 203.0.113.7                      | 2001:db8:fffe::/64
            0:0:0:0:0:0:0:1        | 1.1.1.1                          | ::/64
            fe80::1%2              | 1.1.1.1                          | fe80::/64
            10.0.0.1               | 203.0.113.07                     | 10.0.0.1
            10.0.0.1               | 0313.0.113.7                     | 10.0.0.1
            10.0.0.1               | 0xcb.0.113.7                     | 10.0.0.1
            10.0.0.1               | 3405803783                       | 10.0.0.1
            10.0.0.1               | 203.7                            | 10.0.0.1
            10.0.0.1               | 203.0.113.256                    | 10.0.0.1
            10.0.0.1               | client.example.org               | 10.0.0.1
            10.0.0.1               | 203.0.113.7;10.0.0.2             | 10.0.0.1
            10.0.0.1               | for=203.0.113.7                  | 10.0.0.1
            10.0.0.1               | 203.0.113.7/32                   | 10.0.0.1
            10.0.0.1               | ١.1.1.1                          | 10.0.0.1
            198.51.100.9           | 203.0.113.7                      | 203.0.113.7
            198.51.100.8           | 203.0.113.7                      | 198.51.100.8
            """)
    void plainHeaderIsWalkedFromTheRightToTheFirstUntrusted(String socket, String header, String client) {
        assertThat(plain.resolve(socket, lines(header))).hasToString(client);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\'',
            textBlock =
                    """
            203.0.113.7 | for=1.1.1.1                                        | 203.0.113.7
            10.0.0.1    | for=203.0.113.7                                    | 203.0.113.7
            10.0.0.1    | For=203.0.113.7;Proto=https;by=10.0.0.1            | 203.0.113.7
            10.0.0.1    | proto=https; for=203.0.113.7                       | 203.0.113.7
            10.0.0.1    | by=10.0.0.9;FOR="203.0.113.7:4711"                 | 203.0.113.7
            10.0.0.1    | for="[2001:db8:0:7::17]:4711"                      | 2001:db8:0:7::/64
            10.0.0.1    | for="[2001:db8:0:7::17]:_gazonk"                   | 2001:db8:0:7::/64
            10.0.0.1    | for="203.0.113.7:_p"                               | 203.0.113.7
            10.0.0.1    | for="203.0.113.7:_"                                | 10.0.0.1
            10.0.0.1    | for=1.1.1.1, for=203.0.113.7, for=10.0.0.2         | 203.0.113.7
            10.0.0.1    | for=1.1.1.1, for=unknown, for=10.0.0.2             | 10.0.0.2
            10.0.0.1    | for=1.1.1.1, for=_hidden                           | 10.0.0.1
            10.0.0.1    | for=1.1.1.1, proto=https                           | 10.0.0.1
            10.0.0.1    | for=1.1.1.1, proto=https, for=10.0.0.2             | 10.0.0.2
            10.0.0.1    | for=1.1.1.1, for=2.2.2.2;for=203.0.113.7           | 10.0.0.1
            10.0.0.1    | for=203.0.113.7;                                   | 203.0.113.7
            10.0.0.1    | for=203.0.113.7;host="a,b;c"                       | 203.0.113.7
            10.0.0.1    | for=1.1.1.1;host="a\\\\",b", for=203.0.113.7       | 203.0.113.7
            10.0.0.1    | for=203.0.113.7;host="a\\"                         | 10.0.0.1
            10.0.0.1    | for="1.1.1.1, for=203.0.113.7                      | 203.0.113.7
            10.0.0.1    | for=1.1.1.1;x=", for=203.0.113.7                   | 203.0.113.7
            10.0.0.1    | for=1.1.1.1;x=", for="203.0.113.7"                 | 203.0.113.7
            10.0.0.1    | for=1.1.1.1;x=", for=203.0.113.7;host="h"          | 203.0.113.7
            10.0.0.1    | for=1.1.1.1;x="\\, for="203.0.113.7", for=10.0.0.2 | 203.0.113.7
            10.0.0.1    | xfor=1.1.1.1                                       | 10.0.0.1
            10.0.0.1    | for = 1.1.1.1                                      | 10.0.0.1
            10.0.0.1    | for=                                               | 10.0.0.1
            10.0.0.1    | 203.0.113.7                                        | 10.0.0.1
            10.0.0.1    | for=203.0.113.7, for=10.0.0.3,for=10.0.0.2         | 203.0.113.7
            10.0.0.1    | for=10.0.0.3, for=10.0.0.2                         | 10.0.0.3
            """)
    void forwardedHeaderIsWalkedFromTheRightWhateverItsQuotes(String socket, String header, String client) {
        assertThat(rfc7239.resolve(socket, lines(header))).hasToString(client);
    }

    @Test
    void linesOfTheHeaderAreOneList() {
        assertThat(plain.resolve("10.0.0.1", lines("1.1.1.1", "203.0.113.7, 10.0.0.3", "10.0.0.2")))
                .hasToString("203.0.113.7");
        assertThat(plain.resolve("10.0.0.1", lines("1.1.1.1", "", "10.0.0.2"))).hasToString("10.0.0.2");
        assertThat(rfc7239.resolve("10.0.0.1", lines("for=\"1.1.1.1", "for=203.0.113.7")))
                .hasToString("203.0.113.7");
    }

    @Test
    void onlyTheConfiguredHeaderIsRead() {
        List<String> asked = new ArrayList<>();
        ClientIp ip = plain.resolve("10.0.0.1", name -> {
            asked.add(name);
            return List.of();
        });
        assertThat(ip).hasToString("10.0.0.1");
        assertThat(asked).containsExactly("X-Forwarded-For");
    }

    @Test
    void headerOfAnUntrustedPeerIsNotEvenRead() {
        ClientIpResolver trusting = new ClientIpResolver(ClientIpSettings.DEFAULT);
        ClientIpResolver.HeaderLines unread = name -> {
            throw new AssertionError(name);
        };
        assertThat(trusting.resolve("127.0.0.1", unread)).hasToString("127.0.0.1");
        assertThat(plain.resolve("203.0.113.7", unread)).hasToString("203.0.113.7");
        assertThat(plain.resolve(new byte[] {(byte) 203, 0, 113, 7}, unread)).hasToString("203.0.113.7");
    }

    @Test
    void socketThatHasNoAddressHasNoClient() {
        assertThat(plain.resolve((String) null, lines("1.1.1.1"))).isNull();
        assertThat(plain.resolve("", lines("1.1.1.1"))).isNull();
        assertThat(plain.resolve("proxy.example.org", lines("1.1.1.1"))).isNull();
        assertThat(plain.resolve(new byte[0], lines("1.1.1.1"))).isNull();
    }

    @Test
    void bytesAndTextOfASocketAreTheSameClient() {
        byte[] bytes = {0x20, 1, 0x0d, (byte) 0xb8, 0, 0, 0, 7, 0, 0, 0, 0, 0, 0, 0, 1};
        assertThat(plain.resolve(bytes, lines("1.1.1.1"))).isEqualTo(plain.resolve("2001:db8:0:7::9", lines()));
        byte[] proxy = {10, 0, 0, 1};
        assertThat(plain.resolve(proxy, lines("203.0.113.7"))).hasToString("203.0.113.7");
    }

    @Test
    void hundredThousandForgedHeadersNeverMoveTheClient() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        String alphabet = "0123456789abcdef.:,;=\"\\[]% _forunk\t";
        for (int i = 0; i < 100_000; i++) {
            StringBuilder forged = new StringBuilder();
            for (int length = random.nextInt(60); length > 0; length--) {
                forged.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            assertThat(plain.resolve("10.0.0.1", lines(forged + ", 203.0.113.7, 10.0.0.2")))
                    .as("seed %d, forged %s", seed, forged)
                    .hasToString("203.0.113.7");
            assertThat(rfc7239.resolve("10.0.0.1", lines(forged + ", for=\"203.0.113.7:1\";proto=http, for=10.0.0.2")))
                    .as("seed %d, forged %s", seed, forged)
                    .hasToString("203.0.113.7");
        }
    }

    @Test
    void prefixIsConfigurable() {
        assertThat(new ClientIpResolver(new ClientIpSettings(List.of(), "forwarded", 56))
                        .resolve("2001:db8:0:1ff::1", lines()))
                .hasToString("2001:db8:0:100::/56");
        assertThat(new ClientIpResolver(new ClientIpSettings(List.of(), "forwarded", 128))
                        .resolve("2001:db8:0:1ff::1", lines()))
                .hasToString("2001:db8:0:1ff::1");
    }

    @Test
    void networkServesALargerLimit() {
        ClientIp ip = plain.resolve("2001:db8:0:7::5", lines());
        assertThat(ip.network(48)).hasToString("2001:db8::/48");
        assertThat(ip.network(80)).isSameAs(ip);
        assertThat(ip.network(48).network(64)).hasToString("2001:db8::/48");
        assertThat(ip.network(48))
                .isEqualTo(plain.resolve("2001:db8:0:8::1", lines()).network(48));
        assertThat(ip.network(48)).isNotEqualTo(ip);

        ClientIp v4 = plain.resolve("203.0.113.7", lines());
        assertThat(v4.network(48)).isSameAs(v4);
        assertThat(v4.network(24, 48)).hasToString("203.0.113.0/24");
        assertThat(v4.network(32, 48)).isSameAs(v4);
        assertThatThrownBy(() -> ip.network(0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> ip.network(129)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> ip.network(33, 48)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "a b", "x:y", "x,y", "é"})
    void headerNameIsChecked(String header) {
        assertThatThrownBy(() -> new ClientIpSettings(List.of(), header, 64))
                .isInstanceOf(GuardConfigurationException.class)
                .hasMessageContaining("stanchion.web.client-ip.header");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, 129})
    void prefixIsChecked(int prefix) {
        assertThatThrownBy(() -> new ClientIpSettings(List.of(), "forwarded", prefix))
                .isInstanceOf(GuardConfigurationException.class)
                .hasMessageContaining("stanchion.web.client-ip.ipv6-prefix");
    }

    @Test
    void trustedProxiesAreChecked() {
        assertThatThrownBy(() -> new ClientIpSettings(List.of("10.0.0.0/8", "10.1.2.3/8"), "forwarded", 64))
                .isInstanceOf(GuardConfigurationException.class)
                .hasMessage(
                        "Network '10.1.2.3/8' of stanchion.web.client-ip.trusted-proxies has bits beyond its prefix;"
                                + " Use '10.0.0.0/8'.");
    }

    private static ClientIpResolver.HeaderLines lines(String... lines) {
        return name -> List.of(lines);
    }
}
