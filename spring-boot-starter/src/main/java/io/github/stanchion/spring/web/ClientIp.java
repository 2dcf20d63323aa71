package io.github.stanchion.spring.web;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Who calls, as far as its address tells: {@code #ip} in key expressions.
 *
 * <p>An IPv4 address stands for itself. Of an IPv6 address only the network counts, a /64 unless configured otherwise, as
 * one subscriber owns all addresses in it. Immutable; equal if the text is equal.
 */
public final class ClientIp {

    private final IpAddress address;
    private final int prefix;
    private final String text;

    private ClientIp(IpAddress address, int prefix, @Nullable String text) {
        this.address = address;
        this.prefix = prefix;
        this.text = text != null ? text : prefix < 128 ? address + "/" + prefix : address.toString();
    }

    /** @param text the address as text, if it is known to be in canonical form */
    static ClientIp of(IpAddress address, int ipv6Prefix, @Nullable String text) {
        return address.isIpv4()
                ? new ClientIp(address, 128, text)
                : new ClientIp(address.masked(ipv6Prefix), ipv6Prefix, null);
    }

    /** Whether this is an IPv4 address, directly or inside an IPv6 one. */
    public boolean isIpv4() {
        return address.isIpv4();
    }

    /**
     * The IPv6 network that holds this address, for a second, larger limit: {@code #ip.network(48)}. IPv4 addresses stay what
     * they are.
     *
     * @param ipv6Prefix bits that count, 1 to 128; more than are known change nothing
     */
    public ClientIp network(int ipv6Prefix) {
        return network(32, ipv6Prefix);
    }

    /**
     * The network that holds this address, of either family.
     *
     * @param ipv4Prefix bits that count of an IPv4 address, 1 to 32
     * @param ipv6Prefix bits that count of an IPv6 address, 1 to 128
     */
    public ClientIp network(int ipv4Prefix, int ipv6Prefix) {
        requirePrefix(ipv4Prefix, 32);
        requirePrefix(ipv6Prefix, 128);
        if (!isIpv4()) {
            return ipv6Prefix >= prefix ? this : new ClientIp(address.masked(ipv6Prefix), ipv6Prefix, null);
        }
        if (ipv4Prefix + 96 >= prefix) {
            return this;
        }
        IpAddress base = address.masked(ipv4Prefix + 96);
        return new ClientIp(base, ipv4Prefix + 96, base + "/" + ipv4Prefix);
    }

    private static void requirePrefix(int prefix, int widest) {
        if (prefix < 1 || prefix > widest) {
            throw new IllegalArgumentException(
                    "Prefix length '" + prefix + "' is no part of an address; use 1 to " + widest);
        }
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof ClientIp that && prefix == that.prefix && address.equals(that.address);
    }

    @Override
    public int hashCode() {
        return Objects.hash(address, prefix);
    }

    /** The canonical text: {@code 203.0.113.7}, {@code 2001:db8:0:7::/64}. */
    @Override
    public String toString() {
        return text;
    }
}
