package io.github.stanchion.lock;

import io.github.stanchion.annotation.LeaseRenewal;
import io.github.stanchion.annotation.LockTransactions;
import io.github.stanchion.annotation.OnContention;
import io.github.stanchion.annotation.OnLost;
import io.github.stanchion.annotation.WaitOver;
import io.github.stanchion.annotation.WithLock;
import io.github.stanchion.guard.DurationText;
import io.github.stanchion.guard.FailurePolicy;
import io.github.stanchion.guard.GuardMode;
import java.lang.reflect.Array;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The settings of a lock as they were given, in an annotation or a file; the rest was left open.
 *
 * <p>Immutable. Layers are merged with {@link #over}; only the whole is validated, when it becomes a {@link LockPolicy}.
 */
public final class LockSettings {

    /** A wait or hold without an end. */
    public static final Duration FOREVER = Duration.ofSeconds(Long.MAX_VALUE);

    private static final LockSettings NONE = builder().build();

    private final Map<LockSetting, Object> given;

    private LockSettings(Map<LockSetting, Object> given) {
        this.given = given;
    }

    /** Settings that leave everything open. */
    public static LockSettings none() {
        return NONE;
    }

    public static Builder builder() {
        return new Builder();
    }

    /**
     * What an annotation says, its name apart.
     *
     * @throws IllegalArgumentException if an attribute cannot be read
     */
    static LockSettings of(WithLock annotation) {
        return builder()
                .key(annotation.key())
                .each(only(LockSetting.EACH, annotation.each()))
                .wait(duration(LockSetting.WAIT, annotation.waitTime(), "forever"))
                .lease(duration(LockSetting.LEASE, annotation.leaseTime(), null))
                .renew(only(LockSetting.RENEW, annotation.renew()))
                .maxHold(duration(LockSetting.MAX_HOLD, annotation.maxHold(), "none"))
                .atLeast(duration(LockSetting.AT_LEAST, annotation.atLeast(), null))
                .onContention(only(LockSetting.ON_CONTENTION, annotation.onContention()))
                .skipValue(annotation.skipValue())
                .share(duration(LockSetting.SHARE, annotation.share(), null))
                .shareErrors(only(LockSetting.SHARE_ERRORS, annotation.shareErrors()))
                .waitOver(only(LockSetting.WAIT_OVER, annotation.waitOver()))
                .fallback(annotation.fallback())
                .fallbackOn(List.of(annotation.fallbackOn()))
                .onLost(only(LockSetting.ON_LOST, annotation.onLost()))
                .reentrant(only(LockSetting.REENTRANT, annotation.reentrant()))
                .maxWaiters(only(LockSetting.MAX_WAITERS, annotation.maxWaiters()))
                .tx(only(LockSetting.TX, annotation.tx()))
                .build();
    }

    /** The one value of an attribute, of whatever type its array is; null if it was left out. */
    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // an array of T, or of the primitive of T
    private static <T> @Nullable T only(LockSetting setting, Object values) {
        int number = Array.getLength(values);
        if (number > 1) {
            throw new LockSettingException(
                    setting, "Number of values '" + number + "'", "is too large", "give one " + setting.attribute());
        }
        return number == 0 ? null : (T) Array.get(values, 0);
    }

    private static @Nullable Duration duration(LockSetting setting, String text, @Nullable String endless) {
        if (text.isBlank()) {
            return null;
        }
        if (text.strip().equals(endless)) {
            return FOREVER;
        }
        try {
            return DurationText.parse(text);
        } catch (DurationText.Unreadable trouble) {
            throw new LockSettingException(setting, "Duration '" + text + "'", trouble.trouble(), trouble.remedy());
        }
    }

    /** These settings, and those of {@code lower} where these leave something open. */
    public LockSettings over(LockSettings lower) {
        Map<LockSetting, Object> merged = new EnumMap<>(LockSetting.class);
        merged.putAll(lower.given);
        merged.putAll(given);
        return new LockSettings(merged);
    }

    boolean gives(LockSetting setting) {
        return given.containsKey(setting);
    }

    @SuppressWarnings("unchecked") // the builder puts under each setting what it is read as
    <T> T get(LockSetting setting, T fallback) {
        return (T) given.getOrDefault(setting, fallback);
    }

    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // as above
    <T> @Nullable T find(LockSetting setting) {
        return (T) given.get(setting);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof LockSettings that && given.equals(that.given);
    }

    @Override
    public int hashCode() {
        return given.hashCode();
    }

    @Override
    public String toString() {
        return "LockSettings" + given;
    }

    /** Collects settings; null leaves one open. Not thread-safe. */
    public static final class Builder {

        private final Map<LockSetting, Object> given = new EnumMap<>(LockSetting.class);

        private Builder() {}

        private Builder set(LockSetting setting, @Nullable Object value) {
            if (value == null) {
                given.remove(setting);
            } else {
                given.put(setting, value);
            }
            return this;
        }

        private Builder setText(LockSetting setting, @Nullable String text) {
            return set(setting, text == null || text.isBlank() ? null : text.strip());
        }

        /** Expressions that name what is locked, as a tuple. */
        public Builder key(String... expressions) {
            return set(LockSetting.KEY, expressions.length == 0 ? null : List.of(expressions));
        }

        /** One lock for each element of the key. */
        public Builder each(@Nullable Boolean value) {
            return set(LockSetting.EACH, value);
        }

        /** How long a call may wait: 0 = one try, or {@link LockSettings#FOREVER}. */
        public Builder wait(@Nullable Duration value) {
            return set(LockSetting.WAIT, value);
        }

        /** How long the lock stays without renewal. */
        public Builder lease(@Nullable Duration value) {
            return set(LockSetting.LEASE, value);
        }

        public Builder renew(@Nullable LeaseRenewal value) {
            return set(LockSetting.RENEW, value);
        }

        /** When renewal ends, or {@link LockSettings#FOREVER}. */
        public Builder maxHold(@Nullable Duration value) {
            return set(LockSetting.MAX_HOLD, value);
        }

        /** How long the lock stays at least. */
        public Builder atLeast(@Nullable Duration value) {
            return set(LockSetting.AT_LEAST, value);
        }

        public Builder onContention(@Nullable OnContention value) {
            return set(LockSetting.ON_CONTENTION, value);
        }

        /** Expression for what a skipped call returns. */
        public Builder skipValue(@Nullable String expression) {
            return setText(LockSetting.SKIP_VALUE, expression);
        }

        /** How long after its completion a single-flight result serves calls that come. */
        public Builder share(@Nullable Duration value) {
            return set(LockSetting.SHARE, value);
        }

        public Builder shareErrors(@Nullable Boolean value) {
            return set(LockSetting.SHARE_ERRORS, value);
        }

        public Builder waitOver(@Nullable WaitOver value) {
            return set(LockSetting.WAIT_OVER, value);
        }

        /** Names what answers where the lock was not to be had. */
        public Builder fallback(@Nullable String reference) {
            return setText(LockSetting.FALLBACK, reference);
        }

        public Builder fallbackOn(@Nullable List<Class<? extends Throwable>> failures) {
            return set(LockSetting.FALLBACK_ON, failures == null || failures.isEmpty() ? null : List.copyOf(failures));
        }

        public Builder onLost(@Nullable OnLost value) {
            return set(LockSetting.ON_LOST, value);
        }

        public Builder reentrant(@Nullable Boolean value) {
            return set(LockSetting.REENTRANT, value);
        }

        /** How many calls of one key may wait in this process. */
        public Builder maxWaiters(@Nullable Integer value) {
            return set(LockSetting.MAX_WAITERS, value);
        }

        public Builder tx(@Nullable LockTransactions value) {
            return set(LockSetting.TX, value);
        }

        public Builder mode(@Nullable GuardMode value) {
            return set(LockSetting.MODE, value);
        }

        public Builder onStoreFailure(@Nullable FailurePolicy value) {
            return set(LockSetting.ON_STORE_FAILURE, value);
        }

        /** Confirms that {@code OPEN} may run calls without the lock. */
        public Builder allowUnlocked(@Nullable Boolean value) {
            return set(LockSetting.ALLOW_UNLOCKED, value);
        }

        public LockSettings build() {
            return new LockSettings(new EnumMap<>(given));
        }
    }
}
