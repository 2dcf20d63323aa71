package io.github.stanchion.samples.directorystore;

import io.github.stanchion.store.AtomicStore;
import io.github.stanchion.testkit.RateLimitContract;
import io.github.stanchion.testkit.VirtualClock;
import java.nio.file.Path;
import java.util.concurrent.ForkJoinPool;
import org.junit.jupiter.api.io.TempDir;

class DirectoryStoreRateLimitTest extends RateLimitContract {

    @TempDir
    private Path folder;

    @Override
    protected AtomicStore store(VirtualClock clock) {
        return new DirectoryStore(folder, clock, ForkJoinPool.commonPool());
    }

    @Override
    protected int randomSteps() {
        return 5_000;
    }
}
