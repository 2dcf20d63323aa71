package io.github.stanchion.spring.test;

import io.github.stanchion.limit.RateLimiters;
import io.github.stanchion.lock.Locks;
import io.github.stanchion.store.KeySpace;
import io.github.stanchion.store.primitive.AtomicCounters;
import io.github.stanchion.store.primitive.AtomicValues;
import io.github.stanchion.testkit.FaultyStore;
import io.github.stanchion.testkit.VirtualClock;
import io.github.stanchion.testkit.VirtualSleeper;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** What the examples of the documentation take for granted: an application, and what is injected. Only compiled. */
abstract class DocumentedGiven {

    RateLimiters rateLimiters;
    RateLimiters limiters;
    Locks locks;
    AtomicCounters counters;
    AtomicValues values;
    FaultyStore store;
    KeySpace space;
    VirtualClock clock;
    VirtualSleeper sleeper;
    GuardTester guards;

    String clientId;
    String userId;
    String user;
    String tenant;
    String sku;
    String prompt;
    String text;
    String id;
    Index index;
    Indexer indexer;
    Archive archive;
    Model model;

    abstract Object retryIn(Optional<Duration> wait);

    abstract Object publish(String document);

    abstract Object sweep();

    abstract Price compute(String article);

    abstract List<CompletableFuture<Answer>> callSixTimes();

    interface Index {
        List<Hit> find(String query);
    }

    interface Indexer {
        void reindex(String shop);
    }

    interface Archive {
        void write(String document, String content, long fencingToken);
    }

    interface Model {
        Answer ask(String question);
    }

    record Hit(String title) {}

    record Price(long cents) {}

    record Answer(long tokens) {}

    static final class TooManyCodes extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    static final class SearchController {}
}
