package io.github.stanchion.testkit.proof;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * Notes what this process does, so that a kill at any instant loses nothing that was noted.
 *
 * <p>An event is a line at its start, which is in the hands of the operating system before {@link #begin} returns, and a line
 * at its end; one without the second is unknown:
 *
 * <pre>
 * w1 7 begin ACQUIRE orders w1.0 0 0 123456000
 * w1 7 end OK 1764488118000001 223456789 123456789
 * </pre>
 *
 * <p>that is process, number, action, key, owner, token, value, start; and process, number, outcome, token, value, end.
 * Thread-safe.
 */
public final class HistoryWriter implements AutoCloseable {

    private final String process;
    private final LongSupplier nanos;
    // Not a channel: an interrupt of the thread that writes would close it.
    private final OutputStream file;
    private final ReentrantLock lock = new ReentrantLock();
    private final AtomicLong number = new AtomicLong();

    private HistoryWriter(String process, LongSupplier nanos, OutputStream file) {
        this.process = name("Process", process);
        this.nanos = nanos;
        this.file = file;
    }

    /**
     * Appends to the file, by this host's {@link System#nanoTime()}.
     *
     * @param process a name that no other process has
     */
    public static HistoryWriter open(Path file, String process) {
        return open(file, process, System::nanoTime);
    }

    /**
     * Appends to the file.
     *
     * @param nanos one clock for all who write files of one history
     */
    public static HistoryWriter open(Path file, String process, LongSupplier nanos) {
        try {
            return new HistoryWriter(process, nanos, new FileOutputStream(file.toFile(), true));
        } catch (IOException failed) {
            throw new UncheckedIOException("No history can be written to " + file, failed);
        }
    }

    /** Notes that an operation begins now, of which only the answer will tell token and value; call it before anything is sent. */
    public Pending begin(Action action, String key, String owner) {
        return begin(action, key, owner, 0, 0);
    }

    /** Notes that an operation begins now, and what it is about to write; call it before anything is sent. */
    public Pending begin(Action action, String key, String owner, long token, long value) {
        long id = number.incrementAndGet();
        String what = action + " " + name("Key", key) + " " + name("Owner", owner) + " " + token + " " + value;
        write(process + " " + id + " begin " + what + " " + nanos.getAsLong());
        return new Pending(id, token, value);
    }

    private static String name(String what, String text) {
        if (text.isEmpty() || text.chars().anyMatch(Character::isWhitespace)) {
            throw new IllegalArgumentException(
                    what + " '" + text + "' is empty or has white space; use letters, digits and signs");
        }
        return text;
    }

    private void write(String line) {
        byte[] bytes = (line + "\n").getBytes(StandardCharsets.UTF_8);
        lock.lock();
        try {
            file.write(bytes);
        } catch (IOException failed) {
            throw new UncheckedIOException("An event is lost, and with it the history", failed);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        try {
            file.close();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** An operation that has begun; end it once. Left alone it stays unknown. */
    public final class Pending {

        private final long id;
        private final long token;
        private final long value;

        private Pending(long id, long token, long value) {
            this.id = id;
            this.token = token;
            this.value = value;
        }

        /** It took effect. */
        public void ok() {
            ok(token, value);
        }

        /** It took effect, and this is what its answer says. */
        public void ok(long token, long value) {
            end(Outcome.OK, token, value);
        }

        /** It was refused. */
        public void fail() {
            end(Outcome.FAIL, token, value);
        }

        /** Whether it took effect will not be known. */
        public void unknown() {
            end(Outcome.UNKNOWN, token, value);
        }

        private void end(Outcome outcome, long token, long value) {
            write(process + " " + id + " end " + outcome + " " + token + " " + value + " " + nanos.getAsLong());
        }
    }
}
