package io.github.stanchion.lock;

import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What runs under a lease, as far as it can be stopped: by an interrupt of the thread that it runs on, else as it said itself.
 *
 * <p>Thread-safe. It is stopped once, at the latest when it is known how. An interrupt never reaches what a thread does after
 * the body.
 */
final class LeaseBody {

    private final Executor background;
    private final ReentrantLock changing = new ReentrantLock();
    private @Nullable Thread thread;
    private @Nullable Runnable stop;
    private boolean stopping;
    private boolean stopped;
    private boolean interrupted;

    /** @param background runs what is not ours */
    LeaseBody(Executor background) {
        this.background = background;
    }

    /** Stops it, now or once it is known how. */
    void stop() {
        change(() -> stopping = true);
    }

    /** This thread runs it from now on. */
    void entered() {
        change(() -> thread = Thread.currentThread());
    }

    void exited() {
        change(() -> {
            thread = null;
            if (interrupted) {
                interrupted = false;
                boolean unused = Thread.interrupted();
            }
        });
    }

    void stoppableBy(Runnable how) {
        change(() -> stop = how);
    }

    private void change(Runnable change) {
        changing.lock();
        try {
            change.run();
            if (stopping && !stopped) {
                stopIfItIsKnownHow();
            }
        } finally {
            changing.unlock();
        }
    }

    private void stopIfItIsKnownHow() {
        if (thread != null) {
            stopped = true;
            interrupted = true;
            thread.interrupt();
        } else if (stop != null) {
            stopped = true;
            background.execute(stop);
        }
    }
}
