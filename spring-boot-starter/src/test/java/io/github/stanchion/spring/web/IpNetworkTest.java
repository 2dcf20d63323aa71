package io.github.stanchion.spring.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.stanchion.guard.GuardConfigurationException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IpNetworkTest {

    @ParameterizedTest
    @CsvSource(
            textBlock =
                    """
            10.0.0.0/8           , 10.255.1.2           , true
            10.0.0.0/8           , 11.0.0.0             , false
            10.0.0.0/8           , ::ffff:10.1.2.3      , true
            ::ffff:10.0.0.0/104  , 10.1.2.3             , true
            192.0.2.7            , 192.0.2.7            , true
            192.0.2.7            , 192.0.2.6            , false
            192.0.2.7/32         , 192.0.2.7            , true
            0.0.0.0/0            , 255.1.2.3            , true
            0.0.0.0/0            , ::1                  , false
            ::/0                 , 2001:db8::1          , true
            ::/0                 , 10.0.0.1             , false
            2001:db8::/32        , 2001:db8:ffff::1     , true
            2001:db8::/32        , 2001:db9::           , false
            2001:db8::1          , 2001:db8::1          , true
            2001:db8::1          , 2001:db8::2          , false
            fe80::/10            , febf::1              , true
            fe80::/10            , fec0::1              , false
            2001:db8:0:0:8000::/65, 2001:db8::8000:0:0:1, true
            2001:db8:0:0:8000::/65, 2001:db8::7000:0:0:1, false
            """)
    void containsWhatSharesItsPrefix(String network, String address, boolean contained) {
        assertThat(IpNetwork.parse(network, "here").contains(IpAddress.parse(address)))
                .isEqualTo(contained);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/8",
                "10.0.0.0/",
                "10.0.0.0/33",
                "10.0.0.0/-1",
                "10.0.0.0/08",
                "10.0.0.0/+8",
                "10.0.0.0/8/8",
                "10.0.0.0/255.0.0.0",
                "10/8",
                "::/129",
                "::/999999999999",
                "localhost",
                "proxy.example.org/24",
                "*",
                "fe80::%eth0/10",
                "10.0.0.0 /8",
                "10.0.0.0/ 8"
            })
    void errorNamesValueAndProperty(String network) {
        assertThatThrownBy(() -> IpNetwork.parse(network, "stanchion.web.client-ip.trusted-proxies"))
                .isInstanceOf(GuardConfigurationException.class)
                .hasMessageStartingWith("Network '" + network + "' of stanchion.web.client-ip.trusted-proxies ")
                .hasMessageContaining("; Use ");
    }

    @ParameterizedTest
    @CsvSource({"10.1.2.3/8, 10.0.0.0/8", "192.0.2.7/31, 192.0.2.6/31", "2001:db8::1/32, 2001:db8::/32"})
    void errorOfStrayBitsNamesTheNetworkThatWasMeant(String network, String meant) {
        assertThatThrownBy(() -> IpNetwork.parse(network, "here")).hasMessageContaining("Use '" + meant + "'.");
    }
}
