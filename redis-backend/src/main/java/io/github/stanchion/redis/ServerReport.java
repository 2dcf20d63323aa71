package io.github.stanchion.redis;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a look at the servers found.
 *
 * @param topology how they are arranged
 * @param primaries each of them, in the order of their addresses; empty if not even their addresses could be learnt
 * @param errors why the store cannot work with these servers, each with what to do; empty if it can, or if nobody answered
 * @param warnings what may surprise, each with what to do
 */
public record ServerReport(Topology topology, List<Primary> primaries, List<String> errors, List<String> warnings) {

    public ServerReport {
        primaries = List.copyOf(primaries);
        errors = List.copyOf(errors);
        warnings = List.copyOf(warnings);
    }

    /** How servers are arranged. */
    public enum Topology {
        STANDALONE,
        SENTINEL,
        CLUSTER
    }

    /** Whether all primaries answered. */
    public boolean isReachable() {
        return !primaries.isEmpty() && primaries.stream().allMatch(Primary::isReachable);
    }

    /** Whether a server drops live state under memory pressure, by an {@code allkeys-*} policy. */
    public boolean evicts() {
        return primaries.stream().anyMatch(Primary::evicts);
    }

    /**
     * One server.
     *
     * @param address where it is, or which name Sentinels know it by
     * @param trouble why it could not be asked; null if it could
     * @param product {@code redis}, {@code valkey} or what else it calls itself; empty if it could not be asked
     * @param version of the product, as in {@code 7.2.4}
     * @param role {@code master} or {@code slave}, in the server's words
     * @param evictionPolicy its {@code maxmemory-policy}
     * @param maxMemory in bytes; 0 = no limit
     * @param clockAhead how far its clock is ahead of this process', give or take half a round trip
     */
    public record Primary(
            String address,
            @Nullable String trouble,
            String product,
            String version,
            String role,
            String evictionPolicy,
            long maxMemory,
            Duration clockAhead) {

        public boolean isReachable() {
            return trouble == null;
        }

        /** Whether it drops live state under memory pressure. */
        public boolean evicts() {
            return maxMemory > 0 && evictionPolicy.startsWith("allkeys-");
        }
    }
}
