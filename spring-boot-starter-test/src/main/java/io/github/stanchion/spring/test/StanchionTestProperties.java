package io.github.stanchion.spring.test;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of tests that have {@code @AutoConfigureStanchion}; its attributes, where they are not left at their defaults, win.
 *
 * @param store Where state is kept: in memory, or where the application keeps it.
 * @param clock Whose time it is: the test's, or the system's.
 */
@ConfigurationProperties(prefix = StanchionTestProperties.PREFIX, ignoreUnknownFields = false)
record StanchionTestProperties(
        @DefaultValue("memory") AutoConfigureStanchion.Store store,
        @DefaultValue("virtual") AutoConfigureStanchion.Clock clock) {

    static final String PREFIX = "stanchion-test";
}
