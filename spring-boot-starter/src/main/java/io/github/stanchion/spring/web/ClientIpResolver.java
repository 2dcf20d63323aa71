package io.github.stanchion.spring.web;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Tells a client's address from what it claims; thread-safe, never asks a name server.
 *
 * <p>The socket's address counts, unless it belongs to a trusted proxy. Then the hops of the configured header count, all its
 * lines joined, from the right: each was written by the machine whose address stands right of it. The first address that is
 * no trusted proxy's is the client's; if all are trusted, the left-most; and a hop that cannot be read ends the walk at the
 * last one that could.
 *
 * <p>An IPv4 address within an IPv6 one (mapped, NAT64, 6to4) is that IPv4 address. A private address inside NAT64 or 6to4
 * is not trusted for what it claims to be: neither may carry one.
 */
public final class ClientIpResolver {

    private final IpNetwork[] trusted;
    private final String header;
    private final boolean forwarded;
    private final int ipv6Prefix;

    public ClientIpResolver(ClientIpSettings settings) {
        this.trusted = settings.networks().toArray(IpNetwork[]::new);
        this.header = settings.header();
        this.forwarded = header.toLowerCase(Locale.ROOT).equals("forwarded");
        this.ipv6Prefix = settings.ipv6Prefix();
    }

    /**
     * The client of a request.
     *
     * @param socketAddress the literal that the socket's peer has, zone and all
     * @return null if the socket's address is none of the internet's, as of a Unix domain socket
     */
    public @Nullable ClientIp resolve(@Nullable String socketAddress, HeaderLines headers) {
        if (socketAddress == null) {
            return null;
        }
        IpAddress peer = IpAddress.parse(socketAddress);
        if (peer == null) {
            return null;
        }
        // A dotted literal is canonical, as leading zeros are refused.
        boolean canonical = peer.isIpv4() && socketAddress.indexOf(':') < 0;
        return trusts(peer) ? clientBehind(peer, headers) : client(peer, canonical ? socketAddress : null);
    }

    /**
     * The client of a request.
     *
     * @param socketAddress the 4 or 16 bytes of the socket's peer, in network order
     */
    public @Nullable ClientIp resolve(byte[] socketAddress, HeaderLines headers) {
        IpAddress peer = IpAddress.of(socketAddress);
        if (peer == null) {
            return null;
        }
        return trusts(peer) ? clientBehind(peer, headers) : client(peer, null);
    }

    private ClientIp clientBehind(IpAddress proxy, HeaderLines headers) {
        IpAddress last = proxy;
        List<String> lines = headers.lines(header);
        for (int i = lines.size() - 1; i >= 0; i--) {
            ForwardedHops hops = new ForwardedHops(lines.get(i), forwarded);
            while (hops.hasNext()) {
                IpAddress hop = hops.next();
                if (hop == null) {
                    return client(last, null);
                }
                if (!trusts(hop)) {
                    return client(hop, null);
                }
                last = hop;
            }
        }
        return client(last, null);
    }

    private ClientIp client(IpAddress address, @Nullable String text) {
        return ClientIp.of(address.embedded(), ipv6Prefix, text);
    }

    private boolean trusts(IpAddress address) {
        if (trusted.length == 0) {
            return false;
        }
        IpAddress embedded = address.embedded();
        boolean credible = embedded.equals(address) || embedded.isRoutableIpv4();
        for (IpNetwork network : trusted) {
            if (network.contains(address) || credible && network.contains(embedded)) {
                return true;
            }
        }
        return false;
    }

    /** Reads a request's headers. */
    @FunctionalInterface
    public interface HeaderLines {

        /** The lines of a header in the order received; none if there are none. */
        List<String> lines(String name);
    }
}
