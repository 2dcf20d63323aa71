package io.github.stanchion.spring.web;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** What handlers do: each runs until the test ends it. */
final class Bodies {

    private final ConcurrentMap<String, CompletableFuture<String>> ends = new ConcurrentHashMap<>();
    private final ConcurrentMap<String, AtomicInteger> begun = new ConcurrentHashMap<>();
    private final ConcurrentMap<String, AtomicInteger> arrived = new ConcurrentHashMap<>();

    /** The handler's part: a result that comes when the test says so. */
    CompletableFuture<String> begin(String id) {
        count(begun, id).incrementAndGet();
        return end(id);
    }

    /** As {@link #begin}, for handlers that return it. */
    String run(String id) {
        try {
            return begin(id).orTimeout(20, TimeUnit.SECONDS).join();
        } catch (CompletionException failed) {
            throw (RuntimeException) failed.getCause();
        }
    }

    /** How many bodies of this name have begun. */
    int begun(String id) {
        return count(begun, id).get();
    }

    void end(String id, String text) {
        end(id).complete(text);
    }

    void fail(String id, RuntimeException failure) {
        end(id).completeExceptionally(failure);
    }

    /** A request is on its way to its handler. */
    void arrive(String path) {
        count(arrived, path).incrementAndGet();
    }

    int arrived(String path) {
        return count(arrived, path).get();
    }

    private CompletableFuture<String> end(String id) {
        return ends.computeIfAbsent(id, key -> new CompletableFuture<>());
    }

    private static AtomicInteger count(ConcurrentMap<String, AtomicInteger> counts, String name) {
        return counts.computeIfAbsent(name, key -> new AtomicInteger());
    }
}
