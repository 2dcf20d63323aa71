package io.github.stanchion.redis;

import static io.github.stanchion.redis.Steps.add;
import static io.github.stanchion.redis.Steps.key;
import static io.github.stanchion.redis.Steps.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.stanchion.store.StoreException;
import io.github.stanchion.store.StoreKey;
import io.lettuce.core.RedisURI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A primary that Sentinels name, and the one that takes over. */
class RedisStoreSentinelTest {

    private static final StoreKey KEY = key("watched");

    private RedisSentinel sentinel;
    private RedisStore store;

    @BeforeEach
    void start() throws Exception {
        sentinel = RedisSentinel.start();
        store = RedisStore.builder(RedisURI.create(sentinel.uri()))
                .commandTimeout(Duration.ofSeconds(2))
                .build();
        store.connect();
        answered();
    }

    @AfterEach
    void stop() {
        store.close();
        sentinel.close();
    }

    /** Counts until a call is answered; how many were, or may have been, applied. */
    private int answered() throws InterruptedException {
        int[] mayBe = new int[1];
        until("the store answers", () -> {
            try {
                store.execute(KEY, add(1));
                mayBe[0]++;
                return true;
            } catch (StoreException error) {
                mayBe[0] += error.outcomeUnknown() ? 1 : 0;
                return false;
            }
        });
        return mayBe[0];
    }

    private static String text(OwnRedis server) {
        return String.valueOf(server.command("GET", KEY.text()));
    }

    @Test
    void afterAFailoverTheStoreFollowsThePrimary() throws Exception {
        OwnRedis former = sentinel.primary();
        until("the replica has it", () -> text(sentinel.replica()).equals("1"));
        sentinel.failover();
        OwnRedis next = sentinel.primary();
        assertThat(next.port()).isNotEqualTo(former.port());
        until("the new primary is used", () -> {
            try {
                store.execute(KEY, add(1));
            } catch (StoreException notYet) {
                return false;
            }
            return next.commandStats().getOrDefault("evalsha", 0L) > 0;
        });
        long before = Steps.sum(store, KEY);
        assertThat(store.execute(KEY, add(1)).total()).isEqualTo(before + 1);
        assertThat(text(next)).isEqualTo(String.valueOf(before + 1));
    }

    @Test
    void aPrimaryThatDiesIsReplacedWithoutAnyCommandSentTwice() throws Exception {
        until("the replica has it", () -> text(sentinel.replica()).equals("1"));
        OwnRedis next = sentinel.replica();
        sentinel.primary().kill();
        int mayBe = 1 + answered();
        assertThat(Steps.sum(store, KEY)).isBetween(2L, (long) mayBe);
        assertThat(text(next)).isEqualTo(String.valueOf(Steps.sum(store, KEY)));
    }

    @Test
    void aConnectionThatFindsItselfOnAReplicaLooksForThePrimary() throws Exception {
        until("the replica has it", () -> text(sentinel.replica()).equals("1"));
        OwnRedis next = sentinel.replica();
        sentinel.cutOff();
        sentinel.awaitPrimary(next);
        long lost = 3;
        for (int i = 0; i < lost; i++) {
            store.execute(KEY, add(1));
        }
        sentinel.heal();
        List<String> refusals = new ArrayList<>();
        until("the new primary is used", () -> {
            try {
                store.execute(KEY, add(1));
            } catch (StoreException notYet) {
                refusals.add(String.valueOf(notYet.getMessage()));
            }
            return next.commandStats().getOrDefault("evalsha", 0L) > 0;
        });
        assertThat(refusals).anyMatch(message -> message.contains("READONLY"));
        assertThat(Steps.sum(store, KEY)).isEqualTo(2);
    }
}
