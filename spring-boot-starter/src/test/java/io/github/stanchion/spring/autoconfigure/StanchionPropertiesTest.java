package io.github.stanchion.spring.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.stanchion.annotation.CountedCalls;
import io.github.stanchion.annotation.LeaseRenewal;
import io.github.stanchion.annotation.LockTransactions;
import io.github.stanchion.annotation.OnContention;
import io.github.stanchion.annotation.OnLost;
import io.github.stanchion.annotation.RateAlgorithm;
import io.github.stanchion.annotation.WaitOver;
import io.github.stanchion.guard.FailurePolicy;
import io.github.stanchion.guard.GuardConfigurationException;
import io.github.stanchion.guard.GuardMode;
import io.github.stanchion.guard.StoreUnavailableException;
import io.github.stanchion.limit.DenialCaching;
import io.github.stanchion.limit.LeaseSettings;
import io.github.stanchion.limit.LimitSettings;
import io.github.stanchion.limit.MissingKey;
import io.github.stanchion.limit.PeriodAlignment;
import io.github.stanchion.limit.RateLimitSettings;
import io.github.stanchion.limit.RatePlan;
import io.github.stanchion.lock.LockSettings;
import io.github.stanchion.spring.autoconfigure.StanchionProperties.Eviction;
import io.github.stanchion.spring.autoconfigure.StanchionProperties.HeaderFormat;
import io.github.stanchion.spring.autoconfigure.StanchionProperties.HeaderOccasion;
import io.github.stanchion.spring.autoconfigure.StanchionProperties.Notify;
import io.github.stanchion.spring.autoconfigure.StanchionProperties.StoreType;
import io.github.stanchion.spring.autoconfigure.StanchionProperties.Weaving;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.core.env.ConfigurableEnvironment;

class StanchionPropertiesTest {

    @Test
    void defaultsAreWhatTheDocumentsSay() {
        StanchionProperties defaults = bind("other: 1");

        assertThat(defaults.enabled()).isTrue();
        assertThat(defaults.mode()).isEqualTo(GuardMode.ENFORCE);
        assertThat(defaults.weaving()).isEqualTo(Weaving.PROXY);
        assertThat(defaults.order())
                .containsExactly("rate-limit", "authorization", "circuit-breaker", "brute-force", "lock", "version");
        assertThat(defaults.store()).isNull();
        assertThat(defaults.keyPrefix()).isEqualTo("stanchion");
        assertThat(defaults.memory().maxKeys()).isEqualTo(100_000);
        assertThat(defaults.memory().sweepInterval()).isEqualTo(Duration.ofSeconds(5));
        assertThat(defaults.redis())
                .isEqualTo(new StanchionProperties.Redis(
                        null, Duration.ofMillis(100), Duration.ofSeconds(2), false, Eviction.CHECK));
        assertThat(defaults.web().problemDetails()).isTrue();
        assertThat(defaults.web().problemTypeBase()).isNull();
        assertThat(defaults.web().rateLimitHeaders())
                .isEqualTo(new StanchionProperties.RateLimitHeaders(HeaderFormat.DRAFT, HeaderOccasion.ALWAYS, false));
        assertThat(defaults.web().clientIp())
                .isEqualTo(new StanchionProperties.ClientIp(List.of(), "x-forwarded-for", 64));
        assertThat(defaults.rateLimiting().expectedInstances()).isEqualTo(1);
        assertThat(defaults.rateLimitDefaults(GuardSwitch.ON))
                .isEqualTo(RateLimitSettings.builder().mode(GuardMode.ENFORCE).build());
        assertThat(defaults.rateLimits()).isEmpty();
        assertThat(defaults.locking())
                .isEqualTo(new StanchionProperties.Locking(Notify.AUTO, Duration.ofMinutes(10), false));
        assertThat(defaults.lockDefaults(GuardSwitch.ON))
                .isEqualTo(LockSettings.builder().mode(GuardMode.ENFORCE).build());
        assertThat(defaults.locks()).isEmpty();
    }

    static Stream<Arguments> globalKeys() {
        return Stream.of(
                global("enabled: false", StanchionProperties::enabled, false),
                global("mode: shadow", StanchionProperties::mode, GuardMode.SHADOW),
                global("mode: off", StanchionProperties::mode, GuardMode.OFF),
                global("weaving: aspectj", StanchionProperties::weaving, Weaving.ASPECTJ),
                global(
                        "order: [authorization, rate-limit]",
                        StanchionProperties::order,
                        List.of("authorization", "rate-limit")),
                global("store: redis", StanchionProperties::store, StoreType.REDIS),
                global("key-prefix: shop", StanchionProperties::keyPrefix, "shop"),
                global("memory.max-keys: 7", p -> p.memory().maxKeys(), 7L),
                global("memory.sweep-interval: 9s", p -> p.memory().sweepInterval(), Duration.ofSeconds(9)),
                global("redis.uri: redis://a", p -> p.redis().uri(), "redis://a"),
                global("redis.command-timeout: 7ms", p -> p.redis().commandTimeout(), Duration.ofMillis(7)),
                global("redis.connect-timeout: 7s", p -> p.redis().connectTimeout(), Duration.ofSeconds(7)),
                global("redis.coalesce: true", p -> p.redis().coalesce(), true),
                global("redis.eviction: accept", p -> p.redis().eviction(), Eviction.ACCEPT),
                global("web.problem-details: false", p -> p.web().problemDetails(), false),
                global(
                        "web.problem-type-base: https://a.b/c",
                        p -> p.web().problemTypeBase(),
                        URI.create("https://a.b/c")),
                global(
                        "web.rate-limit-headers.format: x-ratelimit",
                        p -> p.web().rateLimitHeaders().format(),
                        HeaderFormat.X_RATELIMIT),
                global(
                        "web.rate-limit-headers.format: none",
                        p -> p.web().rateLimitHeaders().format(),
                        HeaderFormat.NONE),
                global(
                        "web.rate-limit-headers.on: low",
                        p -> p.web().rateLimitHeaders().on(),
                        HeaderOccasion.LOW),
                global(
                        "web.rate-limit-headers.partition-key: true",
                        p -> p.web().rateLimitHeaders().partitionKey(),
                        true),
                global(
                        "web.client-ip.trusted-proxies: [10.0.0.0/8, 192.0.2.1]",
                        p -> p.web().clientIp().trustedProxies(),
                        List.of("10.0.0.0/8", "192.0.2.1")),
                global(
                        "web.client-ip.header: forwarded",
                        p -> p.web().clientIp().header(),
                        "forwarded"),
                global("web.client-ip.ipv6-prefix: 56", p -> p.web().clientIp().ipv6Prefix(), 56),
                global(
                        "rate-limiting.expected-instances: 3",
                        p -> p.rateLimiting().expectedInstances(),
                        3),
                global(
                        "rate-limiting.denial-cache.max-entries: 7",
                        p -> p.rateLimiting().denialCache().maxEntries(),
                        7),
                global(
                        "rate-limiting.denial-cache.max-age: 300ms",
                        p -> p.rateLimiting().denialCache().maxAge(),
                        Duration.ofMillis(300)),
                global("locking.notify: poll", p -> p.locking().notification(), Notify.POLL),
                global("locking.token-retention: 7m", p -> p.locking().tokenRetention(), Duration.ofMinutes(7)),
                global("locking.require-shared-store: true", p -> p.locking().requireSharedStore(), true),
                global(
                        "defaults.lock.lease: 7s",
                        p -> p.lockDefaults(GuardSwitch.ON),
                        LockSettings.builder()
                                .lease(Duration.ofSeconds(7))
                                .mode(GuardMode.ENFORCE)
                                .build()),
                global(
                        "defaults.rate-limit.max-waiters: 3",
                        p -> p.rateLimitDefaults(GuardSwitch.ON).maxWaiters(),
                        3),
                global(
                        "defaults.rate-limit: 7/1m",
                        p -> p.rateLimitDefaults(GuardSwitch.ON).limits(),
                        LimitSettings.of("7/1m")));
    }

    private static Arguments global(String line, Function<StanchionProperties, ?> reader, Object value) {
        return Arguments.of(line, reader, value);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("globalKeys")
    void bindsEveryKey(String line, Function<StanchionProperties, ?> reader, Object value) {
        assertThat(reader.apply(bind("stanchion." + line))).isEqualTo(value);
    }

    static Stream<Arguments> rateLimitKeys() {
        return Stream.of(
                limit("limit: 100/1m", s -> s.limits(), LimitSettings.of("100/1m")),
                limit("limit: [20/1s, 1000/1h]", s -> s.limits(), LimitSettings.of("20/1s", "1000/1h")),
                limit(
                        "bandwidths: [20/1s, 1000/1h burst 9]",
                        s -> s.limits(),
                        new LimitSettings(null, List.of("20/1s", "1000/1h burst 9"), null, null, null)),
                limit("capacity: 5", s -> s.limits(), new LimitSettings(null, null, 5L, null, null)),
                limit("refill: 5", s -> s.limits(), new LimitSettings(null, null, null, 5L, null)),
                limit("period: 1d", s -> s.limits(), new LimitSettings(null, null, null, null, Duration.ofDays(1))),
                limit("algorithm: sliding-window", s -> s.algorithm(), RateAlgorithm.SLIDING_WINDOW),
                limit("key: \"#ip\"", s -> s.key(), List.of("#ip")),
                limit("key: \"@t.of(#a, #b)\"", s -> s.key(), List.of("@t.of(#a, #b)")),
                limit("key: [\"#a\", \"f(#b, #c)\"]", s -> s.key(), List.of("#a", "f(#b, #c)")),
                limit("cost: \"#batch.size()\"", s -> s.cost(), "#batch.size()"),
                limit("condition: \"#admin\"", s -> s.condition(), "#admin"),
                limit("plan: \"#user.plan\"", s -> s.plan(), "#user.plan"),
                limit("plans: { free: 60/1m }", s -> s.plans(), Map.of("free", RatePlan.of("60/1m"))),
                limit(
                        "plans: { vip: unlimited, banned: blocked }",
                        s -> s.plans(),
                        Map.of("vip", new RatePlan.Unlimited(), "banned", new RatePlan.Blocked())),
                limit(
                        "plans: { pro: { bandwidths: [50/1s, 10000/1h] } }",
                        s -> s.plans(),
                        Map.of(
                                "pro",
                                new RatePlan.Limited(
                                        new LimitSettings(null, List.of("50/1s", "10000/1h"), null, null, null)))),
                limit("plans: { pro: { limit: 50/1s } }", s -> s.plans(), Map.of("pro", RatePlan.of("50/1s"))),
                limit(
                        "plans: { pro: { capacity: 9, refill: 8, period: 2h } }",
                        s -> s.plans(),
                        Map.of(
                                "pro",
                                new RatePlan.Limited(new LimitSettings(null, null, 9L, 8L, Duration.ofHours(2))))),
                limit("count: client-error", s -> s.count(), CountedCalls.CLIENT_ERROR),
                limit("refund-when: \"#status == 304\"", s -> s.refundWhen(), "#status == 304"),
                limit("settle: \"#result\"", s -> s.settle(), "#result"),
                limit("max-wait: 2s", s -> s.maxWait(), Duration.ofSeconds(2)),
                limit("max-waiters: 7", s -> s.maxWaiters(), 7),
                limit("fallback: cached", s -> s.fallback(), "cached"),
                limit("fallback-on: [java.io.IOException]", s -> s.fallbackOn(), List.of(IOException.class)),
                limit("mode: shadow", s -> s.mode(), GuardMode.SHADOW),
                limit("mode: off", s -> s.mode(), GuardMode.OFF),
                limit("on-store-failure: closed", s -> s.onStoreFailure(), FailurePolicy.CLOSED),
                limit("on-missing-key: deny", s -> s.onMissingKey(), MissingKey.DENY),
                limit("align: epoch", s -> s.align(), PeriodAlignment.EPOCH),
                limit("max-debt: 4", s -> s.maxDebt(), 4L),
                limit("hash-tag: name", s -> s.hashTag(), "name"),
                limit("denial-cache: auto", s -> s.denialCache(), DenialCaching.AUTO),
                limit("denial-cache: on", s -> s.denialCache(), DenialCaching.ON),
                limit("denial-cache: off", s -> s.denialCache(), DenialCaching.OFF),
                limit("lease: { permits: 7 }", s -> s.lease(), new LeaseSettings(7L, null)),
                limit("lease.ttl: 50ms", s -> s.lease(), new LeaseSettings(null, Duration.ofMillis(50))));
    }

    private static Arguments limit(String line, Function<RateLimitSettings, ?> reader, Object value) {
        return Arguments.of(line, reader, value);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rateLimitKeys")
    void bindsEveryKeyOfARateLimit(String line, Function<RateLimitSettings, ?> reader, Object value) {
        assertThat(reader.apply(settings("search", "stanchion.rate-limits.search:\n  " + line)))
                .isEqualTo(value);
    }

    @Test
    void noKeyOfARateLimitIsLeftUntested() {
        Set<String> tested = new LinkedHashSet<>();
        rateLimitKeys().forEach(row -> tested.add(((String) row.get()[0]).replaceAll("[.:].*", "")));

        assertThat(RateLimitProperties.class.getRecordComponents())
                .extracting(component -> Names.kebab(component.getName()))
                .containsExactlyInAnyOrderElementsOf(tested);
    }

    static Stream<Arguments> lockKeys() {
        return Stream.of(
                lock("key: \"#id\"", s -> s.key("#id")),
                lock("key: [\"#a\", \"f(#b, #c)\"]", s -> s.key("#a", "f(#b, #c)")),
                lock("each: true", s -> s.each(true)),
                lock("wait: 5s", s -> s.wait(Duration.ofSeconds(5))),
                lock("wait: forever", s -> s.wait(LockSettings.FOREVER)),
                lock("wait: 0s", s -> s.wait(Duration.ZERO)),
                lock("lease: 7s", s -> s.lease(Duration.ofSeconds(7))),
                lock("renew: never", s -> s.renew(LeaseRenewal.NEVER)),
                lock("max-hold: 2h", s -> s.maxHold(Duration.ofHours(2))),
                lock("max-hold: none", s -> s.maxHold(LockSettings.FOREVER)),
                lock("at-least: 1m", s -> s.atLeast(Duration.ofMinutes(1))),
                lock("on-contention: skip", s -> s.onContention(OnContention.SKIP)),
                lock("on-contention: single-flight", s -> s.onContention(OnContention.SINGLE_FLIGHT)),
                lock("skip-value: \"'none'\"", s -> s.skipValue("'none'")),
                lock("share: 4s", s -> s.share(Duration.ofSeconds(4))),
                lock("share-errors: true", s -> s.shareErrors(true)),
                lock("wait-over: compute", s -> s.waitOver(WaitOver.COMPUTE)),
                lock("fallback: cached", s -> s.fallback("cached")),
                lock(
                        "fallback-on: [io.github.stanchion.guard.StoreUnavailableException]",
                        s -> s.fallbackOn(List.of(StoreUnavailableException.class))),
                lock("on-lost: interrupt", s -> s.onLost(OnLost.INTERRUPT)),
                lock("reentrant: false", s -> s.reentrant(false)),
                lock("max-waiters: 7", s -> s.maxWaiters(7)),
                lock("tx: forbid", s -> s.tx(LockTransactions.FORBID)),
                lock("mode: shadow", s -> s.mode(GuardMode.SHADOW)),
                lock("mode: off", s -> s.mode(GuardMode.OFF)),
                lock("on-store-failure: closed", s -> s.onStoreFailure(FailurePolicy.CLOSED)),
                lock("allow-unlocked: true", s -> s.allowUnlocked(true)));
    }

    private static Arguments lock(String line, UnaryOperator<LockSettings.Builder> expected) {
        return Arguments.of(line, expected.apply(LockSettings.builder()).build());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("lockKeys")
    void bindsEveryKeyOfALock(String line, LockSettings expected) {
        assertThat(bind("stanchion.locks.reindex:\n  " + line).lockSettings(GuardSwitch.ON, List.of()))
                .containsExactly(Map.entry("reindex", expected));
    }

    @Test
    void noKeyOfALockIsLeftUntested() {
        Set<String> tested = new LinkedHashSet<>();
        lockKeys().forEach(row -> tested.add(((String) row.get()[0]).replaceAll("[.:].*", "")));

        assertThat(LockProperties.class.getRecordComponents())
                .extracting(Names::key)
                .containsExactlyInAnyOrderElementsOf(tested);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            wait: 5x       | Property stanchion.locks.reindex.wait '5x' (     | cannot be read; Write a number and a unit
            wait: '5'      | Property stanchion.locks.reindex.wait '5' (      | has no unit; Write '5s' for seconds
            wait: none     | Property stanchion.locks.reindex.wait 'none' (   | cannot be read
            max-hold: long | Property stanchion.locks.reindex.max-hold 'long' | cannot be read
            lease: '5'     | Property stanchion.locks.reindex.lease '5' (     | has no unit
            """)
    void unreadableTimesOfALockNamePropertyAndRemedy(String line, String subject, String trouble) {
        assertThatThrownBy(() -> bind("stanchion.locks.reindex:\n  " + line))
                .isInstanceOf(GuardConfigurationException.class)
                .hasMessageStartingWith(subject)
                .hasMessageContaining("file1.yml")
                .hasMessageContaining(trouble);
    }

    @Test
    void shortFormsStandBesideObjects() {
        StanchionProperties bound = bind(
                """
                stanchion.rate-limits:
                  search: 100/1m burst 200
                  export: { limit: 5/1d, mode: shadow }
                """);

        assertThat(bound.rateLimitSettings(GuardSwitch.ON, List.of()))
                .containsEntry("search", RateLimitSettings.of("100/1m burst 200"))
                .containsEntry(
                        "export",
                        RateLimitSettings.builder()
                                .limit("5/1d")
                                .mode(GuardMode.SHADOW)
                                .build());
    }

    @Test
    void namesWithDotsAndMethodsStandInBrackets() {
        assertThat(
                        bind("""
                stanchion.rate-limits:
                  "[a/b.c]": 1/1m
                  "[Search#find(String)]": 2/1m
                """)
                                .rateLimits()
                                .keySet())
                .containsExactlyInAnyOrder("a/b.c", "Search#find(String)");
    }

    @Test
    void profileOverridesSingleSettings() {
        StanchionProperties bound = PropertiesBinding.bind(Yaml.environment(
                "stanchion.rate-limits.search.limit: 5/1m",
                "stanchion.rate-limits: { search: { limit: 100/1m, key: '#ip' }, other: 1/1s }"));

        assertThat(bound.rateLimitSettings(GuardSwitch.ON, List.of()))
                .containsEntry(
                        "search",
                        RateLimitSettings.builder().limit("5/1m").key("#ip").build())
                .containsKey("other");
    }

    @Test
    void variableAndFileAreOnePolicyWhoseValueIsTheVariables() {
        ConfigurableEnvironment environment = Yaml.environment("stanchion.rate-limits.loginAttempt.limit: 5/1m");
        Yaml.variables(environment, Map.of("STANCHION_RATELIMITS_LOGINATTEMPT_LIMIT", "7/1m"));

        PropertiesBinding.checkSpellings(environment);
        assertThat(PropertiesBinding.bind(environment)
                        .rateLimitSettings(GuardSwitch.ON, List.of())
                        .values())
                .containsOnly(RateLimitSettings.of("7/1m"));
    }

    @Test
    void twoSpellingsInOneFileStopTheStart() {
        ConfigurableEnvironment environment = Yaml.environment(
                """
                stanchion.rate-limits:
                  tier-11: 5/1m
                  tier-1-1: 6/1m
                """);

        assertThatThrownBy(() -> PropertiesBinding.checkSpellings(environment))
                .isInstanceOf(GuardConfigurationException.class)
                .hasMessageContaining("'tier-11' and 'tier-1-1' (file1)")
                .hasMessageContaining("two spellings of one name");
    }

    @Test
    void twoSpellingsOfALockInOneFileStopTheStart() {
        ConfigurableEnvironment environment =
                Yaml.environment("stanchion.locks: { day-1: { wait: 1s }, day1: { wait: 2s } }");

        assertThatThrownBy(() -> PropertiesBinding.checkSpellings(environment))
                .isInstanceOf(GuardConfigurationException.class)
                .hasMessageStartingWith("Locks 'day-1' and 'day1' (file1) are two spellings of one name");
    }

    @Test
    void modeOfLocksIsLayeredLikeThatOfRateLimits() {
        assertThat(bind("stanchion.mode: shadow").lockDefaults(GuardSwitch.ON)).isEqualTo(mode(GuardMode.SHADOW));
        assertThat(bind("stanchion: { mode: shadow, defaults.lock.mode: enforce }")
                        .lockDefaults(GuardSwitch.ON))
                .isEqualTo(mode(GuardMode.ENFORCE));
        StanchionProperties disabled = bind("stanchion: { enabled: false, locks.reindex.mode: enforce }");
        assertThat(disabled.lockDefaults(GuardSwitch.OFF)).isEqualTo(mode(GuardMode.OFF));
        assertThat(disabled.lockSettings(GuardSwitch.OFF, List.of())).containsEntry("reindex", mode(GuardMode.OFF));
    }

    private static LockSettings mode(GuardMode mode) {
        return LockSettings.builder().mode(mode).build();
    }

    @Test
    void globalModeIsTheLowestLayerAndDisabledGuardsAreOff() {
        assertThat(bind("stanchion.mode: shadow")
                        .rateLimitDefaults(GuardSwitch.ON)
                        .mode())
                .isEqualTo(GuardMode.SHADOW);
        assertThat(bind("stanchion: { mode: shadow, defaults.rate-limit.mode: enforce }")
                        .rateLimitDefaults(GuardSwitch.ON)
                        .mode())
                .isEqualTo(GuardMode.ENFORCE);
        StanchionProperties disabled =
                bind("stanchion: { enabled: false, rate-limits.search: { limit: 1/1m, mode: enforce } }");
        assertThat(disabled.rateLimitDefaults(GuardSwitch.OFF).mode()).isEqualTo(GuardMode.OFF);
        assertThat(disabled.rateLimitSettings(GuardSwitch.OFF, List.of()).values())
                .extracting(RateLimitSettings::mode)
                .containsOnly(GuardMode.OFF);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            stanchion.memory.sweep-interval: 5       | stanchion.memory.sweep-interval | 5
            stanchion.rate-limits.search.max-wait: 2 | stanchion.rate-limits.search.max-wait | 2
            stanchion.rate-limits.search.period: 60  | stanchion.rate-limits.search.period | 60
            """)
    void durationWithoutAUnitIsRefused(String line, String key, String number) {
        assertThatThrownBy(() -> bind(line))
                .isInstanceOf(GuardConfigurationException.class)
                .asInstanceOf(InstanceOfAssertFactories.type(GuardConfigurationException.class))
                .satisfies(error -> {
                    assertThat(error.description())
                            .startsWith("Property " + key + " '" + number + "' (")
                            .contains("file1.yml")
                            .endsWith("1:" + (key.length() + 3) + ") has no unit");
                    assertThat(error.action()).startsWith("Write '" + number + "s' for seconds");
                });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            stanchion.rate-limits.search.capcity: 5      | Did you mean 'capacity'?
            stanchion.rate-limit.search: 5/1m            | Did you mean 'rate-limits'?
            stanchion.memory.maxkey: 5                   | Did you mean 'max-keys'?
            stanchion.web.client-ip.trusted-proxy: x     | Below 'stanchion.web.client-ip' there are header, ipv6-prefix, trusted-proxies.
            stanchion.rate-limits.my.dotted.capacity: 5  | '[my.dotted]'
            stanchion.rate-limits.search.lease.permit: 5 | Did you mean 'permits'?
            stanchion.rate-limiting.denial-cache.size: 5 | Below 'stanchion.rate-limiting.denial-cache' there are max-age, max-entries.
            stanchion.redis.ur: redis://localhost        | Did you mean 'uri'?
            stanchion.jdbc.table: state                  | belongs to a part that this version of Stanchion does not have
            stanchion.locks.reindex.leese: 3s            | Did you mean 'lease'?
            stanchion.locks.reindex.wait-time: 3s        | max-waiters, mode, on-contention, on-lost, on-store-failure, reentrant, renew, share, share-errors, skip-value, tx, wait, wait-over.
            stanchion.locks.my.dotted.wait: 3s           | '[my.dotted]'
            stanchion.lock.reindex.wait: 3s              | Did you mean 'locks'?
            stanchion.locking.notification: poll         | Below 'stanchion.locking' there are notify, require-shared-store, token-retention.
            stanchion.key-prefix.x: 3s                   | takes a value and has no keys below it
            """)
    void unknownKeyIsExplained(String line, String remedy) {
        assertThatThrownBy(() -> bind(line))
                .asInstanceOf(InstanceOfAssertFactories.type(GuardConfigurationException.class))
                .satisfies(error -> {
                    assertThat(error.description())
                            .startsWith("Property " + line.replaceAll(":.*", "") + " '")
                            .contains("file1.yml", "1:")
                            .endsWith("is unknown");
                    assertThat(error.action()).contains(remedy.replace("'[my.dotted]'", "\"[my.dotted]\""));
                });
    }

    @Test
    void bothFormsOfOneNameAreRefused() {
        assertThatThrownBy(() -> PropertiesBinding.bind(Yaml.environment(
                        "stanchion.rate-limits.search: 100/1m", "stanchion.rate-limits.search.mode: shadow")))
                .isInstanceOf(GuardConfigurationException.class)
                .hasMessageContaining(
                        "has a short form ('100/1m') too, perhaps in another file; keep one of the forms");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "memory.max-keys: 0",
                "memory.sweep-interval: 0s",
                "redis.command-timeout: 0s",
                "redis.connect-timeout: 61s",
                "key-prefix: 'a b'",
                "web.client-ip.ipv6-prefix: 129",
                "web.client-ip.header: ''",
                "rate-limiting.expected-instances: 0",
                "rate-limiting.denial-cache.max-entries: 0",
                "rate-limiting.denial-cache.max-age: 0s",
                "rate-limiting.denial-cache.max-age: 61m",
                "locking.token-retention: 2s",
                "locking.token-retention: 367d"
            })
    void valuesOutOfRangeNameTheirProperty(String line) {
        assertThatThrownBy(() -> bind("stanchion." + line))
                .isInstanceOf(GuardConfigurationException.class)
                .hasMessageStartingWith("Property stanchion." + line.replaceAll(":.*", ""));
    }

    @Test
    void unreadableValueNamesPropertyAndPlace() {
        assertThatThrownBy(() -> bind("stanchion.rate-limits.search.algorithm: leaky"))
                .isInstanceOf(GuardConfigurationException.class)
                .hasMessageStartingWith("Property stanchion.rate-limits.search.algorithm 'leaky' (")
                .hasMessageContaining("file1.yml");
    }

    private static StanchionProperties bind(String yaml) {
        return PropertiesBinding.bind(Yaml.environment(yaml));
    }

    private static RateLimitSettings settings(String name, String yaml) {
        RateLimitSettings settings =
                bind(yaml).rateLimitSettings(GuardSwitch.ON, List.of()).get(name);
        assertThat(settings).isNotNull();
        return settings;
    }
}
