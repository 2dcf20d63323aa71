package io.github.stanchion.redis;

/** What a Redis user must be allowed to do for the store. */
final class AclLine {

    /** The rights, as in {@code ACL SETUSER}; the prefix is the store's key prefix. Redis 6.2 gives new users all channels. */
    static final String RIGHTS =
            "~<prefix>:* resetchannels &<prefix>:* +eval +evalsha +get +set +del +unlink +time +scan"
                    + " +publish +subscribe +unsubscribe +ping +hello +info +client +cluster";

    private AclLine() {}

    static String of(String keyPrefix) {
        return RIGHTS.replace("<prefix>", keyPrefix);
    }
}
