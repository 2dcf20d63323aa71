package io.github.stanchion.spring.actuate;

import io.github.stanchion.guard.PolicyNames;
import io.github.stanchion.lock.Lease;
import io.github.stanchion.lock.LockGuard;
import io.github.stanchion.lock.LockPolicies;
import io.github.stanchion.lock.LockPolicy;
import io.github.stanchion.lock.LockReport;
import io.github.stanchion.lock.Locks;
import io.github.stanchion.store.AtomicStore;
import io.github.stanchion.store.Capability;
import io.github.stanchion.store.StoreKey;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Locks in the endpoint: policies, what this process holds, and a look at single locks, which can be freed. */
public final class LockEndpointKind implements EndpointKind {

    private final Locks locks;
    private final LockPolicies policies;
    private final AtomicStore store;
    private final PropertyOrigins origins;

    public LockEndpointKind(Locks locks, LockPolicies policies, AtomicStore store, PropertyOrigins origins) {
        this.locks = locks;
        this.policies = policies;
        this.store = store;
        this.origins = origins;
    }

    @Override
    public String path() {
        return "locks";
    }

    @Override
    public String kind() {
        return LockGuard.KIND;
    }

    @Override
    public Map<String, ?> summaries() {
        Map<String, Object> summaries = new LinkedHashMap<>();
        policies.names().forEach(name -> summaries.put(name, summary(policies.get(name))));
        return summaries;
    }

    @Override
    public @Nullable Object describe(String name, boolean keysShown) {
        LockPolicy policy = find(name);
        if (policy == null) {
            return null;
        }
        Map<String, Object> description = summary(policy);
        description.put("wait", policy.waitTime().toString());
        description.put("lease", policy.lease().toString());
        description.put("on-contention", word(policy.onContention()));
        description.put("on-store-failure", word(policy.onStoreFailure()));
        description.put("tx", word(policy.tx()));
        description.put("origins", origins.located(policies.origins(policy.name())));
        description.put("promise", promise());
        description.put("degraded", locks.isDegraded(policy.name()));
        description.put(
                "held", held(policy).map(lease -> described(lease, keysShown)).toList());
        return description;
    }

    @Override
    public @Nullable Object act(String name, String action, @Nullable String handle, List<String> key) {
        LockPolicy policy = find(name);
        if (policy == null) {
            return null;
        }
        Object[] lock = handle == null ? key.toArray() : new Object[] {known(policy, handle)};
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("name", policy.name());
        answer.put("keyHash", locks.keyHash(policy.name(), lock));
        switch (action) {
            case "peek" -> describe(answer, locks.inspect(policy.name(), lock));
            case "release" -> answer.put("released", locks.forceRelease(policy.name(), lock));
            default -> throw new IllegalArgumentException("Action is unknown; use peek or release");
        }
        return answer;
    }

    /** The key with this hash, of the locks that this process holds. */
    private StoreKey known(LockPolicy policy, String hash) {
        return held(policy)
                .flatMap(lease -> lease.keys().stream())
                .filter(key -> locks.keyHash(policy.name(), key).equals(hash))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "Handle is none of a lock that this process holds now; send the key"));
    }

    private static void describe(Map<String, Object> answer, LockReport report) {
        answer.put("held", report.remainingMicros() > 0);
        answer.put(
                "remaining", Duration.ofNanos(report.remainingMicros() * 1_000).toString());
        answer.put("token", report.token());
        answer.put("waiters", report.waiters());
    }

    private @Nullable LockPolicy find(String name) {
        String canonical = PolicyNames.canonical(name);
        return policies.names().stream()
                .filter(known -> PolicyNames.canonical(known).equals(canonical))
                .findFirst()
                .map(policies::get)
                .orElse(null);
    }

    private Map<String, Object> summary(LockPolicy policy) {
        Map<String, Object> summary = new LinkedHashMap<>();
        summary.put("kind", kind());
        summary.put("name", policy.name());
        summary.put("mode", word(policy.mode()));
        summary.put("methods", policies.methods(policy.name()));
        summary.put("holding", held(policy).count());
        return summary;
    }

    private Stream<Lease> held(LockPolicy policy) {
        return locks.held().stream().filter(lease -> lease.name().equals(policy.name()));
    }

    private static Map<String, Object> described(Lease lease, boolean keysShown) {
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("age", lease.age().toString());
        answer.put("remaining", lease.remaining().toString());
        answer.put("tokens", lease.fencingTokens());
        answer.put("keyHashes", lease.keyHashes());
        if (keysShown) {
            answer.put("keys", lease.keys().stream().map(StoreKey::subject).toList());
        }
        return answer;
    }

    /** What the store makes of exclusion. */
    private String promise() {
        if (!store.capabilities().contains(Capability.SHARED)) {
            return "one process";
        }
        return store.capabilities().contains(Capability.DURABLE) ? "survives restarts" : "while no data is lost";
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
