package io.github.stanchion.spring.web;

import org.jspecify.annotations.Nullable;

/**
 * 128 bits of an IP address; an IPv4 address is held as {@code ::ffff:a.b.c.d}, so that its mapped form is the same value.
 *
 * <p>Read from literals only, strictly: four decimal octets without leading zeros, or RFC 4291 text. Names are never
 * resolved.
 */
record IpAddress(long high, long low) {

    private static final long MAPPED = 0xffffL;
    private static final long NAT64 = 0x0064_ff9b_0000_0000L;
    private static final int SIX_TO_FOUR = 0x2002;

    static IpAddress ofIpv4(int bits) {
        return new IpAddress(0, MAPPED << 32 | Integer.toUnsignedLong(bits));
    }

    /** The address of these bytes in network order, null unless there are 4 or 16. */
    static @Nullable IpAddress of(byte[] bytes) {
        if (bytes.length == 4) {
            return ofIpv4((int) number(bytes, 0, 4));
        }
        return bytes.length == 16 ? new IpAddress(number(bytes, 0, 8), number(bytes, 8, 8)) : null;
    }

    private static long number(byte[] bytes, int from, int count) {
        long number = 0;
        for (int i = from; i < from + count; i++) {
            number = number << 8 | bytes[i] & 0xff;
        }
        return number;
    }

    /** The address that this text is a literal of, a zone ({@code %eth0}) left out; null if it is none. */
    static @Nullable IpAddress parse(CharSequence text) {
        return IpLiteral.parse(text, 0, text.length());
    }

    boolean isIpv4() {
        return high == 0 && low >>> 32 == MAPPED;
    }

    /** The IPv4 address within a NAT64 (RFC 6052) or 6to4 (RFC 3056) address; else this. */
    IpAddress embedded() {
        if (high == NAT64 && low >>> 32 == 0) {
            return ofIpv4((int) low);
        }
        return high >>> 48 == SIX_TO_FOUR ? ofIpv4((int) (high >>> 16)) : this;
    }

    /**
     * Whether an IPv4 address may travel inside an IPv6 one: RFC 3056 and RFC 6052 forbid it to private, loopback, link-local,
     * shared and multicast addresses, so somebody who claims one of those is making it up.
     */
    boolean isRoutableIpv4() {
        int bits = (int) low;
        int first = bits >>> 24;
        int second = bits >>> 16 & 0xff;
        return isIpv4()
                && first != 0
                && first != 10
                && first != 127
                && first < 224
                && !(first == 100 && second >> 6 == 1)
                && !(first == 169 && second == 254)
                && !(first == 172 && second >> 4 == 1)
                && !(first == 192 && second == 168);
    }

    /** This address with all but its first bits cleared. */
    IpAddress masked(int bits) {
        return new IpAddress(high & mask(bits), low & mask(bits - 64));
    }

    private static long mask(int bits) {
        if (bits <= 0) {
            return 0;
        }
        return bits >= 64 ? -1L : -1L << (64 - bits);
    }

    /** Dotted decimal, or the form of RFC 5952: lower case, no leading zeros, the longest run of zeros left out. */
    @Override
    public String toString() {
        if (isIpv4()) {
            int bits = (int) low;
            return (bits >>> 24) + "." + (bits >>> 16 & 0xff) + "." + (bits >>> 8 & 0xff) + "." + (bits & 0xff);
        }
        return ipv6Text();
    }

    private String ipv6Text() {
        int gap = -1;
        int gapLength = 1;
        for (int start = 0; start < 8; start++) {
            int end = start;
            while (end < 8 && group(end) == 0) {
                end++;
            }
            if (end - start > gapLength) {
                gap = start;
                gapLength = end - start;
            }
            start = Math.max(start, end - 1);
        }
        StringBuilder text = new StringBuilder(39);
        for (int i = 0; i < 8; i++) {
            if (i == gap) {
                text.append(i == 0 ? "::" : ":");
                i += gapLength - 1;
            } else {
                text.append(Integer.toHexString(group(i)));
                if (i < 7) {
                    text.append(':');
                }
            }
        }
        return text.toString();
    }

    private int group(int index) {
        long half = index < 4 ? high : low;
        return (int) (half >>> (48 - 16 * (index & 3))) & 0xffff;
    }
}
