package io.github.stanchion.spring.actuate;

import io.github.stanchion.store.StoreKey;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What stands for subjects where their keys must not be seen: hashes with a salt of this process, so that nobody finds an
 * address by hashing all addresses. Thread-safe.
 */
public final class SubjectHandles {

    private static final int SALT_BYTES = 16;
    private static final int BYTES = 8;

    private final byte[] salt = new byte[SALT_BYTES];

    public SubjectHandles() {
        new SecureRandom().nextBytes(salt);
    }

    /** The handle, and the key if it may be shown and is known: of a long one only a hash is. */
    Map<String, Object> describe(StoreKey subject, boolean keysShown) {
        Map<String, Object> description = new LinkedHashMap<>();
        description.put("handle", of(subject));
        if (keysShown && !subject.isHashed()) {
            description.put("key", subject.subject());
        }
        return description;
    }

    /** The one of {@code subjects} that has this handle, null if none has. */
    @Nullable
    StoreKey find(String handle, Stream<StoreKey> subjects) {
        return subjects.filter(subject -> of(subject).equals(handle))
                .findFirst()
                .orElse(null);
    }

    /** 16 hexadecimal digits, the same until this process ends. */
    String of(StoreKey subject) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(salt);
            return HexFormat.of()
                    .formatHex(digest.digest(subject.text().getBytes(StandardCharsets.US_ASCII)), 0, BYTES);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
