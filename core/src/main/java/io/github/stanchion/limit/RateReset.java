package io.github.stanchion.limit;

import io.github.stanchion.store.Effect;
import io.github.stanchion.store.Operation;
import io.github.stanchion.store.Signal;
import io.github.stanchion.store.StoreKey;
import io.github.stanchion.store.Transition;
import io.github.stanchion.store.Value;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Forgets what a subject has used, whatever the algorithm: all permits are back, debts too.
 *
 * <p>Sends the signal {@code reset} of kind {@code rate-limit}, whose one detail is {@code subject}, whether there was
 * anything to forget or not: whoever remembers a refusal of that subject forgets it too.
 *
 * <p>Arguments: subject. Reply: 1 if there was anything to forget, else 0.
 *
 * @param subject the {@linkplain StoreKey#fingerprint fingerprint} of the key that it is applied to
 */
public record RateReset(long subject) implements Operation<Boolean> {

    /** The topic of the signal; its kind is {@link RateLimitGuard#KIND}. */
    static final String TOPIC = "reset";

    public RateReset {
        if (subject < 0 || subject > StoreKey.MOST_FINGERPRINT) {
            throw new IllegalArgumentException("Subject '" + subject + "' is no fingerprint; use the key's own");
        }
    }

    /** Resets this key. */
    public static RateReset of(StoreKey key) {
        return new RateReset(key.fingerprint());
    }

    @Override
    public String name() {
        return "rate.reset";
    }

    @Override
    public long[] arguments() {
        return new long[] {subject};
    }

    @Override
    public Transition<Boolean> apply(@Nullable Value current, long nowMicros) {
        return new Transition<>(
                current == null ? Effect.keep() : Effect.delete(),
                true,
                current != null,
                List.of(new Signal(RateLimitGuard.KIND, TOPIC, List.of(subject))));
    }

    @Override
    public Boolean decode(long[] reply) {
        return reply[0] != 0;
    }
}
