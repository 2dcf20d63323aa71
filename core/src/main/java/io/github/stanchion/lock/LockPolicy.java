package io.github.stanchion.lock;

import io.github.stanchion.annotation.LeaseRenewal;
import io.github.stanchion.annotation.LockTransactions;
import io.github.stanchion.annotation.OnContention;
import io.github.stanchion.annotation.OnLost;
import io.github.stanchion.annotation.WaitOver;
import io.github.stanchion.guard.FailurePolicy;
import io.github.stanchion.guard.GuardMode;
import io.github.stanchion.guard.KeyResolver;
import io.github.stanchion.guard.StoreUnavailableException;
import io.github.stanchion.store.AtomicStore;
import io.github.stanchion.store.Capability;
import io.github.stanchion.store.KeySpace;
import io.github.stanchion.store.StoreKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Validated settings of one lock; immutable.
 *
 * <p>A holder counts its lease from before it asked, so it ends for the holder before it ends in the store: the store keeps
 * the lock for the lease and a grace of a tenth of it, 250 ms at least.
 */
public final class LockPolicy {

    private static final long SHORTEST_LEASE = 300_000;
    private static final long LONGEST = Duration.ofDays(331).toNanos() / 1_000;
    private static final long ENDLESS = Long.MAX_VALUE / 4_000;

    private final String name;
    private final LockSettings settings;
    private final KeySpace space;
    private final KeySpace flights;
    private final long retentionMicros;
    private final long waitMicros;
    private final long leaseMicros;
    private final long maxHoldMicros;
    private final long atLeastMicros;
    private final long shareMicros;
    private final int maxWaiters;
    private final String prefix;
    private volatile @Nullable LockPolicy oneTry;
    private volatile @Nullable LockPolicy flight;

    private LockPolicy(String name, LockSettings settings, String prefix, long retentionMicros) {
        this.name = name;
        this.settings = settings;
        this.space =
                KeySpace.of(prefix, mode() == GuardMode.SHADOW ? LockGuard.KIND + "-shadow" : LockGuard.KIND, name);
        this.flights = space.withKind(LockGuard.KIND + "-flight");
        this.prefix = prefix;
        this.retentionMicros = retentionMicros;
        this.leaseMicros = micros(LockSetting.LEASE, Duration.ofSeconds(30));
        this.maxHoldMicros = micros(LockSetting.MAX_HOLD, Duration.ofHours(1));
        this.atLeastMicros = micros(LockSetting.AT_LEAST, Duration.ZERO);
        this.shareMicros = micros(LockSetting.SHARE, Duration.ofSeconds(1));
        this.waitMicros =
                micros(LockSetting.WAIT, onContention() == OnContention.SKIP ? Duration.ZERO : Duration.ofSeconds(3));
        this.maxWaiters = settings.get(LockSetting.MAX_WAITERS, 256);
        check();
    }

    /**
     * The policy of these settings.
     *
     * @param prefix begins all keys
     * @param retention how long a lock that nobody holds is remembered
     * @throws LockSettingException if the settings cannot work
     */
    static LockPolicy of(String name, LockSettings settings, String prefix, Duration retention) {
        return new LockPolicy(name, settings, prefix, retention.toNanos() / 1_000);
    }

    private long micros(LockSetting setting, Duration fallback) {
        Duration value = settings.get(setting, fallback);
        if (value.isNegative()) {
            throw wrong(setting, value, "is negative", "use 0s or more");
        }
        return value.toSeconds() >= ENDLESS / 1_000_000 ? ENDLESS : value.toNanos() / 1_000;
    }

    private static LockSettingException wrong(LockSetting setting, Object value, String trouble, String remedy) {
        return new LockSettingException(setting, "Value '" + value + "'", trouble, remedy);
    }

    private void check() {
        if (leaseMicros < SHORTEST_LEASE || spanMicros() > LONGEST) {
            throw wrong(LockSetting.LEASE, lease(), "is out of range", "use 300ms to 300d");
        }
        if (atLeastMicros > LONGEST) {
            throw wrong(
                    LockSetting.AT_LEAST, Duration.ofNanos(atLeastMicros * 1_000), "is too long", "use at most 300d");
        }
        if (maxHoldMicros < 1 || maxHoldMicros < atLeastMicros) {
            throw wrong(
                    LockSetting.MAX_HOLD,
                    Duration.ofNanos(maxHoldMicros * 1_000),
                    "is shorter than at-least",
                    "use a longer one, or 'none'");
        }
        if (!renews() && maxHoldMicros < leaseMicros) {
            throw wrong(
                    LockSetting.MAX_HOLD,
                    Duration.ofNanos(maxHoldMicros * 1_000),
                    "is shorter than the lease, which is never renewed",
                    "shorten the lease instead");
        }
        if (maxWaiters < 0) {
            throw wrong(LockSetting.MAX_WAITERS, maxWaiters, "is negative", "use 0 or more");
        }
        if (isSingleFlight() && atLeastMicros > 0) {
            throw wrong(
                    LockSetting.AT_LEAST,
                    Duration.ofNanos(atLeastMicros * 1_000),
                    "does not go with single-flight",
                    "set share, which says how long a result serves");
        }
        if (isSingleFlight() && isEach()) {
            throw wrong(LockSetting.EACH, true, "does not go with single-flight", "use one key");
        }
        for (Class<?> type : settings.get(LockSetting.FALLBACK_ON, List.<Class<?>>of())) {
            if (!type.isAssignableFrom(StoreUnavailableException.class) && type != LockNotAcquiredException.class) {
                throw wrong(
                        LockSetting.FALLBACK_ON,
                        type.getSimpleName(),
                        "may come from a method that has run",
                        "use StoreUnavailableException: the fallback of a lock answers only calls that did not run");
            }
        }
        if (onStoreFailure() == FailurePolicy.OPEN && !settings.get(LockSetting.ALLOW_UNLOCKED, false)) {
            throw wrong(
                    LockSetting.ON_STORE_FAILURE,
                    FailurePolicy.OPEN,
                    "runs calls without the lock",
                    "set allow-unlocked: true if that is meant, else use throw, closed or local");
        }
    }

    public String name() {
        return name;
    }

    /** The same lock for callers that do not wait. */
    LockPolicy withoutWait() {
        LockPolicy known = oneTry;
        if (known == null) {
            known = waitMicros == 0 ? this : with(LockSettings.builder().wait(Duration.ZERO));
            oneTry = known;
        }
        return known;
    }

    /** The same lock for callers that share a result. */
    LockPolicy asFlight() {
        LockPolicy known = flight;
        if (known == null) {
            known = isSingleFlight() ? this : with(LockSettings.builder().onContention(OnContention.SINGLE_FLIGHT));
            flight = known;
        }
        return known;
    }

    private LockPolicy with(LockSettings.Builder changes) {
        return new LockPolicy(name, changes.build().over(settings), prefix, retentionMicros);
    }

    /** The settings that it was made of, without defaults. */
    public LockSettings settings() {
        return settings;
    }

    /** The expressions that name what is locked; none: one lock for all calls. */
    public List<String> keyExpressions() {
        List<String> texts = settings.find(LockSetting.KEY);
        return texts == null ? List.of() : texts;
    }

    /** How long a call may wait for its lock, everything included. */
    public Duration waitTime() {
        return waitMicros == ENDLESS ? LockSettings.FOREVER : Duration.ofNanos(waitMicros * 1_000);
    }

    /** How long the lock stays without renewal, as its holder counts it. */
    public Duration lease() {
        return Duration.ofNanos(leaseMicros * 1_000);
    }

    public GuardMode mode() {
        return settings.get(LockSetting.MODE, GuardMode.ENFORCE);
    }

    public OnContention onContention() {
        return settings.get(LockSetting.ON_CONTENTION, OnContention.FAIL);
    }

    public FailurePolicy onStoreFailure() {
        return settings.get(LockSetting.ON_STORE_FAILURE, FailurePolicy.THROW);
    }

    public LockTransactions tx() {
        return settings.get(LockSetting.TX, LockTransactions.AUTO);
    }

    OnLost onLost() {
        return settings.get(LockSetting.ON_LOST, OnLost.FAIL);
    }

    WaitOver waitOver() {
        return settings.get(LockSetting.WAIT_OVER, WaitOver.FAIL);
    }

    /** Whether the fallback answers calls for which the store cannot decide, too. */
    boolean answersOutage() {
        return settings.get(LockSetting.FALLBACK_ON, List.<Class<?>>of()).stream()
                .anyMatch(type -> type.isAssignableFrom(StoreUnavailableException.class));
    }

    boolean isShadow() {
        return mode() == GuardMode.SHADOW;
    }

    boolean isSingleFlight() {
        return onContention() == OnContention.SINGLE_FLIGHT;
    }

    /** Whether each element of the one key is a lock. */
    public boolean isEach() {
        return settings.get(LockSetting.EACH, false);
    }

    boolean isReentrant() {
        return settings.get(LockSetting.REENTRANT, true);
    }

    boolean sharesErrors() {
        return settings.get(LockSetting.SHARE_ERRORS, false);
    }

    boolean renews() {
        return settings.get(LockSetting.RENEW, LeaseRenewal.AUTO) == LeaseRenewal.AUTO;
    }

    boolean waitsForever() {
        return waitMicros == ENDLESS;
    }

    /** How long a call waits at most; one try in shadow mode. */
    long waitMicros() {
        return isShadow() ? 0 : waitMicros;
    }

    long leaseMicros() {
        return leaseMicros;
    }

    /** How long the store keeps the lock without renewal. */
    long spanMicros() {
        return leaseMicros + Math.max(250_000, leaseMicros / 10);
    }

    long graceMicros() {
        return spanMicros() - leaseMicros;
    }

    /** When renewal ends; so far ahead that it never comes, if it never does. */
    long maxHoldMicros() {
        return maxHoldMicros;
    }

    long atLeastMicros() {
        return atLeastMicros;
    }

    long shareMicros() {
        return shareMicros;
    }

    int maxWaiters() {
        return maxWaiters;
    }

    /** How long this store is to remember a lock that nobody holds: tokens rise with a clock that never goes back. */
    long retentionMicros(AtomicStore store) {
        return store.capabilities().contains(Capability.STEADY_CLOCK)
                ? LockArguments.SHORTEST_RETENTION_MICROS
                : retentionMicros;
    }

    KeySpace space() {
        return space;
    }

    /** The lock of these parts; no parts, and it is the one lock of the policy. */
    StoreKey key(List<String> parts) {
        return parts.isEmpty() ? space.key() : space.taggedKey(null, parts);
    }

    /** The lock of these values, each a text, number, enum or whatever has a text of its own; or that of {@link Lease#keys}. */
    StoreKey key(Object... values) {
        if (values.length == 1 && values[0] instanceof StoreKey known) {
            return known.in(space);
        }
        List<String> parts = new ArrayList<>(values.length);
        for (Object value : values) {
            String part = KeyResolver.part(value, name);
            if (part == null) {
                throw new IllegalArgumentException(
                        "Key of lock '" + name + "' is null; lock something that has a name");
            }
            parts.add(part);
        }
        return key(parts);
    }

    /** Where the results of single flights of this lock are kept: beside it, in its slot. */
    StoreKey flightKey(StoreKey lock) {
        return lock.in(flights);
    }

    @Override
    public String toString() {
        return "lock '" + name + "'";
    }
}
