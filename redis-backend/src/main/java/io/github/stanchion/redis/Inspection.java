package io.github.stanchion.redis;

import io.github.stanchion.store.KeySpace;
import io.github.stanchion.store.MicroClock;
import io.github.stanchion.store.StoreException;
import io.lettuce.core.protocol.CommandType;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Looks at servers by INFO and TIME, and tries by a script what the user may do. Needs no CONFIG. Thread-safe. */
final class Inspection {

    private static final Duration WORTH_A_WARNING = Duration.ofSeconds(5);

    /** Replies which of the commands this user may not use; before 7.0 by using them on a key that nobody else has. */
    private static final LuaScript RIGHTS = new LuaScript(
            """
            local denied = {}
            local function try(...)
              if redis.acl_check_cmd then
                if not redis.acl_check_cmd(...) then
                  denied[#denied + 1] = (...)
                end
              else
                local reply = redis.pcall(...)
                if type(reply) == 'table' and reply.err then
                  denied[#denied + 1] = (...)
                end
              end
            end
            try('get', KEYS[1])
            try('set', KEYS[1], '1', 'PX', '1')
            try('del', KEYS[1])
            try('time')
            try('unlink', KEYS[1])
            try('publish', ARGV[1], '')
            return denied
            """);

    private final Courier courier;
    private final String prefix;
    private final ServerReport.Topology kind;

    Inspection(RedisStoreBuilder settings, Courier courier) {
        this.courier = courier;
        this.prefix = settings.keyPrefix;
        this.kind = settings.cluster
                ? ServerReport.Topology.CLUSTER
                : settings.uris.get(0).getSentinelMasterId() != null
                        ? ServerReport.Topology.SENTINEL
                        : ServerReport.Topology.STANDALONE;
    }

    /** What one server said, or why it said nothing. */
    private record Look(ServerReport.Primary primary, Map<String, String> info, @Nullable Throwable failed) {}

    private record Rights(LuaScript script, List<byte[]> keys, List<byte[]> arguments)
            implements ScriptCall<List<String>> {
        @Override
        public List<String> read(Object reply) {
            return ((List<?>) reply).stream().map(PlainCall::text).toList();
        }
    }

    CompletableFuture<ServerReport> report() {
        return courier.topology()
                .primaries()
                .toCompletableFuture()
                .thenCompose(this::look)
                .exceptionally(failed -> {
                    ServerReport.Primary nobody = unreachable("cluster", Stages.cause(failed));
                    return new ServerReport(kind, List.of(nobody), denials(Stages.cause(failed)), List.of());
                });
    }

    private CompletableFuture<ServerReport> look(List<Node> primaries) {
        List<CompletableFuture<Look>> looks = primaries.stream().map(this::look).toList();
        CompletableFuture<Void> all = CompletableFuture.allOf(looks.toArray(CompletableFuture<?>[]::new));
        return all.thenCompose(done -> {
            List<Look> seen = looks.stream().map(CompletableFuture::join).toList();
            return seen.stream().allMatch(look -> look.primary().isReachable())
                    ? rights().handle((denied, failed) -> report(seen, denied, Stages.cause(failed)))
                    : CompletableFuture.completedFuture(report(seen, List.of(), null));
        });
    }

    private CompletableFuture<Look> look(Node node) {
        return node.open()
                .thenCompose(connection -> courier.send(call(CommandType.INFO, Inspection::info), node))
                .thenCompose(info -> clockAhead(node).thenApply(ahead -> look(node.address(), info, ahead)))
                .exceptionally(failed -> {
                    Throwable cause = Stages.cause(failed);
                    return new Look(unreachable(node.address(), cause), Map.of(), cause);
                })
                .toCompletableFuture();
    }

    private <T> Call<T> call(CommandType name, Function<@Nullable Object, T> reader) {
        return new PlainCall<>(courier, 0, false, name, List.of(), reader);
    }

    private static Map<String, String> info(@Nullable Object reply) {
        Map<String, String> info = new HashMap<>();
        for (String line : PlainCall.text(reply).lines().toList()) {
            int colon = line.indexOf(':');
            if (colon > 0) {
                info.put(line.substring(0, colon), line.substring(colon + 1));
            }
        }
        return info;
    }

    private CompletableFuture<Duration> clockAhead(Node node) {
        MicroClock here = MicroClock.system();
        long before = here.micros();
        return courier.send(call(CommandType.TIME, Inspection::micros), node)
                .thenApply(there -> Duration.of(there - (before + here.micros()) / 2, ChronoUnit.MICROS));
    }

    private static long micros(@Nullable Object reply) {
        List<?> parts = reply == null ? List.of() : (List<?>) reply;
        return Long.parseLong(PlainCall.text(parts.get(0))) * 1_000_000 + Long.parseLong(PlainCall.text(parts.get(1)));
    }

    private static Look look(String address, Map<String, String> info, Duration ahead) {
        String product = info.getOrDefault("server_name", "redis");
        ServerReport.Primary primary = new ServerReport.Primary(
                address,
                null,
                product,
                info.getOrDefault(product + "_version", info.getOrDefault("redis_version", "")),
                info.getOrDefault("role", ""),
                info.getOrDefault("maxmemory_policy", ""),
                Long.parseLong(info.getOrDefault("maxmemory", "0")),
                ahead);
        return new Look(primary, info, null);
    }

    /** What went wrong, and beneath it: the client says of whatever it was that it was unable to connect. */
    private static String why(@Nullable Throwable failed) {
        String why = failed == null ? "" : String.valueOf(failed.getMessage());
        for (Throwable cause = failed; cause != null; cause = cause.getCause()) {
            String message = String.valueOf(cause.getMessage());
            if (cause.getCause() == null && !why.contains(message)) {
                why += ": " + message;
            }
        }
        return why;
    }

    private static ServerReport.Primary unreachable(String address, @Nullable Throwable cause) {
        return new ServerReport.Primary(address, why(cause), "", "", "", "", 0, Duration.ZERO);
    }

    private CompletableFuture<List<String>> rights() {
        byte[] key = KeySpace.of(prefix, "check", "rights").key().text().getBytes(StandardCharsets.US_ASCII);
        Rights call = new Rights(RIGHTS, List.of(key), List.of(PlainCall.ascii(prefix + ":1:check:rights")));
        return courier.send(new ScriptRun<>(courier, courier.topology().slot(key), null, false, call));
    }

    private ServerReport report(List<Look> looks, @Nullable List<String> denied, @Nullable Throwable failed) {
        List<String> errors = new ArrayList<>(denials(failed));
        List<String> warnings = new ArrayList<>();
        looks.forEach(look -> judge(look, errors, warnings));
        for (String command : denied == null ? List.<String>of() : denied) {
            boolean spared = command.equals("publish") || command.equals("unlink");
            (spared ? warnings : errors).add("Redis user may not use '" + command + "'; grant " + AclLine.of(prefix));
        }
        return new ServerReport(kind, looks.stream().map(Look::primary).toList(), errors, warnings);
    }

    private List<String> denials(@Nullable Throwable failed) {
        return failed instanceof StoreException error
                        && String.valueOf(error.getMessage()).contains("NOPERM")
                ? List.of("Redis user may not do what the store needs (NOPERM); grant " + AclLine.of(prefix))
                : List.of();
    }

    private void judge(Look look, List<String> errors, List<String> warnings) {
        ServerReport.Primary primary = look.primary();
        errors.addAll(denials(look.failed()));
        if (!primary.isReachable()) {
            return;
        }
        String server = "Redis at " + primary.address();
        String old = tooOld(primary.product(), primary.version(), primary.address());
        if (old != null) {
            errors.add(old);
        }
        if (!primary.role().equals("master")) {
            errors.add(server + " is a replica; name its primary, or the Sentinels that know it");
        }
        if (kind != ServerReport.Topology.CLUSTER && "1".equals(look.info().get("cluster_enabled"))) {
            errors.add(server + " is a server of a Cluster; connect to it as a Cluster");
        }
        if (primary.evicts()) {
            warnings.add(
                    server + " evicts live state (maxmemory-policy " + primary.evictionPolicy() + "); set noeviction");
        } else if (primary.maxMemory() > 0 && primary.evictionPolicy().startsWith("volatile-")) {
            warnings.add(server + " may evict state that carries a time to live, as most does (maxmemory-policy "
                    + primary.evictionPolicy() + "); set noeviction");
        }
        if (primary.clockAhead().abs().compareTo(WORTH_A_WARNING) > 0) {
            warnings.add("Clock of " + server + " is " + primary.clockAhead().toSeconds()
                    + " s ahead of this process'; decisions go by the server's");
        }
    }

    /** Why this version cannot be used; null if it can. */
    static @Nullable String tooOld(String product, String version, String address) {
        boolean valkey = product.equals("valkey");
        return isOlder(version, valkey ? 7 : 6, 2)
                ? (valkey ? "Valkey" : "Redis") + " version '" + version + "' at " + address + " is too old; use "
                        + (valkey ? "7.2" : "6.2") + " or newer"
                : null;
    }

    private static boolean isOlder(String version, int major, int minor) {
        String[] parts = version.split("\\.", -1);
        try {
            int has = Integer.parseInt(parts[0]);
            return has < major || has == major && parts.length > 1 && Integer.parseInt(parts[1]) < minor;
        } catch (NumberFormatException unknown) {
            return false;
        }
    }
}
