package io.github.stanchion.redis;

import io.github.stanchion.testkit.proof.Action;
import io.github.stanchion.testkit.proof.History;
import io.github.stanchion.testkit.proof.HistoryWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Several {@link LockWorker}s on one server of locks, each by a line of its own that can be cut, and what all of them did.
 *
 * <p>Another server, which nothing disturbs, has what the locks protect. For one thread.
 */
public final class LockFleet implements AutoCloseable {

    private final Class<? extends DrivenLock> lock;
    private final Duration lease;
    private final String prefix = RedisUnderTest.prefix();
    private final Path histories = TestProcesses.ofThisJvm().directory("history");
    private final HistoryWriter notes = HistoryWriter.open(histories.resolve("test"), "test");
    private final OwnRedis data = OwnRedis.start();
    private final List<Member> members = new ArrayList<>();
    private String script = "";

    private LockFleet(Class<? extends DrivenLock> lock, Duration lease) {
        this.lock = lock;
        this.lease = lease;
    }

    /** Starts workers that take locks of that class from the server, and waits until all have connected. */
    public static LockFleet start(int size, OwnRedis server, Class<? extends DrivenLock> lock, Duration lease) {
        LockFleet fleet = new LockFleet(lock, lease);
        try {
            for (int i = 0; i < size; i++) {
                fleet.members.add(fleet.new Member("w" + i, server));
            }
            fleet.members.forEach(Member::open);
            return fleet;
        } catch (RuntimeException | AssertionError failed) {
            fleet.close();
            throw failed;
        }
    }

    public Member member(int index) {
        return members.get(index);
    }

    List<Member> members() {
        return members;
    }

    /** Of the keys of its locks. */
    String prefix() {
        return prefix;
    }

    /** How long the holders of its locks count a lease to last. */
    Duration lease() {
        return lease;
    }

    /** For what is done to the workers. */
    HistoryWriter notes() {
        return notes;
    }

    /**
     * Lets each worker take locks at random, again and again, until {@link #stop}.
     *
     * @param threads of each worker
     * @param keys how many locks there are
     * @param wait longest wait for one
     * @param body longest work under one, but for one in ten, which is up to twice as long as a lease
     */
    public void run(long seed, int threads, int keys, Duration wait, Duration body) {
        script = threads + " " + keys + " " + wait.toMillis() + " " + body.toMillis() + " " + 2 * lease.toMillis();
        for (int i = 0; i < members.size(); i++) {
            members.get(i).run(seed + i);
        }
    }

    /** Lets each worker end what it does, and reads the counters in the end. */
    public void stop(int keys) {
        members.forEach(member -> member.jvm.tell("stop"));
        members.forEach(member -> member.jvm.line());
        try (Protected reader = new Protected(data.uri(), prefix, notes)) {
            for (int i = 0; i < keys; i++) {
                reader.read(Protected.counter("lock-" + i), "test");
            }
        }
    }

    /** All that was done so far. */
    public History history() {
        try (Stream<Path> files = Files.list(histories)) {
            return History.read(files.toList());
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** Copies the histories to where they outlive this JVM. */
    Path keep() {
        try (Stream<Path> files = Files.list(histories)) {
            Path kept = Files.createTempDirectory("stanchion-lock-proof-");
            for (Path file : files.toList()) {
                Files.copy(file, kept.resolve(file.getFileName()));
            }
            return kept;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    @Override
    public void close() {
        members.forEach(Member::close);
        data.close();
        notes.close();
    }

    /** One worker, or rather those that have its place one after the other. */
    public final class Member {

        private final String name;
        private final CuttingProxy proxy;
        private int lives;
        private TestJvm jvm;

        private Member(String name, OwnRedis server) {
            this.name = name;
            this.proxy = new CuttingProxy(server.port());
            this.jvm = launch();
        }

        private TestJvm launch() {
            lives++;
            return TestJvm.start(Map.of(), List.of(), LockWorker.class);
        }

        private String process() {
            return name + "-" + lives;
        }

        private void open() {
            jvm.line();
            jvm.tell(String.join(
                    " ",
                    "open",
                    process(),
                    histories.resolve(process()).toString(),
                    lock.getName(),
                    proxy.uri(),
                    data.uri(),
                    prefix,
                    Long.toString(lease.toMillis())));
            jvm.line();
        }

        private void run(long seed) {
            ask("run " + seed + " " + script);
        }

        /** Cuts its line to the server; the next one works again, whatever was dropped on this one. */
        public void cutLine() {
            proxy.cut();
        }

        /** From now on, until the line is cut, nothing that it sends arrives. */
        public void dropRequests() {
            proxy.swallowRequests();
        }

        /** From now on, until the line is cut, nothing that it is sent arrives. */
        public void dropReplies() {
            proxy.swallowReplies();
        }

        /** From now on, until that is zero, all that it sends and is sent comes so much later. */
        void delay(Duration each) {
            proxy.delay(each);
        }

        /** Cuts its line; the next one leads to another server. */
        public void redirect(OwnRedis other) {
            proxy.redirect(other.port());
            proxy.cut();
        }

        void stop() {
            jvm.stop();
        }

        void cont() {
            jvm.cont();
        }

        /** Kills it without warning. */
        void kill() {
            HistoryWriter.Pending ending = notes.begin(Action.END, process(), "test");
            jvm.kill();
            ending.ok();
        }

        /** Starts another in place of the one that was killed; it does what {@link LockFleet#run} said last, if anything. */
        void restart(long seed) {
            jvm = launch();
            open();
            if (!script.isEmpty()) {
                run(seed);
            }
        }

        /** Sends a line and waits for the answer; for the lines see {@link LockWorker}. */
        public String ask(String line) {
            tell(line);
            return answer();
        }

        /** Sends a line; the {@link #answer} will come. */
        void tell(String line) {
            jvm.tell(line);
        }

        String answer() {
            return jvm.line();
        }

        /** Whether the {@link #answer} is there. */
        boolean hasAnswered() {
            return jvm.hasLine();
        }

        private void close() {
            jvm.close();
            proxy.close();
        }
    }
}
