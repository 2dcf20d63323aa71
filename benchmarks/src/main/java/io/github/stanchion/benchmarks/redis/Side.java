package io.github.stanchion.benchmarks.redis;

import java.util.List;

/** One way to decide calls on the server; thread-safe, with connections and keys of its own. */
interface Side extends AutoCloseable {

    /** Decides one call of a subject, and blocks until it has; true if granted. */
    boolean decide(int subject);

    /** The keys on the server that hold a subject's state. */
    List<String> keys(int subject);

    /** Of these commands that the server has run, how many clients have sent, rather than scripts. */
    default long sent(ServerCounts counts) {
        return counts.of("evalsha") + counts.of("eval");
    }

    /** Waits for what a side still does after its last call was answered. */
    default void settle() {}

    @Override
    void close();
}
