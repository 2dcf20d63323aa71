package io.github.stanchion.redis;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Replies to CLUSTER SLOTS as clusters of all kinds give them. */
class SlotRangeTest {

    private static List<?> range(long from, long to, @Nullable String host, long port) {
        List<?> primary = Arrays.asList(host == null ? null : host.getBytes(US_ASCII), port, "id".getBytes(US_ASCII));
        List<?> replica = Arrays.asList("10.0.0.9".getBytes(US_ASCII), port, "id2".getBytes(US_ASCII));
        return List.of(from, to, primary, replica);
    }

    @Test
    void primariesAreReadAndTheHostThatWasAskedStandsInForOneThatIsNotNamed() {
        assertThat(SlotRange.read(
                        List.of(
                                range(0, 5_460, "10.0.0.1", 6379),
                                range(5_461, 10_922, "", 6380),
                                range(10_923, 10_923, null, 6381),
                                range(10_924, 16_383, "?", 6382)),
                        "redis.example.org"))
                .containsExactly(
                        new SlotRange(0, 5_460, "10.0.0.1:6379"),
                        new SlotRange(5_461, 10_922, "redis.example.org:6380"),
                        new SlotRange(10_923, 10_923, "redis.example.org:6381"),
                        new SlotRange(10_924, 16_383, "redis.example.org:6382"));
        assertThat(SlotRange.read(List.of(), "any")).isEmpty();
        assertThat(SlotRange.read(null, "any")).isEmpty();
    }
}
