package io.github.stanchion.spring.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.stanchion.limit.RateLimitPolicies;
import io.github.stanchion.lock.LockPolicies;
import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.core.env.ConfigurableEnvironment;

/** What readers copy from the documents works: each block of settings binds as an application's would, and is valid. */
class DocumentedYamlTest {

    static Stream<Arguments> blocks() throws IOException {
        return Documents.blocks("yaml").filter(block -> ((String) block.get()[1]).startsWith("stanchion:"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("blocks")
    void blocksBindAndAreValid(String place, String yaml) {
        ConfigurableEnvironment environment = Yaml.environment(yaml);
        PropertiesBinding.checkSpellings(environment);
        StanchionProperties properties = PropertiesBinding.bind(environment);

        RateLimitPolicies policies = RateLimitPolicies.builder()
                .defaults(properties.rateLimitDefaults(GuardSwitch.ON))
                .configured(properties.rateLimitSettings(GuardSwitch.ON, List.of()))
                .build();

        LockPolicies locks = LockPolicies.builder()
                .defaults(properties.lockDefaults(GuardSwitch.ON))
                .configured(properties.lockSettings(GuardSwitch.ON, List.of()))
                .build();

        assertThat(policies.unused()).as(place).hasSize(properties.rateLimits().size());
        assertThat(locks.unused()).as(place).hasSize(properties.locks().size());
        new GuardOrder(properties.order());
    }

    @Test
    void readmeIsShort() {
        assertThat(Documents.read(Documents.ROOT.resolve("README.md")).lines()).hasSizeLessThanOrEqualTo(200);
    }
}
