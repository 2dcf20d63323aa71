package io.github.stanchion.spring.actuate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.stanchion.guard.GuardMode;
import io.github.stanchion.lock.Lease;
import io.github.stanchion.lock.LockPolicies;
import io.github.stanchion.lock.LockSettings;
import io.github.stanchion.lock.Locks;
import io.github.stanchion.memory.MemoryStore;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.core.env.StandardEnvironment;

/** What the endpoint shows of locks, and what it does to them. */
class LockEndpointKindTest {

    private final MemoryStore store = MemoryStore.create();
    private final LockPolicies policies = LockPolicies.of(Map.of(
            "the-document",
            LockSettings.builder().lease(Duration.ofSeconds(20)).build(),
            "report",
            LockSettings.builder().mode(GuardMode.OFF).build()));
    private final Locks locks = Locks.builder(policies, store).build();
    private final LockEndpointKind kind =
            new LockEndpointKind(locks, policies, store, new PropertyOrigins(new StandardEnvironment()));

    @AfterEach
    void close() {
        locks.close();
        store.close();
    }

    private Map<String, Object> act(String action, String... key) {
        return map(kind.act("theDocument", action, null, List.of(key)));
    }

    @SuppressWarnings("unchecked") // what the endpoint answers
    private static Map<String, Object> map(Object answer) {
        return (Map<String, Object>) Objects.requireNonNull(answer);
    }

    @Test
    void listsAllLocksAndWhoHoldsThemHere() {
        assertThat(kind.path()).isEqualTo("locks");
        try (Lease lease = locks.acquire("the-document", 42)) {
            assertThat(map(kind.summaries().get("the-document")))
                    .containsEntry("holding", 1L)
                    .containsEntry("mode", "enforce")
                    .containsEntry("kind", "lock");
            assertThat(map(kind.summaries().get("report"))).containsEntry("mode", "off");
            Map<String, Object> described = map(kind.describe("theDocument", false));
            assertThat(described)
                    .containsEntry("name", "the-document")
                    .containsEntry("wait", "PT3S")
                    .containsEntry("lease", "PT20S")
                    .containsEntry("on-contention", "fail")
                    .containsEntry("on-store-failure", "throw")
                    .containsEntry("promise", "one process")
                    .containsEntry("degraded", false);
            assertThat(described.get("held"))
                    .asInstanceOf(InstanceOfAssertFactories.list(Map.class))
                    .singleElement()
                    .satisfies(held -> assertThat(map(held))
                            .containsEntry("tokens", List.of(lease.fencingToken()))
                            .containsEntry("keyHashes", List.of(locks.keyHash("the-document", "42")))
                            .containsKeys("age", "remaining"));
            assertThat(described.toString()).doesNotContain("42,").doesNotContain("[42]");
        }
        assertThat(kind.describe("unknown", false)).isNull();
        assertThat(kind.act("unknown", "peek", null, List.of())).isNull();
    }

    @Test
    void showsOneLock() {
        assertThat(act("peek", "42")).containsEntry("held", false).containsEntry("remaining", "PT0S");
        try (Lease lease = locks.acquire("the-document", 42)) {
            assertThat(act("peek", "42"))
                    .containsEntry("held", true)
                    .containsEntry("token", lease.fencingToken())
                    .containsEntry("waiters", 0L)
                    .containsEntry("keyHash", lease.keyHashes().get(0));
            assertThat(act("peek", "43")).containsEntry("held", false);
        }
    }

    @Test
    void freesALockWhoseHolderHangs() {
        assertThat(act("release", "42")).containsEntry("released", false);
        Lease hung = locks.acquire("the-document", 42);
        assertThat(act("release", "42"))
                .containsEntry("released", true)
                .containsEntry("keyHash", hung.keyHashes().get(0));
        assertThat(hung.isHeld()).isFalse();
        Lease next = CompletableFuture.supplyAsync(() -> locks.tryAcquire("the-document", 42))
                .join();
        assertThat(next).isNotNull().satisfies(Lease::close);
        hung.close();
    }

    @Test
    void lockThatIsHeldHereIsFreedByItsHandleWithoutItsKey() {
        Lease hung = locks.acquire("the-document", 42, "draft");
        String handle = hung.keyHashes().get(0);
        assertThat(map(kind.act("the-document", "peek", handle, List.of()))).containsEntry("held", true);
        assertThat(map(kind.act("the-document", "release", handle, List.of()))).containsEntry("released", true);
        assertThat(hung.isHeld()).isFalse();
        hung.close();
        assertThatThrownBy(() -> kind.act("the-document", "release", handle, List.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("Handle");
    }

    @Test
    void keysAreShownOnRequestAndOriginsAlways() {
        try (Lease lease = locks.acquire("the-document", 42)) {
            Map<String, Object> described = map(kind.describe("the-document", true));
            assertThat(described.get("held"))
                    .asInstanceOf(InstanceOfAssertFactories.list(Map.class))
                    .singleElement()
                    .satisfies(held -> assertThat(map(held)).containsEntry("keys", List.of(List.of("42"))));
            assertThat(lease.isHeld()).isTrue();
        }
    }

    @Test
    void otherActionsAreRefused() {
        assertThatThrownBy(() -> act("reset", "42"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Action is unknown; use peek or release");
    }
}
