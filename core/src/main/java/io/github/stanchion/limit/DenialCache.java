package io.github.stanchion.limit;

import io.github.stanchion.store.AtomicStore;
import io.github.stanchion.store.Capability;
import io.github.stanchion.store.StoreKey;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Remembers refusals, so that a flood of calls that cannot pass does not reach the store.
 *
 * <p>After the store has refused cost c with wait w, asked at t, everything of that key that costs c or more is refused here
 * before t + w - maxWait, t being read before the call went out. That is what the store would say: others only take permits,
 * and it decided at t or later. What can bring permits back earlier ends the memory earlier: a refund here drops the key's
 * entry, a reset anywhere drops it by signal, a changed limit does not match it; a refund, a raised limit or a lost state that
 * only another process knows of, and a store's clock that is set forward, are seen once the entry is {@code maxAge} old.
 *
 * <p>Each key has one place in a table of fixed size, which it may lose to another: forgetting only costs a store call.
 * Thread-safe, without locks.
 */
final class DenialCache implements ResetSignals.Memory {

    private static final int EPOCHS = 64;

    private final int maxEntries;
    private final long maxAgeMicros;
    private final boolean shared;
    private final boolean signalled;
    private final boolean takesBack;
    private final LongSupplier ticker;
    private final ResetSignals resets;

    private volatile @Nullable AtomicReferenceArray<@Nullable KnownDenial> table;

    /** How often something was forgotten in a part of the table, which an answer then under way must not bring back. */
    private final AtomicIntegerArray epochs = new AtomicIntegerArray(EPOCHS);

    DenialCache(AtomicStore store, int maxEntries, long maxAgeMicros, LongSupplier ticker, ResetSignals resets) {
        this.maxEntries = maxEntries;
        this.maxAgeMicros = maxAgeMicros;
        this.shared = store.capabilities().contains(Capability.SHARED);
        this.signalled = store.capabilities().contains(Capability.SIGNALS);
        this.takesBack = !store.capabilities().contains(Capability.JOINT);
        this.ticker = ticker;
        this.resets = resets;
    }

    /** Whether refusals of this policy are remembered. */
    boolean serves(RateLimitPolicy policy, LimitState state) {
        DenialCaching how = policy.denialCaching();
        return how == DenialCaching.ON || how == DenialCaching.AUTO && shared && !state.hasGivenBack();
    }

    /** The limit of this state decides together with others: a store that cannot do so in one step takes charges back. */
    void decidesJointly(LimitState state) {
        if (takesBack) {
            state.givesBack();
        }
    }

    long now() {
        return ticker.getAsLong();
    }

    /** What the store would answer to this question, null if it must be asked. */
    @Nullable
    RateReply find(StoreKey key, RateOperations limit, long cost, long nowNanos) {
        AtomicReferenceArray<@Nullable KnownDenial> places = table;
        if (places == null) {
            return null;
        }
        KnownDenial known = places.get(place(key));
        return known != null && known.refuses(key, limit, cost, nowNanos) ? known.replyAt(nowNanos) : null;
    }

    /** A question that is about to be sent; {@code nowNanos} has been read before. */
    Question question(StoreKey key, long nowNanos) {
        return new Question(nowNanos, epoch(place(key)));
    }

    private int epoch(int place) {
        return epochs.get(place % EPOCHS);
    }

    /**
     * Remembers the refusal of {@code cost} permits.
     *
     * @param retryMicros how long, from the decision on, the same would be refused
     * @param mostMicros how long to remember it at most
     */
    void learn(
            Question question,
            StoreKey key,
            RateOperations limit,
            long cost,
            RateReply reply,
            long retryMicros,
            long mostMicros) {
        long micros = Math.min(retryMicros, Math.min(mostMicros, maxAgeMicros));
        long until = question.sentNanos + micros * 1_000;
        long now = ticker.getAsLong();
        int place = place(key);
        if (now - until >= 0 || question.epoch != epoch(place)) {
            return;
        }
        resets.listen();
        long subject = signalled ? key.fingerprint() : 0;
        KnownDenial denial = new KnownDenial(key, limit, cost, reply, subject, now, until);
        AtomicReferenceArray<@Nullable KnownDenial> places = places();
        places.set(place, denial);
        if (question.epoch != epoch(place)) {
            // Whoever forgets counts first and looks second, so that one of the two sees the other.
            places.compareAndSet(place, denial, null);
        }
    }

    private AtomicReferenceArray<@Nullable KnownDenial> places() {
        AtomicReferenceArray<@Nullable KnownDenial> places = table;
        if (places == null) {
            // Two first refusals at once may lose one of them: forgetting is allowed.
            places = new AtomicReferenceArray<>(maxEntries);
            table = places;
        }
        return places;
    }

    private int place(StoreKey key) {
        int mixed = key.hashCode() * 0x9E3779B9;
        return (int) ((mixed & 0xffffffffL) * maxEntries >>> 32);
    }

    /** Permits of this key have come back early. */
    void forget(StoreKey key) {
        int place = place(key);
        epochs.incrementAndGet(place % EPOCHS);
        AtomicReferenceArray<@Nullable KnownDenial> places = table;
        KnownDenial known = places == null ? null : places.get(place);
        if (places != null && known != null && known.key().equals(key)) {
            places.compareAndSet(place, known, null);
        }
    }

    @Override
    public void forget(long subject) {
        forgetIf(known -> known.subject() == subject);
    }

    @Override
    public void forgetAll() {
        forgetIf(known -> true);
    }

    private void forgetIf(Predicate<KnownDenial> concerned) {
        for (int i = 0; i < EPOCHS; i++) {
            epochs.incrementAndGet(i);
        }
        AtomicReferenceArray<@Nullable KnownDenial> places = table;
        for (int i = 0; places != null && i < maxEntries; i++) {
            KnownDenial known = places.get(i);
            if (known != null && concerned.test(known)) {
                places.compareAndSet(i, known, null);
            }
        }
    }

    /**
     * A question on its way to the store.
     *
     * @param sentNanos before it left
     * @param epoch as it was then: what has been forgotten since must not be learned from its answer
     */
    record Question(long sentNanos, int epoch) {}
}
