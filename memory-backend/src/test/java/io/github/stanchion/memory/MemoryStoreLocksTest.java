package io.github.stanchion.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.stanchion.lock.LockAcquire;
import io.github.stanchion.lock.LockAnswer;
import io.github.stanchion.lock.LockMode;
import io.github.stanchion.lock.LockOwner;
import io.github.stanchion.lock.LockPlace;
import io.github.stanchion.lock.LockQueue;
import io.github.stanchion.lock.LockRelease;
import io.github.stanchion.lock.LockRenew;
import io.github.stanchion.store.KeySpace;
import io.github.stanchion.store.Signal;
import io.github.stanchion.store.StoreFullException;
import io.github.stanchion.store.StoreKey;
import io.github.stanchion.testkit.Together;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Locks of this process: exclusive under threads, never dropped while they are held, and handed on by signals. */
class MemoryStoreLocksTest {

    private static final KeySpace SPACE = KeySpace.of("test", "lock", "memory");
    private static final int MOST_KEYS = 100;
    private static final long SPAN = 33_000_000;
    private static final long RETENTION = 10_000_000;

    private final TestClock clock = new TestClock();
    private final MemoryStore store =
            MemoryStore.builder().clock(clock).maxKeys(MOST_KEYS).build();

    @AfterEach
    void close() {
        store.close();
    }

    private LockAnswer acquire(StoreKey key, LockOwner owner, boolean enqueue) {
        return store.execute(
                key,
                new LockAcquire(
                        owner,
                        LockMode.EXCLUSIVE,
                        LockQueue.BARGING,
                        RETENTION,
                        SPAN,
                        0,
                        enqueue,
                        false,
                        key.fingerprint()));
    }

    private boolean renew(StoreKey key, LockOwner owner) {
        return store.execute(key, new LockRenew(owner, LockMode.EXCLUSIVE, LockQueue.BARGING, RETENTION, SPAN))
                .held();
    }

    private boolean release(StoreKey key, LockOwner owner, boolean all) {
        return store.execute(
                        key,
                        new LockRelease(
                                owner,
                                LockMode.EXCLUSIVE,
                                LockQueue.BARGING,
                                RETENTION,
                                0,
                                LockPlace.LEAVE,
                                all,
                                key.fingerprint()))
                .released();
    }

    @Test
    void threadsAreInsideOneAtATimeWithATokenOfTheirOwn() throws Exception {
        StoreKey key = SPACE.key("hot");
        AtomicBoolean inside = new AtomicBoolean();
        Set<Long> tokens = new HashSet<>();
        Together.run(8, thread -> {
            for (long round = 1; round <= 500; round++) {
                LockOwner owner = new LockOwner(thread + 1, round);
                LockAnswer answer = acquire(key, owner, false);
                while (!answer.granted()) {
                    Thread.onSpinWait();
                    answer = acquire(key, owner, false);
                }
                assertThat(inside.getAndSet(true)).isFalse();
                tokens.add(answer.token());
                inside.set(false);
                assertThat(release(key, owner, false)).isTrue();
            }
            return thread;
        });
        assertThat(tokens).hasSize(8 * 500);
    }

    @Test
    void aFullStoreDropsNoHeldLockAndRefusesOneMore() {
        for (int i = 1; i <= MOST_KEYS; i++) {
            assertThat(acquire(SPACE.key("k" + i), new LockOwner(1, i), false).granted())
                    .isTrue();
        }
        for (int round = 0; round < 100; round++) {
            StoreKey another = SPACE.key("another" + round);
            assertThatThrownBy(() -> acquire(another, new LockOwner(1, 1_000), false))
                    .isInstanceOf(StoreFullException.class);
        }
        clock.advance(SPAN - 1);
        store.sweep();
        for (int i = 1; i <= MOST_KEYS; i++) {
            assertThat(renew(SPACE.key("k" + i), new LockOwner(1, i))).isTrue();
        }
        clock.advance(SPAN - 1);
        store.sweep();
        assertThat(acquire(SPACE.key("k7"), new LockOwner(2, 1), false).granted())
                .isFalse();
        assertThat(store.stats().keys()).isEqualTo(MOST_KEYS);
    }

    @Test
    void whatIsReleasedIsRememberedForTheRetentionAndThenMakesRoom() {
        for (int i = 1; i <= MOST_KEYS; i++) {
            StoreKey key = SPACE.key("k" + i);
            acquire(key, new LockOwner(1, i), false);
            release(key, new LockOwner(1, i), false);
        }
        clock.advance(RETENTION - 1);
        store.sweep();
        assertThat(store.stats().keys()).isEqualTo(MOST_KEYS);
        clock.advance(1);
        store.sweep();
        assertThat(store.stats().keys()).isZero();
        assertThat(acquire(SPACE.key("another"), new LockOwner(1, 1), false).granted())
                .isTrue();
    }

    @Test
    void whoIsWokenHearsItOnceTheLockIsFree() {
        StoreKey key = SPACE.key("handed");
        List<Boolean> granted = new ArrayList<>();
        store.signals()
                .subscribe(
                        "lock",
                        "wake-2",
                        signal -> granted.add(
                                acquire(key, new LockOwner(2, 1), true).granted()));
        ConcurrentLinkedQueue<Signal> others = new ConcurrentLinkedQueue<>();
        store.signals().subscribe("lock", "wake-1", others::add);
        store.signals().subscribe("lock", "wake-3", others::add);
        acquire(key, new LockOwner(1, 1), false);
        assertThat(acquire(key, new LockOwner(2, 1), true).position()).isEqualTo(1);
        assertThat(acquire(key, new LockOwner(3, 1), true).position()).isEqualTo(2);
        assertThat(release(key, new LockOwner(1, 1), false)).isTrue();
        assertThat(granted).containsExactly(true);
        assertThat(others).isEmpty();
        release(key, new LockOwner(2, 1), false);
        assertThat(others).containsExactly(new Signal("lock", "wake-3", List.of(key.fingerprint())));
    }

    @Test
    void allAreWokenByOneSignal() {
        StoreKey key = SPACE.key("flight");
        ConcurrentLinkedQueue<Signal> heard = new ConcurrentLinkedQueue<>();
        for (String topic : List.of("wake-all", "wake-2", "wake-3")) {
            store.signals().subscribe("lock", topic, heard::add);
        }
        acquire(key, new LockOwner(1, 1), false);
        acquire(key, new LockOwner(2, 1), true);
        acquire(key, new LockOwner(3, 1), true);
        release(key, new LockOwner(1, 1), true);
        assertThat(heard).containsExactly(new Signal("lock", "wake-all", List.of(key.fingerprint())));
    }
}
