package io.github.stanchion.spring.web;

import org.jspecify.annotations.Nullable;

/**
 * The hops of one line of a forwarding header, from the right; not thread-safe.
 *
 * <p>Reading from the right matters: what stands left was written by parties trusted less. An opening quote that a client
 * leaves open can then swallow its own hops only, never those that proxies appended.
 */
final class ForwardedHops {

    private final String line;
    private final boolean forwarded;
    private int end;

    /** @param forwarded whether the line is RFC 7239's, else a plain list of addresses */
    ForwardedHops(String line, boolean forwarded) {
        this.line = line;
        this.forwarded = forwarded;
        this.end = line.length();
    }

    boolean hasNext() {
        return end >= 0;
    }

    /** The address of the next hop to the left, null if it has none that can be read. */
    @Nullable
    IpAddress next() {
        int to = end;
        int from = forwarded ? startOf(',', 0, to) : line.lastIndexOf(',', to - 1) + 1;
        end = from - 1;
        return forwarded ? parameter(from, to) : node(from, to);
    }

    /** Where the right-most part of {@code line[from, to)} begins, after the last separator that is outside of quotes. */
    private int startOf(char separator, int from, int to) {
        boolean quoted = false;
        for (int i = to - 1; i >= from; i--) {
            char c = line.charAt(i);
            if (c == '"' && !escaped(i, from)) {
                quoted = !quoted;
            } else if (c == separator && !quoted) {
                return i + 1;
            }
        }
        return from;
    }

    private boolean escaped(int index, int from) {
        int backslashes = 0;
        while (index - 1 - backslashes >= from && line.charAt(index - 1 - backslashes) == '\\') {
            backslashes++;
        }
        return backslashes % 2 == 1;
    }

    /** The address of an element's {@code for=}; null without one, or with two. */
    private @Nullable IpAddress parameter(int from, int to) {
        IpAddress address = null;
        boolean found = false;
        int end = to;
        while (end >= from) {
            int start = startOf(';', from, end);
            int name = skipSpace(start, end);
            if (line.regionMatches(true, name, "for=", 0, 4) && name + 4 <= end) {
                if (found) {
                    return null;
                }
                found = true;
                address = node(name + 4, end);
            }
            end = start - 1;
        }
        return address;
    }

    /** An address, perhaps quoted, in brackets, with a port. */
    private @Nullable IpAddress node(int begin, int stop) {
        int from = skipSpace(begin, stop);
        int to = stop;
        while (to > from && isSpace(line.charAt(to - 1))) {
            to--;
        }
        if (to - from >= 2 && line.charAt(from) == '"' && line.charAt(to - 1) == '"') {
            from++;
            to--;
        }
        if (from < to && line.charAt(from) == '[') {
            int bracket = line.indexOf(']', from);
            if (bracket < 0 || bracket >= to || !(bracket + 1 == to || isPort(bracket + 1, to))) {
                return null;
            }
            return IpLiteral.parse(line, from + 1, bracket);
        }
        int colon = line.indexOf(':', from);
        boolean port = colon >= 0 && colon < to && line.lastIndexOf(':', to - 1) == colon;
        if (port && !isPort(colon, to)) {
            return null;
        }
        return IpLiteral.parse(line, from, port ? colon : to);
    }

    /** {@code :443}, or RFC 7239's made-up {@code :_name}. */
    private boolean isPort(int colon, int to) {
        int from = colon + 1;
        if (line.charAt(colon) != ':' || from >= to) {
            return false;
        }
        if (line.charAt(from) == '_') {
            return forwarded && to - from > 1;
        }
        int port = 0;
        for (int i = from; i < to; i++) {
            int digit = line.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return false;
            }
            port = Math.min(port * 10 + digit, 0x10000);
        }
        return port <= 0xffff && to - from <= 5;
    }

    private int skipSpace(int from, int to) {
        int i = from;
        while (i < to && isSpace(line.charAt(i))) {
            i++;
        }
        return i;
    }

    private static boolean isSpace(char c) {
        return c == ' ' || c == '\t';
    }
}
