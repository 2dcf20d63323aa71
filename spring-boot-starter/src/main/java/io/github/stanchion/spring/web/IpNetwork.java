package io.github.stanchion.spring.web;

import io.github.stanchion.guard.GuardConfigurationException;

/** A block of addresses, as CIDR writes it; never both IPv4 and IPv6. */
record IpNetwork(IpAddress base, int bits) {

    private static final int IPV4_OFFSET = 96;

    /**
     * Reads {@code 10.0.0.0/8}, {@code 2001:db8::/32}, or a single address.
     *
     * @param property where the text comes from, for messages
     */
    static IpNetwork parse(String text, String property) {
        int slash = text.indexOf('/');
        IpAddress address = IpAddress.parse(slash < 0 ? text : text.substring(0, slash));
        if (address == null || text.indexOf('%') >= 0) {
            throw invalid(
                    text, property, "is no IP address", "Use one such as '10.0.0.0/8', '2001:db8::/32', '192.0.2.7'.");
        }
        boolean dotted = address.isIpv4() && text.indexOf(':') < 0;
        int widest = dotted ? 32 : 128;
        int prefix = slash < 0 ? widest : prefix(text, slash + 1);
        if (prefix < 0 || prefix > widest) {
            throw invalid(text, property, "has no prefix length after its '/'", "Use 0 to " + widest + ".");
        }
        int bits = dotted ? prefix + IPV4_OFFSET : prefix;
        IpAddress base = address.masked(bits);
        if (!base.equals(address)) {
            throw invalid(text, property, "has bits beyond its prefix", "Use '" + base + "/" + prefix + "'.");
        }
        return new IpNetwork(base, bits);
    }

    private static GuardConfigurationException invalid(String text, String property, String how, String action) {
        return new GuardConfigurationException("Network '" + text + "' of " + property + " " + how, action);
    }

    private static int prefix(String text, int from) {
        int length = text.length() - from;
        if (length < 1 || length > 3 || length > 1 && text.charAt(from) == '0') {
            return -1;
        }
        int prefix = 0;
        for (int i = from; i < text.length(); i++) {
            int digit = text.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            prefix = prefix * 10 + digit;
        }
        return prefix;
    }

    boolean contains(IpAddress address) {
        return address.isIpv4() == (bits >= IPV4_OFFSET && base.isIpv4())
                && address.masked(bits).equals(base);
    }
}
