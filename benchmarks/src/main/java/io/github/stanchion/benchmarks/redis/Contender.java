package io.github.stanchion.benchmarks.redis;

/** All ways to decide that are run side by side, in the order of the tables. */
enum Contender {
    RAW_INCR("raw INCR", (uri, subjects, limit) -> new RawIncr(uri, subjects)),
    RAW_SCRIPT("raw EVALSHA", RawScript::new),
    STORE("RedisStore.execute", BareStore::new),
    FACADE("tryAcquire", Facade::asking),
    FACADE_COALESCING("tryAcquire + coalesce", Facade::coalescing),
    FACADE_REMEMBERING("tryAcquire + denial cache", Facade::remembering),
    FACADE_LEASING("tryAcquire + lease", Facade::leasing),
    BUCKET4J("bucket4j", Bucket4jSide::plain),
    BUCKET4J_BATCHING("bucket4j + batching", Bucket4jSide::batching),
    REDISSON("Redisson", RedissonSide::new);

    private final String title;
    private final Opening opening;

    Contender(String title, Opening opening) {
        this.title = title;
        this.opening = opening;
    }

    private interface Opening {
        Side open(String uri, Subjects subjects, Limit limit);
    }

    String title() {
        return title;
    }

    /** Whether it can take part: what only counts never refuses. */
    boolean decides(Limit limit) {
        return this != RAW_INCR || limit.grants();
    }

    /** Connects it; the prefix begins all keys of this run, and a letter makes them its own. */
    Side open(String uri, String prefix, Limit limit, int subjects) {
        String own = prefix + (char) ('a' + ordinal()) + (limit.grants() ? 'g' : 'd');
        return opening.open(uri, new Subjects(own, subjects), limit);
    }
}
