package io.github.stanchion.spring.web;

import io.github.stanchion.guard.SystemSleeper;
import io.github.stanchion.memory.MemoryStore;
import io.github.stanchion.redis.OwnRedis;
import io.github.stanchion.store.AtomicStore;
import io.github.stanchion.testkit.FaultyStore;
import java.util.List;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;

/** A store that decides in an application under test, and can be away. */
interface LockHttpStore extends AutoCloseable {

    /** What an application is told of it. */
    default List<String> properties() {
        return List.of();
    }

    /** Makes it a bean, where it is one of the application's own. */
    default void into(ConfigurableListableBeanFactory beans) {}

    void goAway();

    void comeBack();

    @Override
    void close();

    /** This process's memory. */
    static LockHttpStore memory() {
        FaultyStore store = new FaultyStore(MemoryStore.create(), new SystemSleeper());
        return new LockHttpStore() {
            @Override
            public void into(ConfigurableListableBeanFactory beans) {
                beans.registerSingleton("store", (AtomicStore) store);
            }

            @Override
            public void goAway() {
                store.failNext(10_000);
            }

            @Override
            public void comeBack() {
                store.heal();
            }

            @Override
            public void close() {
                store.close();
            }
        };
    }

    /** A server of its own, which dies. */
    static LockHttpStore redis() {
        OwnRedis server = OwnRedis.start();
        return new LockHttpStore() {
            @Override
            public List<String> properties() {
                return List.of("spring.data.redis.url=" + server.uri(), "stanchion.redis.command-timeout=20s");
            }

            @Override
            public void goAway() {
                server.kill();
            }

            @Override
            public void comeBack() {
                server.restart();
            }

            @Override
            public void close() {
                server.close();
            }
        };
    }
}
