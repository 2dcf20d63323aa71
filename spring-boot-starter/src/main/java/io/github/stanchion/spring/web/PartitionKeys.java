package io.github.stanchion.spring.web;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Names the subject of a limit without telling its key: the first 9 bytes of HMAC-SHA-256, in base64. Thread-safe.
 *
 * <p>Keys are addresses and accounts, few enough to try them all against a bare hash; with a secret nobody else can.
 */
final class PartitionKeys {

    private static final String ALGORITHM = "HmacSHA256";
    private static final int LENGTH = 9;

    private final SecretKeySpec secret;

    PartitionKeys(byte[] secret) {
        this.secret = new SecretKeySpec(secret, ALGORITHM);
    }

    /** With a secret that lives as long as this process; instances of an application name the same subject differently. */
    static PartitionKeys ofThisProcess() {
        byte[] secret = new byte[32];
        new SecureRandom().nextBytes(secret);
        return new PartitionKeys(secret);
    }

    String name(String key) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(secret);
            byte[] hash = mac.doFinal(key.getBytes(StandardCharsets.UTF_8));
            return Base64.getEncoder().encodeToString(Arrays.copyOf(hash, LENGTH));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("Every Java platform has " + ALGORITHM, impossible);
        }
    }
}
