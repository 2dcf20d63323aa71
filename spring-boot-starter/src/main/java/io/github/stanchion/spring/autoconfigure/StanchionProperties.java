package io.github.stanchion.spring.autoconfigure;

import io.github.stanchion.guard.GuardConfigurationException;
import io.github.stanchion.guard.GuardMode;
import io.github.stanchion.limit.RateLimitSettings;
import io.github.stanchion.lock.LockSettings;
import io.github.stanchion.memory.MemoryStore;
import io.github.stanchion.store.MicroClock;
import java.net.URI;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.context.properties.bind.Name;

/**
 * All settings of Stanchion. Unknown keys stop the start: a limit that is dropped silently is a hole.
 *
 * @param enabled Whether guards guard. If not, every call is admitted; the store stays what it is.
 * @param mode What policies do with their decisions that do not say so themselves.
 * @param weaving Who weaves the guards into methods.
 * @param order Order of the guards around a method, outermost first; 'authorization' stands for Spring Security's.
 * @param store Where state is kept. Default is the store of a backend that is on the class path and configured, else memory.
 * @param keyPrefix Start of all keys; applications that share it and a store share state.
 * @param memory The store in this process's memory.
 * @param redis The store on Redis or Valkey.
 * @param web Answers to refused requests, and who is asking.
 * @param events What guards tell as Spring events.
 * @param rateLimiting What holds for all rate limits.
 * @param locking What holds for all locks.
 * @param defaults Settings of policies that are given neither by their annotation nor under their name.
 * @param rateLimits Rate limits by name, each as a limit such as '100/1m' or as an object.
 * @param locks Locks by name.
 */
@ConfigurationProperties(prefix = StanchionProperties.PREFIX, ignoreUnknownFields = false)
public record StanchionProperties(
        @DefaultValue("true") boolean enabled,
        @DefaultValue("enforce") GuardMode mode,
        @DefaultValue("proxy") Weaving weaving,
        @DefaultValue({"rate-limit", "authorization", "circuit-breaker", "brute-force", "lock", "version"})
                List<String> order,
        @Nullable StoreType store,
        @DefaultValue("stanchion") String keyPrefix,
        @DefaultValue Memory memory,
        @DefaultValue Redis redis,
        @DefaultValue Web web,
        @DefaultValue Events events,
        @DefaultValue RateLimiting rateLimiting,
        @DefaultValue Locking locking,
        @DefaultValue Defaults defaults,
        @DefaultValue Map<String, RateLimitProperties> rateLimits,
        @DefaultValue Map<String, LockProperties> locks) {

    static final String PREFIX = "stanchion";

    public StanchionProperties {
        order = List.copyOf(order);
        rateLimits = Map.copyOf(rateLimits);
        locks = Map.copyOf(locks);
        if (!keyPrefix.matches("[A-Za-z0-9._-]{1,32}")) {
            throw invalid("key-prefix", keyPrefix, "is not allowed", "Use 1 to 32 of A-Z, a-z, 0-9, '.', '_' and '-'.");
        }
    }

    /** Which policies guard, if nobody switches them. */
    GuardSwitch guarding() {
        return enabled ? GuardSwitch.ON : GuardSwitch.OFF;
    }

    /**
     * The settings of rate limits by name.
     *
     * @param used names of annotations, which may have no settings here
     */
    Map<String, RateLimitSettings> rateLimitSettings(GuardSwitch guarding, Collection<String> used) {
        Map<String, RateLimitSettings> settings = new HashMap<>();
        rateLimits.forEach((name, limit) -> settings.put(name, limit.toSettings()));
        GuardMode usual =
                usual(defaults.rateLimit() == null ? null : defaults.rateLimit().mode());
        RateLimitSettings on = RateLimitSettings.builder().mode(usual).build();
        return guarding.apply(
                settings, used, RateLimitSettings.none(), StanchionProperties::off, given -> given.over(on));
    }

    /** The lowest layer of all rate limits; off unless they guard that nobody names. */
    RateLimitSettings rateLimitDefaults(GuardSwitch guarding) {
        RateLimitSettings given = defaults.rateLimit() == null
                ? RateLimitSettings.none()
                : defaults.rateLimit().toSettings();
        RateLimitSettings common = RateLimitSettings.builder().mode(mode).build();
        return guarding.on() ? given.over(common) : off(given);
    }

    private static RateLimitSettings off(RateLimitSettings settings) {
        return RateLimitSettings.builder().mode(GuardMode.OFF).build().over(settings);
    }

    private GuardMode usual(@Nullable GuardMode ofKind) {
        return ofKind == null ? mode : ofKind;
    }

    /** The settings of locks by name, as {@link #rateLimitSettings}. */
    Map<String, LockSettings> lockSettings(GuardSwitch guarding, Collection<String> used) {
        Map<String, LockSettings> settings = new HashMap<>();
        locks.forEach((name, lock) -> settings.put(name, lock.toSettings()));
        GuardMode usual = usual(defaults.lock() == null ? null : defaults.lock().mode());
        LockSettings on = LockSettings.builder().mode(usual).build();
        return guarding.apply(settings, used, LockSettings.none(), StanchionProperties::off, given -> given.over(on));
    }

    /** The lowest layer of all locks, as {@link #rateLimitDefaults}. */
    LockSettings lockDefaults(GuardSwitch guarding) {
        LockSettings given =
                defaults.lock() == null ? LockSettings.none() : defaults.lock().toSettings();
        LockSettings common = LockSettings.builder().mode(mode).build();
        return guarding.on() ? given.over(common) : off(given);
    }

    private static LockSettings off(LockSettings settings) {
        return LockSettings.builder().mode(GuardMode.OFF).build().over(settings);
    }

    /** Who weaves guards into methods. */
    public enum Weaving {

        /** Spring's proxies: calls from bean to bean. */
        PROXY,

        /** Proxies, and beneath them AspectJ at compile or load time: also calls within an object, private and static methods. */
        ASPECTJ
    }

    /** Where state is kept. */
    public enum StoreType {

        /** This process's memory. */
        MEMORY,

        /** Redis or Valkey. */
        REDIS,

        /** A database. */
        JDBC
    }

    /**
     * The store in this process's memory.
     *
     * @param maxKeys How many keys it holds at most. When it is full of live state, new subjects share one.
     * @param sweepInterval How often expired keys are collected.
     */
    public record Memory(@DefaultValue("100000") long maxKeys, @DefaultValue("5s") Duration sweepInterval) {

        public Memory {
            if (maxKeys < 1) {
                throw invalid("memory.max-keys", maxKeys, "is not positive", "Use 1 or more.");
            }
            if (sweepInterval.isNegative() || sweepInterval.isZero()) {
                throw invalid(
                        "memory.sweep-interval", sweepInterval, "is not positive", "Use a duration such as '5s'.");
            }
        }

        /**
         * An empty store of these settings; whoever opens it closes it.
         *
         * @throws GuardConfigurationException if they cannot work
         */
        public MemoryStore open(MicroClock clock) {
            return open(clock, now -> {});
        }

        MemoryStore open(MicroClock clock, MemoryStore.PressureListener pressure) {
            try {
                return MemoryStore.builder()
                        .clock(clock)
                        .maxKeys(maxKeys)
                        .sweepInterval(sweepInterval)
                        .onPressure(pressure)
                        .build();
            } catch (IllegalArgumentException wrong) {
                throw new GuardConfigurationException(
                        "Settings under stanchion.memory cannot work: " + wrong.getMessage(),
                        "Correct stanchion.memory.max-keys or stanchion.memory.sweep-interval.",
                        wrong);
            }
        }
    }

    /**
     * The store on Redis or Valkey.
     *
     * @param uri Where it is. Default is the application's Redis, as Spring Data Redis or 'spring.data.redis' has it.
     * @param commandTimeout How long a decision waits for its reply, everything included.
     * @param connectTimeout How long opening a connection may take.
     * @param coalesce Whether calls for one key share commands while one for it is under way.
     * @param eviction What is done about servers that drop keys when memory is short.
     */
    public record Redis(
            @Nullable String uri,
            @DefaultValue("100ms") Duration commandTimeout,
            @DefaultValue("2s") Duration connectTimeout,
            @DefaultValue("false") boolean coalesce,
            @DefaultValue("check") Eviction eviction) {

        private static final Duration LONGEST = Duration.ofMinutes(1);

        public Redis {
            check("redis.command-timeout", commandTimeout);
            check("redis.connect-timeout", connectTimeout);
        }

        private static void check(String key, Duration time) {
            if (time.compareTo(Duration.ofMillis(1)) < 0 || time.compareTo(LONGEST) > 0) {
                throw invalid(key, time, "is out of range", "Use '1ms' to '1m'.");
            }
        }
    }

    /** What is done about servers that drop keys when memory is short. */
    public enum Eviction {

        /** Guards that need a store that retains its state stop the start; others only warn. */
        CHECK,

        /** There is a warning, and state may be lost. */
        ACCEPT
    }

    /**
     * Web applications.
     *
     * @param problemDetails Whether a refusal is answered with problem details (RFC 9457).
     * @param problemTypeBase Start of the types of problem details. Default is the registered types.
     * @param rateLimitHeaders The headers that tell callers of their limits.
     * @param clientIp How the caller's address is found.
     */
    public record Web(
            @DefaultValue("true") boolean problemDetails,
            @Nullable URI problemTypeBase,
            @DefaultValue RateLimitHeaders rateLimitHeaders,
            @DefaultValue ClientIp clientIp) {}

    /**
     * The headers that tell callers of their limits.
     *
     * @param format Which headers.
     * @param on Which answers carry them.
     * @param partitionKey Whether they carry a truncated hash of the key, so that callers can tell their limits apart.
     */
    public record RateLimitHeaders(
            @DefaultValue("draft") HeaderFormat format,
            @DefaultValue("always") HeaderOccasion on,
            @DefaultValue("false") boolean partitionKey) {}

    /** Which rate limit headers are sent. */
    public enum HeaderFormat {

        /** {@code RateLimit} and {@code RateLimit-Policy}, as the IETF drafts have them. */
        DRAFT,

        /** {@code X-RateLimit-Limit}, {@code -Remaining} and {@code -Reset}. */
        X_RATELIMIT,

        /** None. */
        NONE
    }

    /** When rate limit headers are sent. */
    public enum HeaderOccasion {

        /** With every answer of a limited method. */
        ALWAYS,

        /** When less than a fifth is left. */
        LOW,

        /** With refusals only. */
        REJECTED
    }

    /**
     * How the caller's address, {@code #ip}, is found.
     *
     * @param trustedProxies Addresses or networks (CIDR) whose forwarding header is believed.
     * @param header The one header that is read: 'x-forwarded-for', 'forwarded', or one of your proxy's own.
     * @param ipv6Prefix How many bits of an IPv6 address name a caller.
     */
    public record ClientIp(
            @DefaultValue List<String> trustedProxies,
            @DefaultValue("x-forwarded-for") String header,
            @DefaultValue("64") int ipv6Prefix) {

        public ClientIp {
            trustedProxies = List.copyOf(trustedProxies);
            if (ipv6Prefix < 1 || ipv6Prefix > 128) {
                throw invalid("web.client-ip.ipv6-prefix", ipv6Prefix, "is out of range", "Use 1 to 128, usually 64.");
            }
            if (header.isBlank()) {
                throw invalid("web.client-ip.header", header, "is empty", "Use 'x-forwarded-for' or 'forwarded'.");
            }
        }
    }

    /**
     * What guards tell as events.
     *
     * @param buffer How many events of each kind of guard and type the actuator endpoint remembers; 0 to 10,000.
     * @param rejections Whether rejections are published as Spring events too. Stores that go away and come back always are.
     */
    public record Events(@DefaultValue("128") int buffer, @DefaultValue("false") boolean rejections) {

        public Events {
            if (buffer < 0 || buffer > 10_000) {
                throw invalid("events.buffer", buffer, "is out of range", "Use 0 to 10000.");
            }
        }
    }

    /**
     * What holds for all rate limits.
     *
     * @param expectedInstances How many instances of the application share a limit when each must decide by itself.
     * @param denialCache What an instance remembers of refusals.
     */
    public record RateLimiting(@DefaultValue("1") int expectedInstances, @DefaultValue DenialCache denialCache) {

        public RateLimiting {
            if (expectedInstances < 1) {
                throw invalid(
                        "rate-limiting.expected-instances", expectedInstances, "is not positive", "Use 1 or more.");
            }
        }
    }

    /**
     * What an instance remembers of refusals, to repeat them without asking the store.
     *
     * @param maxEntries How many refusals it remembers at most.
     * @param maxAge How long it remembers each at most.
     */
    public record DenialCache(@DefaultValue("10000") int maxEntries, @DefaultValue("1s") Duration maxAge) {

        private static final Duration LONGEST_AGE = Duration.ofHours(1);

        public DenialCache {
            if (maxEntries < 1) {
                throw invalid(
                        "rate-limiting.denial-cache.max-entries",
                        maxEntries,
                        "is not positive",
                        "Use 1 or more; to remember nothing, set stanchion.defaults.rate-limit.denial-cache to 'off'.");
            }
            if (maxAge.isNegative() || maxAge.isZero() || maxAge.compareTo(LONGEST_AGE) > 0) {
                throw invalid(
                        "rate-limiting.denial-cache.max-age",
                        maxAge,
                        "is out of range",
                        "Use a duration such as '1s', up to '1h'.");
            }
        }
    }

    /**
     * What holds for all locks.
     *
     * @param notification How calls that wait learn that a lock is free.
     * @param tokenRetention How long the fencing token of a lock that nobody holds is remembered, where the store's clock
     *     may be set back.
     * @param requireSharedStore Whether a store that only this process sees stops the start.
     */
    public record Locking(
            @Name("notify") @DefaultValue("auto") Notify notification, // no component can be called notify
            @DefaultValue("10m") Duration tokenRetention,
            @DefaultValue("false") boolean requireSharedStore) {

        private static final Duration SHORTEST_RETENTION = Duration.ofSeconds(3);
        private static final Duration LONGEST_RETENTION = Duration.ofDays(366);

        public Locking {
            if (tokenRetention.compareTo(SHORTEST_RETENTION) < 0 || tokenRetention.compareTo(LONGEST_RETENTION) > 0) {
                throw invalid(
                        "locking.token-retention",
                        tokenRetention,
                        "is out of range",
                        "Use '3s' to '366d', usually '10m'.");
            }
        }
    }

    /** How calls that wait learn that a lock is free. */
    public enum Notify {

        /** The store wakes them, if it can. */
        AUTO,

        /** They ask again and again. */
        POLL
    }

    /**
     * Settings of policies that are given neither by their annotation nor under their name.
     *
     * @param rateLimit Settings of rate limits.
     * @param lock Settings of locks.
     */
    public record Defaults(@Nullable RateLimitProperties rateLimit, @Nullable LockProperties lock) {}

    static GuardConfigurationException invalid(String key, Object value, String how, String action) {
        return new GuardConfigurationException("Property " + PREFIX + "." + key + " '" + value + "' " + how, action);
    }
}
