package io.github.stanchion.spring.web;

import io.github.stanchion.redis.RedisUnderTest;
import java.util.List;
import org.junit.jupiter.api.Nested;

/** The same answers where a Redis decides. */
class RedisHttpTest {

    /** A store whose keys no other application has. */
    private static List<String> redis() {
        return List.of(
                "spring.data.redis.url=" + RedisUnderTest.uri(),
                "stanchion.redis.command-timeout=20s",
                "stanchion.key-prefix=" + RedisUnderTest.prefix());
    }

    @Nested
    class Servlet extends ServletHttpTest {
        @Override
        List<String> store() {
            return redis();
        }
    }

    @Nested
    class Reactive extends ReactiveHttpTest {
        @Override
        List<String> store() {
            return redis();
        }
    }
}
