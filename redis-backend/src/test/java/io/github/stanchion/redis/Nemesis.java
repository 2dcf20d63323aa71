package io.github.stanchion.redis;

import io.github.stanchion.testkit.proof.Action;
import io.github.stanchion.testkit.proof.HistoryWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Does harm to workers, to their lines and to their server, by a seed; everything is well again when it is over. For one thread. */
final class Nemesis {

    /** What can be done. */
    enum Fault {
        KILL_WORKER,
        STOP_WORKER,
        CUT_LINE,
        DELAY_LINE,
        DROP_REQUESTS,
        DROP_REPLIES,
        BLACK_HOLE,
        KILL_CLIENTS,
        PAUSE_CLIENTS,
        DENY_PUBLISH,
        STOP_SERVER,
        RESTART_SERVER,
        FLUSH;

        /** Those by which no data is lost, if the server keeps it when it is restarted. */
        static final Set<Fault> HARMLESS = EnumSet.complementOf(EnumSet.of(FLUSH));

        /** Those of them by which nobody is frozen while it is about to write what has no fence. */
        static final Set<Fault> PROMPT = EnumSet.complementOf(EnumSet.of(FLUSH, STOP_WORKER));

        /** Those that leave somebody with a lock that is another's by then. */
        static final Set<Fault> CONFUSING =
                EnumSet.of(FLUSH, RESTART_SERVER, STOP_WORKER, STOP_SERVER, BLACK_HOLE, DELAY_LINE);
    }

    private final Random random;
    private final LockFleet fleet;
    private final OwnRedis server;
    private final List<Fault> faults;

    Nemesis(long seed, LockFleet fleet, OwnRedis server, Set<Fault> faults) {
        this.random = new Random(seed);
        this.fleet = fleet;
        this.server = server;
        this.faults = new ArrayList<>(faults);
    }

    /**
     * Does each once, in random order, and then leaves all in peace for a while, in which it shows whether somebody waits in
     * vain.
     */
    void rage(Duration peace) {
        Collections.shuffle(faults, random);
        for (Fault fault : faults) {
            disturb(fault);
            pass(50 + random.nextInt(250));
        }
        pass(peace.toMillis());
    }

    private void disturb(Fault fault) {
        LockFleet.Member member =
                fleet.members().get(random.nextInt(fleet.members().size()));
        HistoryWriter.Pending disturbing = fleet.notes().begin(Action.FAULT, fault.name(), "nemesis");
        long lease = fleet.lease().toMillis();
        switch (fault) {
            case KILL_WORKER -> {
                member.kill();
                member.restart(random.nextLong());
            }
            case STOP_WORKER -> {
                member.stop();
                pass(lease * 5 / 4 + 250 + random.nextInt(500));
                member.cont();
            }
            case CUT_LINE -> member.cutLine();
            case DELAY_LINE -> {
                // From what goes unnoticed to more than a command may take.
                member.delay(Duration.ofMillis(1 + random.nextInt(150)));
                pass(lease + random.nextInt((int) lease));
                member.delay(Duration.ZERO);
            }
            case DROP_REQUESTS, DROP_REPLIES, BLACK_HOLE -> {
                if (fault != Fault.DROP_REPLIES) {
                    member.dropRequests();
                }
                if (fault != Fault.DROP_REQUESTS) {
                    member.dropReplies();
                }
                pass(50 + random.nextInt((int) lease * 2));
                member.cutLine();
            }
            case KILL_CLIENTS -> {
                server.command("CLIENT", "KILL", "TYPE", "normal");
                server.command("CLIENT", "KILL", "TYPE", "pubsub");
            }
            case PAUSE_CLIENTS -> {
                int millis = 50 + random.nextInt((int) lease);
                server.command("CLIENT", "PAUSE", Integer.toString(millis));
                pass(millis);
            }
            case DENY_PUBLISH -> {
                server.command("ACL", "SETUSER", "default", "-publish");
                pass(lease + random.nextInt((int) lease));
                server.command("ACL", "SETUSER", "default", "+publish");
            }
            case STOP_SERVER -> {
                server.stop();
                pass(50 + random.nextInt((int) lease * 2));
                server.cont();
            }
            case RESTART_SERVER -> {
                server.kill();
                pass(random.nextInt(300));
                server.restart();
            }
            case FLUSH -> server.command("FLUSHALL");
        }
        disturbing.ok();
    }

    /** Faults last: here time itself is what is tested. */
    private static void pass(long millis) {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        for (long left = end - System.nanoTime(); left > 0; left = end - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }
}
