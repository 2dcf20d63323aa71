package io.github.stanchion.store;

/** Reads canonical decimals that stand one space apart; refuses every other spelling of a number. */
final class DecimalReader {

    private final byte[] text;
    private final int end;
    private int at;

    /** Reads {@code text} from {@code start} to {@code end}, exclusive. */
    DecimalReader(byte[] text, int start, int end) {
        this.text = text;
        this.at = start;
        this.end = end;
    }

    /** How many numbers are left, going by the spaces. */
    int count() {
        int count = 1;
        for (int i = at; i < end; i++) {
            count += text[i] == ' ' ? 1 : 0;
        }
        return count;
    }

    /** A number that another one follows. */
    long next() {
        long n = number();
        if (at == end || text[at++] != ' ') {
            throw malformed();
        }
        return n;
    }

    /** The number at the end of the text. */
    long last() {
        long n = number();
        if (at != end) {
            throw malformed();
        }
        return n;
    }

    private long number() {
        boolean negative = at < end && text[at] == '-';
        int first = negative ? at + 1 : at;
        long n = 0;
        int i = first;
        while (i < end && text[i] >= '0' && text[i] <= '9' && n <= Exact.MAX) {
            n = n * 10 + text[i++] - '0';
        }
        boolean padded = i - first > 1 && text[first] == '0';
        if (i == first || padded || n > Exact.MAX || negative && n == 0) {
            throw malformed();
        }
        at = i;
        return negative ? -n : n;
    }

    private static IllegalArgumentException malformed() {
        return new IllegalArgumentException("A number is not a canonical decimal within 2^53 - 1");
    }
}
