package io.github.stanchion.spring.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class PartitionKeysTest {

    private final PartitionKeys keys = new PartitionKeys("key".getBytes(StandardCharsets.UTF_8));

    /** RFC-style vector: HMAC-SHA-256 of that text begins with f7bc83f430538424b1. */
    @Test
    void nameIsTheBeginningOfTheHmac() {
        assertThat(keys.name("The quick brown fox jumps over the lazy dog")).isEqualTo("97yD9DBThCSx");
    }

    @Test
    void processesNameTheSameSubjectDifferently() {
        assertThat(PartitionKeys.ofThisProcess().name("203.0.113.7"))
                .isNotEqualTo(PartitionKeys.ofThisProcess().name("203.0.113.7"))
                .hasSize(12);
    }
}
