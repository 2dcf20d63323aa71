package io.github.stanchion.benchmarks.locks;

import java.time.Duration;

/** All ways to lock that are run side by side, in the order of the tables. */
enum LockContender {
    RAW("raw SET NX, EVALSHA"),
    STANCHION("Stanchion"),
    REDISSON("Redisson"),
    SPRING("Spring Integration");

    /** How long locks are held and waited for at most; nothing runs for so long. */
    static final Duration LEASE = Duration.ofSeconds(30);

    private final String title;

    LockContender(String title) {
        this.title = title;
    }

    String title() {
        return title;
    }

    /** Whether it waits for a lock that is held. */
    boolean waits() {
        return this != RAW;
    }

    /** Connects a process; the prefix begins all its keys. */
    LockSide open(String uri, String prefix) {
        return switch (this) {
            case RAW -> new RawLock(uri, prefix);
            case STANCHION -> new StanchionLock(uri, prefix);
            case REDISSON -> new RedissonLock(uri, prefix);
            case SPRING -> new SpringLock(uri, prefix);
        };
    }
}
