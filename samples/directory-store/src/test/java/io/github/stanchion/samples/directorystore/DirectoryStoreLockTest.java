package io.github.stanchion.samples.directorystore;

import io.github.stanchion.store.AtomicStore;
import io.github.stanchion.testkit.LockContract;
import io.github.stanchion.testkit.VirtualClock;
import java.nio.file.Path;
import java.util.concurrent.ForkJoinPool;
import org.junit.jupiter.api.io.TempDir;

class DirectoryStoreLockTest extends LockContract {

    @TempDir
    private Path folder;

    @Override
    protected AtomicStore store(VirtualClock clock) {
        return new DirectoryStore(folder, clock, ForkJoinPool.commonPool());
    }

    @Override
    protected int cycles() {
        return 500;
    }
}
