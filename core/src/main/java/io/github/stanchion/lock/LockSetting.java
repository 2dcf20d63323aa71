package io.github.stanchion.lock;

import java.util.Locale;

/** What can be set for a lock. */
enum LockSetting {
    KEY,
    EACH,
    WAIT("waitTime"),
    LEASE("leaseTime"),
    RENEW,
    MAX_HOLD,
    AT_LEAST,
    ON_CONTENTION,
    SKIP_VALUE,
    SHARE,
    SHARE_ERRORS,
    WAIT_OVER,
    FALLBACK,
    FALLBACK_ON,
    ON_LOST,
    REENTRANT,
    MAX_WAITERS,
    TX,
    MODE,
    ON_STORE_FAILURE,
    ALLOW_UNLOCKED;

    private final String attribute;

    LockSetting() {
        this("");
    }

    LockSetting(String attribute) {
        this.attribute = attribute;
    }

    /** As it is spelt in files. */
    String property() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** As the annotation spells it. */
    String attribute() {
        if (!attribute.isEmpty()) {
            return attribute;
        }
        StringBuilder text = new StringBuilder();
        for (String word : property().split("-", -1)) {
            text.append(text.length() == 0 ? word : word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1));
        }
        return text.toString();
    }
}
