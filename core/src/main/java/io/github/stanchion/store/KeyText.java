package io.github.stanchion.store;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

/**
 * Writes any text as ASCII that needs no quoting, injectively, and reads it back.
 *
 * <p>Bytes of the UTF-8 form outside {@code A-Za-z0-9._@+-} become {@code %XX}; an unpaired surrogate, which has no UTF-8
 * form, becomes {@code %uXXXX} rather than a question mark that it would share with others.
 */
final class KeyText {

    private static final char[] HEX = "0123456789ABCDEF".toCharArray();
    private static final String HASHED = "h.";
    private static final int WORST_GROWTH = 9;

    private KeyText() {}

    /** Whether a part of this length fits into {@code longest} characters behind its length, however it is escaped. */
    static boolean surelyFits(String part, int longest) {
        if (part.length() <= (longest - 4) / WORST_GROWTH) {
            return true;
        }
        if (part.length() + 4 > longest) {
            return false;
        }
        for (int i = 0; i < part.length(); i++) {
            if (!plain(part.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    /** Appends {@code <length>.<text>}. */
    static void appendPart(StringBuilder to, String part) {
        int start = to.length();
        append(to, part);
        int length = to.length() - start;
        to.insert(start, length + ".");
    }

    /** The parts of a subject that {@link #appendPart} wrote. */
    static List<String> parts(String subject) {
        List<String> parts = new ArrayList<>();
        int at = 0;
        while (at < subject.length()) {
            int dot = subject.indexOf('.', at);
            int length = dot < 0 ? -1 : digits(subject, at, dot);
            if (length < 0 || length > subject.length() - dot - 1) {
                throw unreadable(subject);
            }
            parts.add(decode(subject.substring(dot + 1, dot + 1 + length)));
            at = dot + 1 + length;
        }
        if (parts.isEmpty()) {
            throw unreadable(subject);
        }
        return parts;
    }

    private static int digits(String text, int from, int to) {
        if (to == from || to - from > 4 || text.charAt(from) == '0' && to - from > 1) {
            return -1;
        }
        int n = 0;
        for (int i = from; i < to; i++) {
            char c = text.charAt(i);
            if (c < '0' || c > '9') {
                return -1;
            }
            n = n * 10 + c - '0';
        }
        return n;
    }

    /** The text of a name, or its hash if that has more than {@code longest} characters. */
    static String bounded(String raw, int longest) {
        StringBuilder text = encoded(raw);
        return text.length() <= longest ? text.toString() : hash(text);
    }

    /** As {@link #bounded}, with half a hash: a tag picks a slot and identifies nobody. */
    static String boundedTag(String raw, int longest) {
        StringBuilder text = encoded(raw);
        return text.length() <= longest ? text.toString() : HASHED + base64(Arrays.copyOf(digest(text), 16));
    }

    /** Nothing but a hash begins like one: a text that does has its first letter escaped. */
    private static StringBuilder encoded(String raw) {
        StringBuilder text = new StringBuilder(raw.length() + 8);
        if (raw.startsWith(HASHED)) {
            text.append("%68");
            append(text, raw.substring(1));
        } else {
            append(text, raw);
        }
        return text;
    }

    static boolean isHashed(String text) {
        return text.startsWith(HASHED);
    }

    /** The hash {@code text}, if that is one. */
    static String requireHash(String text) {
        return requireDigest(text, 32);
    }

    /** The tag {@code text}, if {@link #boundedTag} writes it. */
    static String requireTag(String text, int longest) {
        if (isHashed(text)) {
            return requireDigest(text, 16);
        }
        if (!boundedTag(decode(text), longest).equals(text)) {
            throw unreadable(text);
        }
        return text;
    }

    private static String requireDigest(String text, int bytes) {
        try {
            byte[] digest = Base64.getUrlDecoder().decode(text.substring(HASHED.length()));
            if (digest.length == bytes && text.equals(HASHED + base64(digest))) {
                return text;
            }
        } catch (IllegalArgumentException notBase64) {
            // reported below, as any other text that is not ours
        }
        throw unreadable(text);
    }

    static String hash(CharSequence ascii) {
        return HASHED + base64(digest(ascii));
    }

    private static String base64(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    static byte[] digest(CharSequence ascii) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(ascii.toString().getBytes(StandardCharsets.US_ASCII));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("SHA-256 is missing, which every Java platform has", impossible);
        }
    }

    static void append(StringBuilder to, String raw) {
        for (int i = 0; i < raw.length(); i++) {
            char c = raw.charAt(i);
            if (plain(c)) {
                to.append(c);
            } else if (!Character.isSurrogate(c)) {
                appendUtf8(to, c);
            } else if (Character.isHighSurrogate(c)
                    && i + 1 < raw.length()
                    && Character.isLowSurrogate(raw.charAt(i + 1))) {
                appendUtf8(to, Character.toCodePoint(c, raw.charAt(++i)));
            } else {
                to.append("%u")
                        .append(HEX[c >> 12])
                        .append(HEX[c >> 8 & 15])
                        .append(HEX[c >> 4 & 15])
                        .append(HEX[c & 15]);
            }
        }
    }

    private static void appendUtf8(StringBuilder to, int codePoint) {
        if (codePoint < 0x80) {
            appendByte(to, codePoint);
        } else if (codePoint < 0x800) {
            appendByte(to, 0xC0 | codePoint >> 6);
            appendByte(to, 0x80 | codePoint & 0x3F);
        } else if (codePoint < 0x10000) {
            appendByte(to, 0xE0 | codePoint >> 12);
            appendByte(to, 0x80 | codePoint >> 6 & 0x3F);
            appendByte(to, 0x80 | codePoint & 0x3F);
        } else {
            appendByte(to, 0xF0 | codePoint >> 18);
            appendByte(to, 0x80 | codePoint >> 12 & 0x3F);
            appendByte(to, 0x80 | codePoint >> 6 & 0x3F);
            appendByte(to, 0x80 | codePoint & 0x3F);
        }
    }

    private static void appendByte(StringBuilder to, int value) {
        to.append('%').append(HEX[value >> 4]).append(HEX[value & 15]);
    }

    private static boolean plain(char c) {
        return c >= 'a' && c <= 'z'
                || c >= '0' && c <= '9'
                || c >= 'A' && c <= 'Z'
                || c == '.'
                || c == '_'
                || c == '@'
                || c == '+'
                || c == '-';
    }

    /** Inverts {@link #append}. */
    static String decode(String text) {
        StringBuilder raw = new StringBuilder(text.length());
        byte[] utf8 = new byte[text.length() / 3];
        int at = 0;
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c != '%') {
                if (!plain(c)) {
                    throw unreadable(text);
                }
                raw.append(c);
                at++;
            } else if (text.startsWith("%u", at)) {
                raw.append((char) hex(text, at + 2, 4));
                at += 6;
            } else {
                int n = 0;
                while (at < text.length() && text.charAt(at) == '%' && !text.startsWith("%u", at)) {
                    utf8[n++] = (byte) hex(text, at + 1, 2);
                    at += 3;
                }
                raw.append(new String(utf8, 0, n, StandardCharsets.UTF_8));
            }
        }
        return raw.toString();
    }

    private static int hex(String text, int from, int count) {
        if (from + count > text.length()) {
            throw unreadable(text);
        }
        int n = 0;
        for (int i = from; i < from + count; i++) {
            int digit = Character.digit(text.charAt(i), 16);
            if (digit < 0) {
                throw unreadable(text);
            }
            n = n << 4 | digit;
        }
        return n;
    }

    static IllegalArgumentException unreadable(String text) {
        return new IllegalArgumentException("Key text '" + printable(text) + "' is not one of layout " + StoreKey.LAYOUT
                + "; it was written by something else");
    }

    /** The text with everything escaped that a log should not hold, cut to a length that can be read. */
    static String printable(String text) {
        StringBuilder ascii = new StringBuilder();
        String head = text.length() <= 80 ? text : text.substring(0, 80);
        for (int i = 0; i < head.length(); i++) {
            char c = head.charAt(i);
            if (c >= ' ' && c < 0x7F) {
                ascii.append(c);
            } else {
                append(ascii, String.valueOf(c));
            }
        }
        return head.length() == text.length()
                ? ascii.toString()
                : ascii.append("...").toString();
    }
}
