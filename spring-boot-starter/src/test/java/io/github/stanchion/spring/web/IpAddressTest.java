package io.github.stanchion.spring.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IpAddressTest {

    @ParameterizedTest
    @CsvSource(
            textBlock =
                    """
            203.0.113.7                              , 203.0.113.7
            0.0.0.0                                  , 0.0.0.0
            255.255.255.255                          , 255.255.255.255
            ::                                       , ::
            ::1                                      , ::1
            1::                                      , 1::
            2001:DB8::1                              , 2001:db8::1
            2001:0db8:0000:0000:0000:0000:0000:0001  , 2001:db8::1
            2001:db8:0:1:1:1:1:1                     , 2001:db8:0:1:1:1:1:1
            2001:0:0:1:0:0:0:1                       , 2001:0:0:1::1
            2001:db8:0:0:1:0:0:1                     , 2001:db8::1:0:0:1
            0:0:0:0:0:0:0:0                          , ::
            1:2:3:4:5:6:7:8                          , 1:2:3:4:5:6:7:8
            1:2:3:4:5:6:7::                          , 1:2:3:4:5:6:7:0
            ::2:3:4:5:6:7:8                          , 0:2:3:4:5:6:7:8
            1::8                                     , 1::8
            ::ffff:203.0.113.7                       , 203.0.113.7
            ::FFFF:cb00:7107                         , 203.0.113.7
            0:0:0:0:0:ffff:203.0.113.7               , 203.0.113.7
            ::203.0.113.7                            , ::cb00:7107
            64:ff9b::203.0.113.7                     , 64:ff9b::cb00:7107
            1:2:3:4:5:6:203.0.113.7                  , 1:2:3:4:5:6:cb00:7107
            fe80::1%eth0                             , fe80::1
            fe80::1%25en0                            , fe80::1
            ::ffff:203.0.113.7%3                     , 203.0.113.7
            """)
    void literalHasOneCanonicalText(String literal, String canonical) {
        assertThat(IpAddress.parse(literal)).hasToString(canonical);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                ".",
                ":",
                ":::",
                "::1::",
                "1::2::3",
                "1:2:3:4:5:6:7",
                "1:2:3:4:5:6:7:8:9",
                "1:2:3:4:5:6:7:8::",
                "::1:2:3:4:5:6:7:8",
                "1:",
                ":1",
                "1:2:3:4:5:6:7:",
                ":2:3:4:5:6:7:8",
                "12345::",
                "g::",
                "::g",
                "1:2:::8",
                "127.1",
                "1",
                "2130706433",
                "0x7f.0.0.1",
                "0177.0.0.1",
                "127.0.0.01",
                "00.0.0.0",
                "256.0.0.1",
                "1.2.3",
                "1.2.3.",
                ".1.2.3",
                "1..2.3",
                "1.2.3.4.5",
                "1.2.3.4 ",
                " 1.2.3.4",
                "+1.2.3.4",
                "-1.2.3.4",
                "1.2.3.4/32",
                "1.2.3.4%eth0",
                "1.2.3.1000",
                "1.2.3.4:80",
                "[::1]",
                "localhost",
                "example.org",
                "unknown",
                "_hidden",
                "::ffff:1.2.3",
                "::ffff:1.2.3.256",
                "::ffff:01.2.3.4",
                "1.2.3.4::",
                "::1.2.3.4:5",
                "fe80::1%",
                "%eth0",
                "1:2:3:4:5:6:7:1.2.3.4",
                "٢٠٣.0.113.7",
                "２０３.0.113.7",
                "::１",
                "::\u0141",
                "1.2.3.4\0",
                "::1\n",
                "∷1"
            })
    void whatIsNoStrictLiteralIsNoAddress(String text) {
        assertThat(IpAddress.parse(text)).isNull();
    }

    @ParameterizedTest
    @CsvSource(
            textBlock =
                    """
            64:ff9b::203.0.113.7        , 203.0.113.7
            64:ff9b::a00:1              , 10.0.0.1
            64:ff9b:0:0:0:1:cb00:7107   , 64:ff9b::1:cb00:7107
            64:ff9b:1::cb00:7107        , 64:ff9b:1::cb00:7107
            2002:cb00:7107::            , 203.0.113.7
            2002:cb00:7107:1:2:3:4:5    , 203.0.113.7
            2003:cb00:7107::            , 2003:cb00:7107::
            2001:db8::1                 , 2001:db8::1
            203.0.113.7                 , 203.0.113.7
            """)
    void embeddedIpv4IsFoundByItsBits(String literal, String embedded) {
        assertThat(IpAddress.parse(literal).embedded()).hasToString(embedded);
    }

    @ParameterizedTest
    @CsvSource(
            textBlock =
                    """
            203.0.113.7, true
            0.1.2.3, false
            10.255.0.1, false
            11.0.0.1, true
            100.63.255.255, true
            100.64.0.0, false
            100.127.255.255, false
            100.128.0.0, true
            127.0.0.1, false
            169.254.169.254, false
            169.253.0.1, true
            172.15.255.255, true
            172.16.0.0, false
            172.31.255.255, false
            172.32.0.0, true
            192.168.1.1, false
            192.167.1.1, true
            223.255.255.255, true
            224.0.0.1, false
            255.255.255.255, false
            2001:db8::1, false
            """)
    void privateAddressesAreNotRoutable(String literal, boolean routable) {
        assertThat(IpAddress.parse(literal).isRoutableIpv4()).isEqualTo(routable);
    }

    @Test
    void everyAddressReadsBackFromItsTextAndFromItsBytes() throws UnknownHostException {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = new byte[i % 3 == 0 ? 4 : 16];
            random.nextBytes(bytes);
            for (int zeros = random.nextInt(4); zeros > 0; zeros--) {
                int at = random.nextInt(bytes.length / 2) * 2;
                bytes[at] = 0;
                bytes[at + 1] = 0;
            }
            IpAddress address = IpAddress.of(bytes);
            assertThat(IpAddress.parse(address.toString())).as("seed %d", seed).isEqualTo(address);
            // Given bytes, InetAddress makes text without asking anybody.
            assertThat(IpAddress.parse(InetAddress.getByAddress(bytes).getHostAddress()))
                    .as("seed %d", seed)
                    .isEqualTo(address);
        }
    }

    @Test
    void bytesOfAnotherLengthAreNoAddress() {
        assertThat(IpAddress.of(new byte[5])).isNull();
        assertThat(IpAddress.of(new byte[0])).isNull();
    }
}
