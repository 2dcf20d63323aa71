package io.github.stanchion.spring.actuate;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.stanchion.spring.metrics.PolicyReload;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.context.PayloadApplicationEvent;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.core.io.ByteArrayResource;

/** Where settings stand. */
class PropertyOriginsTest {

    private final StandardEnvironment environment = new StandardEnvironment();

    private void yaml(String text) throws IOException {
        ByteArrayResource file = new ByteArrayResource(text.getBytes(StandardCharsets.UTF_8), "limits.yml");
        environment
                .getPropertySources()
                .addFirst(new YamlPropertySourceLoader().load("limits", file).get(0));
    }

    @Test
    void fileAndLineAreNamedInWhateverFormTheSettingStands() throws Exception {
        yaml(
                """
                stanchion:
                  mode: shadow
                  defaults.rate-limit.max-waiters: 3
                  rate-limits:
                    search: 100/1m
                    "[a/b.c]":
                      limit: 5/1m
                      key: ["#a", "#b"]
                      plans:
                        vip: { limit: 9/1m }
                """);
        PropertyOrigins origins = new PropertyOrigins(environment);
        Map<String, String> located = origins.located(Map.of(
                "limit",
                "stanchion.rate-limits.search.limit",
                "key",
                "stanchion.rate-limits.a/b.c.key",
                "plans.vip",
                "stanchion.rate-limits.a/b.c.plans.vip",
                "mode",
                "stanchion.defaults.rate-limit.mode",
                "max-waiters",
                "stanchion.defaults.rate-limit.max-waiters",
                "cost",
                "@RateLimited(cost) on Api.search",
                "settle",
                "stanchion.defaults.rate-limit.settle"));
        assertThat(located.get("limit"))
                .startsWith("stanchion.rate-limits.search (")
                .endsWith("5:13)");
        assertThat(located.get("key")).contains("key[0] (").endsWith("8:13)");
        assertThat(located.get("plans.vip")).endsWith("10:23)");
        assertThat(located.get("mode")).startsWith("stanchion.mode (").endsWith("2:9)");
        assertThat(located.get("max-waiters")).endsWith("3:36)");
        assertThat(located.get("cost")).isEqualTo("@RateLimited(cost) on Api.search");
        assertThat(located).doesNotContainKey("settle");
    }

    @Test
    void variableIsFoundThoughItSpellsTheNameInItsOwnWay() {
        environment
                .getPropertySources()
                .addFirst(new SystemEnvironmentPropertySource(
                        StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME,
                        Map.of("STANCHION_RATELIMITS_LOGINATTEMPT_LIMIT", "5/1m")));
        assertThat(new PropertyOrigins(environment)
                        .located(Map.of("limit", "stanchion.rate-limits.login-attempt.limit"))
                        .get("limit"))
                .contains("STANCHION_RATELIMITS_LOGINATTEMPT_LIMIT");
    }

    @Test
    void placeIsThatOfTheSettingsThatHold() throws Exception {
        yaml("stanchion.rate-limits.search: 100/1m");
        PropertyOrigins origins = new PropertyOrigins(environment);
        environment
                .getPropertySources()
                .addFirst(new MapPropertySource("changed", Map.of("stanchion.rate-limits.search", "200/1m")));
        Map<String, String> limit = Map.of("limit", "stanchion.rate-limits.search.limit");
        origins.onApplicationEvent(new PayloadApplicationEvent<>(this, PolicyReload.refused("wrong")));
        assertThat(origins.located(limit).get("limit")).contains("limits.yml");
        origins.onApplicationEvent(new PayloadApplicationEvent<>(this, PolicyReload.applied(List.of())));
        assertThat(origins.located(limit).get("limit")).contains("\"changed\"");
    }
}
