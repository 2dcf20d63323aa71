package io.github.stanchion.spring.web;

import org.jspecify.annotations.Nullable;

/** Reads IP literals, character by character: no names, no octal, no short forms, nothing that a resolver might be asked. */
final class IpLiteral {

    private static final long NOT_IPV4 = -1;

    private IpLiteral() {}

    /** The address that {@code text[from, to)} is a literal of, a zone left out; null if it is none. */
    static @Nullable IpAddress parse(CharSequence text, int from, int to) {
        long ipv4 = ipv4(text, from, to);
        return ipv4 == NOT_IPV4 ? ipv6(text, from, to) : IpAddress.ofIpv4((int) ipv4);
    }

    private static long ipv4(CharSequence text, int from, int to) {
        if (to - from < 7 || to - from > 15) {
            return NOT_IPV4;
        }
        long bits = 0;
        int octets = 0;
        int octet = -1;
        for (int i = from; i < to; i++) {
            char c = text.charAt(i);
            if (c == '.') {
                if (octet < 0 || ++octets > 3) {
                    return NOT_IPV4;
                }
                bits = bits << 8 | octet;
                octet = -1;
            } else if (c < '0' || c > '9' || octet == 0) {
                return NOT_IPV4;
            } else {
                octet = (octet < 0 ? 0 : octet * 10) + c - '0';
                if (octet > 255) {
                    return NOT_IPV4;
                }
            }
        }
        return octets == 3 && octet >= 0 ? bits << 8 | octet : NOT_IPV4;
    }

    private static @Nullable IpAddress ipv6(CharSequence text, int from, int to) {
        int end = endWithoutZone(text, from, to);
        if (end - from < 2 || end - from > 45 || text.charAt(from) == ':' && text.charAt(from + 1) != ':') {
            return null;
        }
        Groups groups = new Groups();
        int i = from;
        while (i < end) {
            if (text.charAt(i) == ':' && i + 1 < end && text.charAt(i + 1) == ':') {
                if (!groups.addGap()) {
                    return null;
                }
                i += 2;
                continue;
            }
            int stop = i;
            while (stop < end && text.charAt(stop) != ':') {
                stop++;
            }
            if (!groups.add(text, i, stop, end)) {
                return null;
            }
            i = stop;
            if (i < end && !(i + 1 < end && text.charAt(i + 1) == ':')) {
                i++;
                if (i == end) {
                    return null;
                }
            }
        }
        return groups.address();
    }

    /** The end of the address within {@code text}, before a zone such as {@code %eth0}; nothing is left before an empty one. */
    private static int endWithoutZone(CharSequence text, int from, int to) {
        for (int i = from; i < to; i++) {
            if (text.charAt(i) == '%') {
                return i + 1 < to ? i : from;
            }
        }
        return to;
    }

    /** The groups read so far: those before the gap ({@code ::}), then those after it. */
    private static final class Groups {

        private long high;
        private long low;
        private int count;
        private int gap = -1;

        boolean addGap() {
            if (gap >= 0) {
                return false;
            }
            gap = count;
            return true;
        }

        boolean add(CharSequence text, int from, int to, int end) {
            if (to == end && to - from >= 7) {
                long ipv4 = ipv4(text, from, to);
                return ipv4 != NOT_IPV4 && push((int) (ipv4 >>> 16)) && push((int) ipv4 & 0xffff);
            }
            if (to == from || to - from > 4) {
                return false;
            }
            int group = 0;
            for (int i = from; i < to; i++) {
                int digit = hexDigit(text.charAt(i));
                if (digit < 0) {
                    return false;
                }
                group = group << 4 | digit;
            }
            return push(group);
        }

        private boolean push(int group) {
            high = high << 16 | low >>> 48;
            low = low << 16 | group;
            return ++count <= 8;
        }

        private static int hexDigit(char c) {
            if (c >= '0' && c <= '9') {
                return c - '0';
            }
            int letter = c | 0x20;
            return c < 0x80 && letter >= 'a' && letter <= 'f' ? letter - 'a' + 10 : -1;
        }

        @Nullable
        IpAddress address() {
            if (gap < 0) {
                return count == 8 ? new IpAddress(high, low) : null;
            }
            if (count > 7) {
                return null;
            }
            long[] halves = {0, 0};
            for (int i = 0; i < count; i++) {
                int place = i < gap ? i : 8 - count + i;
                halves[place >> 2] |= group(i) << (48 - 16 * (place & 3));
            }
            return new IpAddress(halves[0], halves[1]);
        }

        private long group(int index) {
            int fromEnd = count - 1 - index;
            return (fromEnd < 4 ? low >>> 16 * fromEnd : high >>> 16 * (fromEnd - 4)) & 0xffff;
        }
    }
}
