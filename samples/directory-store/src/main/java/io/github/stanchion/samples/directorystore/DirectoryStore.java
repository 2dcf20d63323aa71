package io.github.stanchion.samples.directorystore;

import io.github.stanchion.store.Capability;
import io.github.stanchion.store.CompareAndSetStore;
import io.github.stanchion.store.Effect;
import io.github.stanchion.store.MicroClock;
import io.github.stanchion.store.UnreadableStateException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * Keeps each value in a file of its own, for all processes of one machine.
 *
 * <p>A file is named by the SHA-256 of its key and holds a checksum, the time until which it is kept, and the value. It is
 * written beside its place and moved there in one step: readers need no lock, and a writer that dies leaves what was there. Of
 * what a power failure tears, the checksum tells. Writers hold the lock of their folder, one of 256, which the system frees
 * when a process dies, and on their way delete what need not be kept. Thread-safe.
 */
final class DirectoryStore extends CompareAndSetStore {

    private static final int HEAD = 2 * Long.BYTES;
    private static final int WRITES_PER_SWEEP = 64;

    /** File locks keep processes apart, but not the threads of one, whatever stores they use. */
    private static final ReentrantLock THREADS = new ReentrantLock();

    private final Path folder;
    private final MicroClock clock;
    private final AtomicLong writes = new AtomicLong();

    /** @param clock one that all processes go by, so none with an offset of its own */
    DirectoryStore(Path folder, MicroClock clock, Executor executor) {
        super(EnumSet.of(Capability.SHARED, Capability.STORE_CLOCK, Capability.RETAINS), executor);
        this.folder = folder;
        this.clock = clock;
    }

    @Override
    protected Snapshot read(String key) throws IOException {
        return new Snapshot(value(load(file(key))), clock.micros());
    }

    @Override
    protected boolean compareAndSet(
            String key, byte @Nullable [] expected, byte @Nullable [] next, long collectAfterMicros)
            throws IOException {
        Path file = file(key);
        Path shard = Files.createDirectories(file.resolveSibling(""));
        Path lock = shard.resolve("lock");
        THREADS.lock();
        // A channel for each call: an interrupted thread closes the one it waits on. Closing it frees the lock.
        try (FileChannel processes = FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            processes.lock();
            if (!Arrays.equals(value(load(file)), expected)) {
                return false;
            }
            if (writes.incrementAndGet() % WRITES_PER_SWEEP == 0) {
                sweep(shard);
            }
            if (next == null) {
                Files.deleteIfExists(file);
            } else {
                boolean endless = collectAfterMicros == Effect.Put.NEVER;
                save(file, next, endless ? Long.MAX_VALUE : clock.micros() + collectAfterMicros);
            }
            return true;
        } finally {
            THREADS.unlock();
        }
    }

    private static byte @Nullable [] load(Path file) throws IOException {
        try {
            return Files.readAllBytes(file);
        } catch (NoSuchFileException none) {
            return null;
        }
    }

    private static void save(Path file, byte[] value, long keptUntil) throws IOException {
        ByteBuffer state = ByteBuffer.allocate(HEAD + value.length);
        state.putLong(Long.BYTES, keptUntil).put(HEAD, value).putLong(0, checksum(state.array()));
        Path beside = file.resolveSibling(file.getFileName() + ".new");
        Files.move(Files.write(beside, state.array()), file, StandardCopyOption.ATOMIC_MOVE);
    }

    private static byte @Nullable [] value(byte @Nullable [] state) {
        if (state == null) {
            return null;
        }
        if (!isWhole(state)) {
            throw new UnreadableStateException("State file is damaged; nothing was changed, remove it");
        }
        return Arrays.copyOfRange(state, HEAD, state.length);
    }

    private static boolean isWhole(byte[] state) {
        return state.length >= HEAD && ByteBuffer.wrap(state).getLong(0) == checksum(state);
    }

    private static long checksum(byte[] state) {
        CRC32 sum = new CRC32();
        sum.update(state, Long.BYTES, state.length - Long.BYTES);
        return sum.getValue();
    }

    private void sweep(Path shard) throws IOException {
        // All but the lock: on POSIX, a process that reads it frees its lock.
        try (DirectoryStream<Path> files = Files.newDirectoryStream(shard, "[!l]*")) {
            for (Path file : files) {
                byte[] state = load(file);
                if (state != null && isWhole(state) && ByteBuffer.wrap(state).getLong(Long.BYTES) <= clock.micros()) {
                    Files.delete(file);
                }
            }
        }
    }

    private Path file(String key) {
        try {
            MessageDigest sha = MessageDigest.getInstance("SHA-256");
            String name = HexFormat.of().formatHex(sha.digest(key.getBytes(StandardCharsets.US_ASCII)));
            return folder.resolve(name.substring(0, 2)).resolve(name.substring(2));
        } catch (NoSuchAlgorithmException everyJavaHasIt) {
            throw new IllegalStateException(everyJavaHasIt);
        }
    }
}
