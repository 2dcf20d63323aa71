package io.github.stanchion.spring.web;

import org.junit.jupiter.api.Nested;

/** The same answers where a Redis decides. */
class RedisLockHttpTest {

    @Nested
    class Servlet extends ServletLockHttpTest {
        @Override
        LockHttpStore open() {
            return LockHttpStore.redis();
        }
    }

    @Nested
    class Reactive extends ReactiveLockHttpTest {
        @Override
        LockHttpStore open() {
            return LockHttpStore.redis();
        }
    }
}
