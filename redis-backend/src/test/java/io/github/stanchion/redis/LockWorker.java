package io.github.stanchion.redis;

import io.github.stanchion.testkit.proof.Action;
import io.github.stanchion.testkit.proof.HistoryWriter;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.logging.LogManager;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * One process of a proof: does what each line of its input says under a lock, answers with a line, and notes all of it.
 *
 * <p>It is killed and frozen amid its work. After {@code open}, its lines are:
 *
 * <pre>
 * run seed threads keys wait body longBody   takes locks at random from now on
 * sets seed rounds keys size wait   takes so many of the locks together, at random: "granted refused unknown"
 * stop                              ends that, and answers how often it was done
 * acquire key wait                  "granted token", "refused" or "unknown: why"
 * hold key wait body                does all at once: "held released", or as acquire
 * read key                          reads the counter: what it would be with one more
 * write key                         writes the register: "held stored"
 * add key                           writes what was read and one more
 * release key                       whether it was held
 * </pre>
 */
final class LockWorker {

    /** A counter is not touched with less left: more than a thread that runs loses between looking and writing. */
    private static final long MARGIN_NANOS = TimeUnit.MILLISECONDS.toNanos(150);

    /** After a call that failed at once: the history is not to fill with the same again. */
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private final String process;
    private final DrivenLock lock;
    private final Protected data;
    private final HistoryWriter history;
    private final List<Thread> threads = new ArrayList<>();
    private final AtomicLong rounds = new AtomicLong();
    private volatile boolean over;

    private volatile @Nullable RuntimeException trouble;
    private DrivenLock.@Nullable Grip grip;
    private long sum;

    private LockWorker(String process, DrivenLock lock, Protected data, HistoryWriter history) {
        this.process = process;
        this.lock = lock;
        this.data = data;
        this.history = history;
    }

    public static void main(String[] none) throws Exception {
        // Lines are cut on purpose here, again and again.
        LogManager.getLogManager().reset();
        System.out.println("here");
        try (BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            serve(in);
        }
        System.exit(0);
    }

    private static void serve(BufferedReader in) throws IOException, ReflectiveOperationException {
        LockWorker worker = null;
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            String[] words = line.split(" ", -1);
            if (words[0].equals("open")) {
                worker = open(words);
                System.out.println("open");
            } else {
                System.out.println(worker.answer(words));
            }
        }
    }

    private static LockWorker open(String[] words) throws ReflectiveOperationException {
        HistoryWriter history = HistoryWriter.open(Path.of(words[2]), words[1]);
        DrivenLock lock = Class.forName(words[3])
                .asSubclass(DrivenLock.class)
                .getConstructor(String.class, String.class, Duration.class)
                .newInstance(words[4], words[6], Duration.ofMillis(Long.parseLong(words[7])));
        return new LockWorker(words[1], lock, new Protected(words[5], words[6], history), history);
    }

    private String answer(String[] words) {
        String owner = process + ".0";
        return switch (words[0]) {
            case "run" -> run(words);
            case "sets" -> sets(words, owner);
            case "stop" -> stop();
            case "acquire" -> {
                grip = acquire(List.of(words[1]), owner, Duration.ofMillis(Long.parseLong(words[2])));
                yield grip == null ? refusal() : "granted " + grip.token(words[1]);
            }
            case "read" -> {
                sum = data.next(words[1]);
                yield Long.toString(sum);
            }
            case "write" -> {
                boolean held = look(List.of(words[1]), owner, grip);
                yield held + " " + data.write(words[1], owner, grip.token(words[1]));
            }
            case "add" -> {
                data.add(words[1], owner, sum);
                yield "added";
            }
            case "hold" -> {
                grip = acquire(List.of(words[1]), owner, Duration.ofMillis(Long.parseLong(words[2])));
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(Long.parseLong(words[3])));
                yield grip == null
                        ? refusal()
                        : look(List.of(words[1]), owner, grip) + " " + release(List.of(words[1]), owner, grip);
            }
            case "release" -> Boolean.toString(release(List.of(words[1]), owner, grip));
            default -> throw new IllegalArgumentException("Word '" + words[0] + "' means nothing to a worker");
        };
    }

    private String refusal() {
        return trouble == null ? "refused" : "unknown: " + trouble;
    }

    private String run(String[] words) {
        long seed = Long.parseLong(words[1]);
        int keys = Integer.parseInt(words[3]);
        Duration wait = Duration.ofMillis(Long.parseLong(words[4]));
        long shortNanos = TimeUnit.MILLISECONDS.toNanos(Long.parseLong(words[5]));
        long longNanos = TimeUnit.MILLISECONDS.toNanos(Long.parseLong(words[6]));
        for (int i = 0; i < Integer.parseInt(words[2]); i++) {
            String owner = process + "." + (i + 1);
            Random random = new Random(seed * 31 + i);
            Thread thread = new Thread(
                    () -> {
                        while (!over) {
                            long most = random.nextInt(10) == 0 ? longNanos : shortNanos;
                            round("lock-" + random.nextInt(keys), owner, wait, random.nextLong(most));
                        }
                    },
                    owner);
            thread.setDaemon(true);
            thread.setUncaughtExceptionHandler(LockWorker::fail);
            threads.add(thread);
            thread.start();
        }
        return "running";
    }

    private String sets(String[] words, String owner) {
        Random random = new Random(Long.parseLong(words[1]));
        List<String> keys = IntStream.range(0, Integer.parseInt(words[3]))
                .mapToObj(i -> "set-" + i)
                .collect(Collectors.toCollection(ArrayList::new));
        Duration wait = Duration.ofMillis(Long.parseLong(words[5]));
        int[] outcomes = new int[3];
        for (int i = 0; i < Integer.parseInt(words[2]); i++) {
            Collections.shuffle(keys, random);
            List<String> some = List.copyOf(keys.subList(0, Integer.parseInt(words[4])));
            DrivenLock.Grip held = acquire(some, owner, wait);
            outcomes[held != null ? 0 : trouble == null ? 1 : 2]++;
            if (held != null) {
                look(some, owner, held);
                release(some, owner, held);
            }
        }
        return outcomes[0] + " " + outcomes[1] + " " + outcomes[2];
    }

    /** No fault that is meant to happen ends a round so. */
    private static void fail(Thread thread, Throwable failed) {
        System.err.println("Rounds of " + thread.getName() + " fail");
        failed.printStackTrace();
        Runtime.getRuntime().halt(1);
    }

    private String stop() {
        over = true;
        for (Thread thread : threads) {
            try {
                thread.join(TimeUnit.SECONDS.toMillis(30));
            } catch (InterruptedException interrupted) {
                throw new IllegalStateException("Interrupted while rounds end", interrupted);
            }
            if (thread.isAlive()) {
                throw new IllegalStateException("A round does not end");
            }
        }
        threads.clear();
        over = false;
        return Long.toString(rounds.getAndSet(0));
    }

    /** One time under the lock. The register is written whatever the lease says: it has its fence; the counter has none. */
    private void round(String key, String owner, Duration wait, long bodyNanos) {
        List<String> keys = List.of(key);
        DrivenLock.Grip held = acquire(keys, owner, wait);
        if (held == null) {
            return;
        }
        long next = data.next(key);
        data.read(Protected.register(key), owner);
        LockSupport.parkNanos(bodyNanos);
        data.write(key, owner, held.token(key));
        if (look(keys, owner, held) && held.leaseEnd() - System.nanoTime() > MARGIN_NANOS) {
            data.add(key, owner, next);
        }
        look(keys, owner, held);
        release(keys, owner, held);
        rounds.incrementAndGet();
    }

    private DrivenLock.@Nullable Grip acquire(List<String> keys, String owner, Duration wait) {
        Map<String, HistoryWriter.Pending> asking = begin(Action.ACQUIRE, keys, owner);
        try {
            DrivenLock.Grip granted = keys.size() == 1 ? lock.acquire(keys.get(0), wait) : lock.acquireAll(keys, wait);
            trouble = null;
            asking.forEach((key, each) -> {
                if (granted == null) {
                    each.fail();
                } else {
                    each.ok(granted.token(key), granted.leaseEnd());
                }
            });
            return granted;
        } catch (RuntimeException unknown) {
            asking.values().forEach(HistoryWriter.Pending::unknown);
            trouble = unknown;
            LockSupport.parkNanos(PAUSE_NANOS);
            return null;
        }
    }

    private boolean look(List<String> keys, String owner, DrivenLock.Grip grip) {
        Map<String, HistoryWriter.Pending> looking = begin(Action.HOLD, keys, owner);
        long end = grip.leaseEnd();
        boolean held = grip.isHeld();
        looking.forEach((key, each) -> {
            if (held) {
                each.ok(grip.token(key), end);
            } else {
                each.fail();
            }
        });
        return held;
    }

    private boolean release(List<String> keys, String owner, DrivenLock.Grip grip) {
        Map<String, HistoryWriter.Pending> releasing = begin(Action.RELEASE, keys, owner);
        try {
            boolean released = grip.release();
            releasing.values().forEach(released ? HistoryWriter.Pending::ok : HistoryWriter.Pending::fail);
            return released;
        } catch (RuntimeException unknown) {
            releasing.values().forEach(HistoryWriter.Pending::unknown);
            return false;
        }
    }

    private Map<String, HistoryWriter.Pending> begin(Action action, List<String> keys, String owner) {
        return keys.stream().collect(Collectors.toMap(key -> key, key -> history.begin(action, key, owner)));
    }
}
