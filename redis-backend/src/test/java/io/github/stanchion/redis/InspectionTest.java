package io.github.stanchion.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.stanchion.store.Capability;
import io.lettuce.core.RedisURI;
import io.lettuce.core.StaticCredentialsProvider;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class InspectionTest {

    private static RedisStore as(String user, OwnRedis server) {
        RedisURI uri = RedisURI.create(server.uri());
        uri.setCredentialsProvider(new StaticCredentialsProvider(user, "pw".toCharArray()));
        return RedisStore.builder(uri)
                .commandTimeout(TestStores.PATIENT)
                .connectTimeout(TestStores.PATIENT)
                .build();
    }

    @Test
    void aHealthyServerIsDescribed() {
        try (OwnRedis server = OwnRedis.start();
                RedisStore store = TestStores.on(server).build()) {
            ServerReport report = store.inspect();
            assertThat(report.topology()).isEqualTo(ServerReport.Topology.STANDALONE);
            assertThat(report.isReachable()).isTrue();
            assertThat(report.errors()).isEmpty();
            assertThat(report.warnings()).isEmpty();
            ServerReport.Primary primary = report.primaries().get(0);
            assertThat(primary.address()).isEqualTo("127.0.0.1:" + server.port());
            assertThat(primary.product()).isIn("redis", "valkey");
            assertThat(primary.version()).matches("\\d+\\.\\d+\\.\\d+");
            assertThat(primary.role()).isEqualTo("master");
            assertThat(primary.evictionPolicy()).isEqualTo("noeviction");
            assertThat(primary.clockAhead().abs()).isLessThan(Duration.ofSeconds(1));
            assertThat(store.capabilities())
                    .containsExactlyInAnyOrder(
                            Capability.SHARED,
                            Capability.STORE_CLOCK,
                            Capability.RETAINS,
                            Capability.FENCING,
                            Capability.JOINT,
                            Capability.SIGNALS,
                            Capability.SCAN);
        }
    }

    @Test
    void aServerThatEvictsDoesNotRetainUnlessThatIsAccepted() {
        try (OwnRedis server = OwnRedis.start("--maxmemory", "50mb", "--maxmemory-policy", "allkeys-lru");
                RedisStore store = TestStores.on(server).build();
                RedisStore accepting =
                        TestStores.on(server).acceptEviction(true).build()) {
            assertThat(store.inspect().warnings()).singleElement().asString().contains("allkeys-lru", "set noeviction");
            assertThat(store.capabilities()).doesNotContain(Capability.RETAINS);
            assertThat(accepting.inspect().evicts()).isTrue();
            assertThat(accepting.capabilities()).contains(Capability.RETAINS);
            server.command("CONFIG", "SET", "maxmemory-policy", "volatile-lru");
            assertThat(store.inspect().warnings()).singleElement().asString().contains("volatile-lru");
            assertThat(store.capabilities()).contains(Capability.RETAINS);
        }
    }

    @Test
    void aReplicaAndAServerOfAClusterAreNamedAsSuch() {
        try (OwnRedis server = OwnRedis.start();
                RedisStore store = TestStores.on(server).build()) {
            server.command("REPLICAOF", "127.0.0.1", "1");
            assertThat(store.inspect().errors()).anyMatch(line -> line.contains("is a replica"));
        }
        try (OwnRedis server = OwnRedis.start("--cluster-enabled", "yes");
                RedisStore store = TestStores.on(server).build()) {
            assertThat(store.inspect().errors()).anyMatch(line -> line.contains("is a server of a Cluster"));
        }
    }

    @Test
    void allThatTheStoreDoesIsAllowedByTheRightsThatItNames() throws Exception {
        try (OwnRedis server = OwnRedis.start();
                RedisStore store = as("app", server)) {
            List<String> setUser = new ArrayList<>(List.of("ACL", "SETUSER", "app", "on", ">pw"));
            setUser.addAll(List.of(AclLine.of("stanchion").split(" ")));
            server.command(setUser.toArray(String[]::new));
            ServerReport report = store.inspect();
            assertThat(report.errors()).isEmpty();
            assertThat(report.warnings()).isEmpty();
            store.signals().subscribe("probe", "told", signal -> {}).close();
            store.execute(Steps.key("acl"), Steps.add(1));
            store.executeAll(List.of(Steps.step("acl", Steps.add(1))));
            store.executeEach(List.of(Steps.step("acl", Steps.add(1))));
            assertThat(store.keys()
                            .clear(io.github.stanchion.store.KeyRange.of(
                                    Steps.key("acl").space())))
                    .isEqualTo(1);
            assertThat(String.valueOf(server.command("ACL", "LOG"))).isEqualTo("[]");
        }
    }

    @Test
    void whatTheUserMayNotDoIsAnErrorWithTheRightsToGrant() {
        try (OwnRedis server = OwnRedis.start()) {
            for (Map.Entry<String, String> denial : Map.of(
                            "noeval", "-evalsha -eval",
                            "noset", "-set",
                            "nokeys", "resetkeys ~other:*",
                            "noinfo", "-info")
                    .entrySet()) {
                List<String> setUser =
                        new ArrayList<>(List.of("ACL", "SETUSER", denial.getKey(), "on", ">pw", "~*", "&*", "+@all"));
                setUser.addAll(List.of(denial.getValue().split(" ")));
                server.command(setUser.toArray(String[]::new));
                try (RedisStore store = as(denial.getKey(), server)) {
                    assertThat(store.inspect().errors())
                            .as(denial.getKey())
                            .anyMatch(line -> line.contains("+evalsha") && line.contains("~stanchion:*"));
                }
            }
        }
    }

    @Test
    void oldServersAreRefused() {
        assertThat(Inspection.tooOld("redis", "6.0.20", "here"))
                .isEqualTo("Redis version '6.0.20' at here is too old; use 6.2 or newer");
        assertThat(Inspection.tooOld("redis", "6.2.0", "here")).isNull();
        assertThat(Inspection.tooOld("redis", "7.0.15", "here")).isNull();
        assertThat(Inspection.tooOld("redis", "10.0.0", "here")).isNull();
        assertThat(Inspection.tooOld("valkey", "7.1.9", "here")).contains("Valkey", "7.2");
        assertThat(Inspection.tooOld("valkey", "7.2.4", "here")).isNull();
        assertThat(Inspection.tooOld("redis", "unstable", "here")).isNull();
    }

    @Test
    void aClusterIsDescribedServerByServer() {
        try (RedisStore store = TestStores.cluster().build()) {
            ServerReport report = store.inspect();
            assertThat(report.topology()).isEqualTo(ServerReport.Topology.CLUSTER);
            assertThat(report.primaries()).hasSize(3);
            assertThat(report.errors()).isEmpty();
            assertThat(report.isReachable()).isTrue();
        }
    }
}
