package io.github.stanchion.spring.test.shop;

import static io.github.stanchion.spring.test.GuardAssertions.assertThatCall;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.stanchion.lock.Locks;
import io.github.stanchion.redis.RedisStore;
import io.github.stanchion.redis.RedisUnderTest;
import io.github.stanchion.spring.store.StoreInFront;
import io.github.stanchion.spring.test.AutoConfigureStanchion;
import io.github.stanchion.spring.test.AutoConfigureStanchion.Store;
import io.github.stanchion.spring.test.GuardTester;
import io.github.stanchion.store.AtomicStore;
import io.github.stanchion.store.KeyRange;
import io.github.stanchion.store.KeySpace;
import io.github.stanchion.store.StoreKey;
import io.github.stanchion.testkit.FaultyStore;
import io.github.stanchion.testkit.VirtualClock;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** The application's own store, here on a real Redis. */
@SpringBootTest(
        webEnvironment = WebEnvironment.NONE,
        properties = {
            "stanchion.key-prefix=production",
            "stanchion.redis.command-timeout=20s",
            "stanchion.redis.connect-timeout=20s"
        })
@AutoConfigureStanchion(store = Store.CONFIGURED)
class ConfiguredStoreTest {

    @Autowired
    private Shop.Catalog catalog;

    @Autowired
    private Locks locks;

    @Autowired
    private AtomicStore asked;

    @Autowired
    private FaultyStore store;

    @Autowired
    private GuardTester guards;

    @Autowired
    private VirtualClock clock;

    @DynamicPropertySource
    static void redis(DynamicPropertyRegistry properties) {
        properties.add("spring.data.redis.url", RedisUnderTest::uri);
    }

    @Test
    void guardsAskItUnderAPrefixOfTheContextsOwn(@Value("${stanchion.key-prefix}") String prefix) {
        assertThat(StoreInFront.real(asked)).isInstanceOf(RedisStore.class);
        assertThat(prefix).matches("test-[0-9a-f-]{13}");
        assertThat(keys(prefix)).isEmpty();
        locks.acquire("reindex", "a");
        assertThat(keys(prefix)).hasSize(1);
        assertThat(keys("production")).isEmpty();
    }

    private List<StoreKey> keys(String prefix) {
        return asked.keys()
                .page(KeyRange.of(KeySpace.of(prefix, "lock", "reindex")), null, 10_000)
                .keys();
    }

    @RepeatedTest(2)
    void limitThatIsExhaustedIsFullForTheNextTest() {
        guards.assertThatRateLimit("search").forKey("bob").hasRemaining(2);
        guards.exhaust("search", "bob");
        assertThatCall(() -> catalog.search("bob")).isRejectedBy("search").hasRetryAfter(Duration.ofSeconds(30));
        clock.advance(Duration.ofMinutes(1));
        catalog.search("bob");
        catalog.search("bob");
    }

    @RepeatedTest(2)
    void faultsAreOverAndLocksAreFree() throws Exception {
        assertThat(catalog.locked("a", () -> "in")).isEqualTo("in");
        assertThat(store.calls()).isEqualTo(2);
        guards.holdLock("reindex", "a");
        assertThatCall(() -> catalog.locked("a", () -> "in")).isRejectedBy("reindex");
        assertThat(locks.acquire("reindex", "b").isHeld()).isTrue();
        store.failNext(1_000);
    }
}
