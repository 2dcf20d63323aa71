package io.github.stanchion.spring.autoconfigure;

import io.github.stanchion.annotation.LeaseRenewal;
import io.github.stanchion.annotation.LockTransactions;
import io.github.stanchion.annotation.OnContention;
import io.github.stanchion.annotation.OnLost;
import io.github.stanchion.annotation.WaitOver;
import io.github.stanchion.guard.FailurePolicy;
import io.github.stanchion.guard.GuardMode;
import io.github.stanchion.lock.LockSettings;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.Name;
import org.springframework.boot.convert.Delimiter;

/**
 * Settings of one lock; what is left out comes from the annotation, then from the defaults.
 *
 * @param key Expressions that name what is locked, several of them as a tuple.
 * @param each The one key is a collection, array or stream. Each element is a lock, all or none.
 * @param waitTime How long a call may wait for its lock, everything included, or 'forever'.
 * @param lease How long the lock stays without renewal.
 * @param renew Whether the lease is renewed while the method runs.
 * @param maxHold When renewal ends and the lock counts as lost, or 'none'.
 * @param atLeast How long the lock stays at least once it has been taken.
 * @param onContention What a call does whose lock is not to be had.
 * @param skipValue Expression for what a skipped call comes to.
 * @param share How long after its completion a single-flight result serves calls that come.
 * @param shareErrors Whether calls that wait get the leader's error too.
 * @param waitOver What a single-flight call does that has waited long enough.
 * @param fallback Method, or 'bean::method', that answers where the lock was not to be had.
 * @param fallbackOn Other failures that come before the method runs and that the fallback answers too.
 * @param onLost What becomes of a method whose lock is lost while it runs.
 * @param reentrant Whether a call that holds the lock may enter it again.
 * @param maxWaiters How many calls of one key may wait at once, per instance.
 * @param tx How the lock goes with a transaction that has begun before it.
 * @param mode What is done with decisions.
 * @param onStoreFailure What is done when the store cannot decide.
 * @param allowUnlocked Confirms that 'on-store-failure: open' may run calls without the lock.
 */
public record LockProperties(
        @Delimiter(Delimiter.NONE) @Nullable List<String> key,
        @Nullable Boolean each,
        @Name("wait") @Nullable WaitTime waitTime, // no component can be called wait
        @Nullable Duration lease,
        @Nullable LeaseRenewal renew,
        @Nullable MaxHold maxHold,
        @Nullable Duration atLeast,
        @Nullable OnContention onContention,
        @Nullable String skipValue,
        @Nullable Duration share,
        @Nullable Boolean shareErrors,
        @Nullable WaitOver waitOver,
        @Nullable String fallback,
        @Nullable List<Class<? extends Throwable>> fallbackOn,
        @Nullable OnLost onLost,
        @Nullable Boolean reentrant,
        @Nullable Integer maxWaiters,
        @Nullable LockTransactions tx,
        @Nullable GuardMode mode,
        @Nullable FailurePolicy onStoreFailure,
        @Nullable Boolean allowUnlocked) {

    public LockProperties {
        key = key == null ? null : List.copyOf(key);
        fallbackOn = fallbackOn == null ? null : List.copyOf(fallbackOn);
    }

    LockSettings toSettings() {
        return LockSettings.builder()
                .key(key == null ? new String[0] : key.toArray(String[]::new))
                .each(each)
                .wait(waitTime == null ? null : waitTime.time)
                .lease(lease)
                .renew(renew)
                .maxHold(maxHold == null ? null : maxHold.time)
                .atLeast(atLeast)
                .onContention(onContention)
                .skipValue(skipValue)
                .share(share)
                .shareErrors(shareErrors)
                .waitOver(waitOver)
                .fallback(fallback)
                .fallbackOn(fallbackOn)
                .onLost(onLost)
                .reentrant(reentrant)
                .maxWaiters(maxWaiters)
                .tx(tx)
                .mode(mode)
                .onStoreFailure(onStoreFailure)
                .allowUnlocked(allowUnlocked)
                .build();
    }

    /**
     * How long a call may wait: a duration, or 'forever'.
     *
     * @param time {@link LockSettings#FOREVER} for the latter
     */
    public record WaitTime(Duration time) {

        /** As files write it. */
        static WaitTime parse(String text) {
            return new WaitTime(EndlessTime.parse(text, "forever"));
        }
    }

    /**
     * How long a lock may be held: a duration, or 'none' for no end.
     *
     * @param time {@link LockSettings#FOREVER} for the latter
     */
    public record MaxHold(Duration time) {

        /** As files write it. */
        static MaxHold parse(String text) {
            return new MaxHold(EndlessTime.parse(text, "none"));
        }
    }
}
