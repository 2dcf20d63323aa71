package io.github.stanchion.redis;

import static io.github.stanchion.redis.Steps.add;
import static io.github.stanchion.redis.Steps.key;
import static io.github.stanchion.redis.Steps.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.stanchion.store.Capability;
import io.github.stanchion.store.StoreClosedException;
import io.github.stanchion.store.StoreException;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.DefaultClientResources;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a store holds, from when to when. */
class RedisStoreLifecycleTest {

    private OwnRedis server;

    @BeforeEach
    void start() {
        server = OwnRedis.start();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private static Set<Thread> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("lettuce")
                        || thread.getName().startsWith("stanchion"))
                .collect(Collectors.toSet());
    }

    private long clients() {
        return String.valueOf(server.command("CLIENT", "LIST")).lines().count() - 1;
    }

    @Test
    void aStoreThatIsNeverCalledHasNeitherConnectionNorThread() throws Exception {
        Set<Thread> before = threads();
        RedisStore idle = TestStores.on(server).build();
        assertThat(idle.capabilities()).contains(Capability.SHARED, Capability.RETAINS);
        assertThat(idle.stats().trips()).isZero();
        assertThat(idle.signals()).isNotNull();
        assertThat(idle.keys()).isNotNull();
        assertThat(threads()).isSubsetOf(before);
        until("there is no connection", () -> clients() == 0);
        idle.close();
        assertThat(threads()).isSubsetOf(before);
    }

    @Test
    void aClosedStoreLeavesNothingBehind() throws Exception {
        Set<Thread> before = threads();
        RedisStore store = TestStores.on(server).build();
        store.execute(key("open"), add(1));
        store.signals().subscribe("probe", "told", signal -> {}).close();
        until("there are two connections", () -> clients() == 2);
        assertThat(threads()).isNotEmpty().allMatch(Thread::isDaemon);
        store.close();
        store.close();
        until("the threads are gone", () -> before.containsAll(threads()));
        until("the connections are gone", () -> clients() == 0);
        assertThatThrownBy(() -> store.execute(key("open"), add(1))).isInstanceOf(StoreClosedException.class);
        assertThatThrownBy(store::connect).isInstanceOf(StoreClosedException.class);
        assertThatThrownBy(store::inspect).isInstanceOf(StoreClosedException.class);
        assertThatThrownBy(() -> store.signals().subscribe("probe", "told", signal -> {}))
                .isInstanceOf(StoreClosedException.class);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void connectionsThatAreBeingOpenedAreClosedToo(boolean shared) throws Exception {
        ClientResources resources = shared ? DefaultClientResources.create() : null;
        for (int i = 0; i < 100; i++) {
            RedisStoreBuilder builder = TestStores.on(server);
            RedisStore store = (resources == null ? builder : builder.clientResources(resources)).build();
            CompletableFuture<?> call =
                    store.executeAsync(key("closing"), add(1)).toCompletableFuture();
            CompletableFuture<?> subscribing =
                    CompletableFuture.runAsync(() -> store.signals().subscribe("probe", "told", signal -> {}));
            store.close();
            assertThat(call.handle((sum, error) -> true).get(20, TimeUnit.SECONDS))
                    .isTrue();
            assertThat(subscribing.handle((done, error) -> true).get(20, TimeUnit.SECONDS))
                    .isTrue();
        }
        until("the connections are gone", () -> clients() == 0);
        if (resources != null) {
            resources.shutdown().get();
        }
    }

    @Test
    void callsUnderWayEndWhenTheStoreIsClosed() {
        RedisStore store = TestStores.on(server).build();
        store.execute(key("closing"), add(1));
        server.stop();
        CompletableFuture<?> call = store.executeAsync(key("closing"), add(1)).toCompletableFuture();
        store.close();
        assertThatThrownBy(() -> Steps.await(call))
                .cause()
                .isInstanceOfSatisfying(StoreException.class, error -> assertThat(
                                error instanceof StoreClosedException || error.outcomeUnknown())
                        .isTrue());
        server.cont();
    }

    @Test
    void anotherClientsThreadsAreSharedAndLeftAloneWhateverItsOptions() throws Exception {
        DefaultClientResources resources = DefaultClientResources.builder()
                .ioThreadPoolSize(2)
                .computationThreadPoolSize(2)
                .build();
        RedisClient other = RedisClient.create(resources, RedisURI.create(server.uri()));
        other.setOptions(ClientOptions.builder().autoReconnect(true).build());
        String ping = other.connect().sync().ping();
        other.connect().sync().ping();
        Set<Thread> before = threads();
        RedisStore store = TestStores.on(server)
                .clientResources(resources)
                .clientOptions(other.getOptions())
                .build();
        store.execute(key("shared"), add(1));
        assertThat(threads().stream().filter(thread -> !before.contains(thread)).map(Thread::getName))
                .allMatch(name -> name.startsWith("stanchion-redis-timer") || name.startsWith("lettuce-event"));
        store.close();
        assertThat(other.connect().sync().ping()).isEqualTo(ping);
        other.shutdown();
        resources.shutdown().get();
    }

    @Test
    void badSettingsAreRefusedWhenTheyAreGiven() {
        RedisStoreBuilder builder = RedisStore.builder(RedisURI.create(server.uri()));
        assertThatThrownBy(() -> builder.commandTimeout(Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Command timeout 'PT0S' is out of range; use 1 ms to 1 minute");
        assertThatThrownBy(() -> builder.connectTimeout(Duration.ofDays(1)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> builder.keyPrefix("a b")).isInstanceOf(IllegalArgumentException.class);
    }
}
