package io.github.stanchion.spring.web;

import io.github.stanchion.guard.GuardConfigurationException;
import java.util.List;

/**
 * Whose word on the client's address counts: {@code stanchion.web.client-ip}.
 *
 * @param trustedProxies networks in CIDR form whose forwarding header is believed; none: the header is never read
 * @param header the one header that is read; {@code forwarded} is read as RFC 7239 says, every other as a plain list
 * @param ipv6Prefix how many bits of an IPv6 address tell clients apart, 1 to 128
 */
public record ClientIpSettings(List<String> trustedProxies, String header, int ipv6Prefix) {

    static final String PROPERTY = "stanchion.web.client-ip";

    /** Nobody is trusted; a /64 is one client. */
    public static final ClientIpSettings DEFAULT = new ClientIpSettings(List.of(), "x-forwarded-for", 64);

    public ClientIpSettings {
        trustedProxies = List.copyOf(trustedProxies);
        if (header.isEmpty() || !header.chars().allMatch(c -> c > ' ' && c < 0x7f && c != ':' && c != ',')) {
            throw new GuardConfigurationException(
                    "Header '" + header + "' of " + PROPERTY + ".header is no header name",
                    "Use 'x-forwarded-for' or 'forwarded'.");
        }
        if (ipv6Prefix < 1 || ipv6Prefix > 128) {
            throw new GuardConfigurationException(
                    "Prefix length '" + ipv6Prefix + "' of " + PROPERTY + ".ipv6-prefix is no part of an address",
                    "Use 1 to 128, usually 64.");
        }
        trustedProxies.forEach(network -> IpNetwork.parse(network, PROPERTY + ".trusted-proxies"));
    }

    List<IpNetwork> networks() {
        return trustedProxies.stream()
                .map(network -> IpNetwork.parse(network, PROPERTY + ".trusted-proxies"))
                .toList();
    }
}
