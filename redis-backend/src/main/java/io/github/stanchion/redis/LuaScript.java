package io.github.stanchion.redis;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** A script as a server knows it: its text, and the digest by which EVALSHA calls it. Immutable; made once per text. */
final class LuaScript {

    private final String text;
    private final String digest;

    LuaScript(String text) {
        this.text = text;
        this.digest = sha1(text);
    }

    private static String sha1(String text) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-1").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash);
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException("This Java has no SHA-1, by which Redis names scripts", missing);
        }
    }

    String text() {
        return text;
    }

    /** SHA-1 of the text in lower-case hexadecimal digits. */
    String digest() {
        return digest;
    }
}
