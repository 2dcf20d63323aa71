package io.github.stanchion.redis;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;

/** Writes commands as arrays of bulk strings, as servers of every protocol version read them. */
final class RespWriter {

    private static final int CRLF = '\r' << 8 | '\n';

    private RespWriter() {}

    static void array(ByteBuf to, int words) {
        to.writeByte('*');
        digits(to, words);
        to.writeShort(CRLF);
    }

    static void word(ByteBuf to, byte[] word) {
        to.writeByte('$');
        digits(to, word.length);
        to.writeShort(CRLF);
        to.writeBytes(word);
        to.writeShort(CRLF);
    }

    static void word(ByteBuf to, String ascii) {
        to.writeByte('$');
        digits(to, ascii.length());
        to.writeShort(CRLF);
        ByteBufUtil.writeAscii(to, ascii);
        to.writeShort(CRLF);
    }

    private static void digits(ByteBuf to, int number) {
        if (number < 10) {
            to.writeByte('0' + number);
        } else if (number < 100) {
            to.writeByte('0' + number / 10);
            to.writeByte('0' + number % 10);
        } else {
            ByteBufUtil.writeAscii(to, Integer.toString(number));
        }
    }
}
