package io.github.stanchion.samples.directorystore;

import io.github.stanchion.store.AtomicStore;
import io.github.stanchion.testkit.PrimitivesContract;
import io.github.stanchion.testkit.VirtualClock;
import java.nio.file.Path;
import java.util.concurrent.ForkJoinPool;
import org.junit.jupiter.api.io.TempDir;

class DirectoryStorePrimitivesTest extends PrimitivesContract {

    @TempDir
    private Path folder;

    @Override
    protected AtomicStore store(VirtualClock clock) {
        return new DirectoryStore(folder, clock, ForkJoinPool.commonPool());
    }

    @Override
    protected int rounds() {
        return 50;
    }
}
