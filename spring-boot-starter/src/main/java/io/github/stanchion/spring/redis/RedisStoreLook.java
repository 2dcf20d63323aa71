package io.github.stanchion.spring.redis;

import io.github.stanchion.redis.RedisStore;
import io.github.stanchion.redis.ServerReport;
import io.github.stanchion.redis.ServerReport.Primary;
import io.github.stanchion.spring.store.StoreInspection;
import io.github.stanchion.store.Capability;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Asks the servers of a store on Redis how they are, for health and the endpoint.
 *
 * <p>Thread-safe. Waits for at most the command timeout; an answer that comes later is what the next look joins. A store that
 * nobody has called yet is not connected for the sake of a look.
 */
public final class RedisStoreLook implements StoreInspection {

    private final RedisStoreLifecycle lifecycle;
    private final Duration patience;
    private volatile @Nullable CompletableFuture<ServerReport> underWay;

    public RedisStoreLook(RedisStoreLifecycle lifecycle, Duration patience) {
        this.lifecycle = lifecycle;
        this.patience = patience;
    }

    @Override
    public Finding look() {
        if (!lifecycle.isUsed()) {
            return new Finding(true, Map.of("state", "unused"));
        }
        RedisStore store = lifecycle.store().behind();
        Map<String, Object> details = new LinkedHashMap<>();
        boolean available = false;
        try {
            ServerReport report = report(store).get(patience.toMillis(), TimeUnit.MILLISECONDS);
            available = report.isReachable() && report.errors().isEmpty();
            describe(report, details);
            details.put("retains", store.capabilities().contains(Capability.RETAINS));
        } catch (TimeoutException late) {
            details.put("reachable", false);
            details.put("trouble", "no answer within " + patience.toMillis() + " ms");
        } catch (ExecutionException failed) {
            details.put("reachable", false);
            details.put(
                    "trouble",
                    String.valueOf(Objects.requireNonNullElse(failed.getCause(), failed)
                            .getMessage()));
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            details.put("reachable", false);
            details.put("trouble", "interrupted");
        }
        details.put("openBreakers", store.stats().openBreakers());
        return new Finding(available, details);
    }

    private CompletableFuture<ServerReport> report(RedisStore store) {
        CompletableFuture<ServerReport> last = underWay;
        if (last != null && !last.isDone()) {
            return last;
        }
        CompletableFuture<ServerReport> fresh = store.inspectAsync().toCompletableFuture();
        underWay = fresh;
        return fresh;
    }

    private static void describe(ServerReport report, Map<String, Object> details) {
        details.put("reachable", report.isReachable());
        details.put("topology", report.topology().name().toLowerCase(Locale.ROOT));
        details.put(
                "servers",
                report.primaries().stream().map(RedisStoreLook::describe).toList());
        put("errors", report.errors(), details);
        put("warnings", report.warnings(), details);
    }

    private static void put(String name, List<String> texts, Map<String, Object> details) {
        if (!texts.isEmpty()) {
            details.put(name, texts);
        }
    }

    private static Map<String, Object> describe(Primary server) {
        Map<String, Object> details = new LinkedHashMap<>();
        details.put("address", server.address());
        if (server.trouble() != null) {
            details.put("trouble", server.trouble());
            return details;
        }
        details.put("version", server.product() + " " + server.version());
        details.put("role", server.role());
        details.put("evictionPolicy", server.evictionPolicy());
        details.put("clockAheadMillis", server.clockAhead().toMillis());
        return details;
    }

    /** What is wrong with the servers that do not answer. */
    static String troubles(ServerReport report) {
        return report.primaries().stream()
                .filter(server -> !server.isReachable())
                .map(server -> server.address() + ": " + server.trouble())
                .collect(Collectors.joining(", "));
    }
}
