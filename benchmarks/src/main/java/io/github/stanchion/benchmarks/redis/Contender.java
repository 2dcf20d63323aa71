package io.github.stanchion.benchmarks.redis;

/** All ways to decide that are run side by side, in the order of the tables. */
enum Contender {
    RAW_INCR("raw INCR", 'a'),
    RAW_SCRIPT("raw EVALSHA", 'b'),
    STORE("RedisStore.execute", 'c'),
    FACADE("tryAcquire", 'd'),
    FACADE_COALESCING("tryAcquire + coalesce", 'e'),
    FACADE_REMEMBERING("tryAcquire + denial cache", 'f'),
    FACADE_LEASING("tryAcquire + lease", 'g'),
    BUCKET4J("bucket4j", 'h'),
    BUCKET4J_BATCHING("bucket4j + batching", 'i'),
    REDISSON("Redisson", 'j');

    private final String title;
    private final char letter;

    Contender(String title, char letter) {
        this.title = title;
        this.letter = letter;
    }

    String title() {
        return title;
    }

    /** Whether it can take part: what only counts never refuses. */
    boolean decides(Limit limit) {
        return this != RAW_INCR || limit.grants();
    }

    /** Connects it; the prefix begins all keys of this run, and a letter makes them its own. */
    Side open(String uri, String prefix, Limit limit, int count) {
        Subjects subjects = new Subjects(prefix + letter + (limit.grants() ? 'g' : 'd'), count);
        return switch (this) {
            case RAW_INCR -> new RawIncr(uri, subjects);
            case RAW_SCRIPT -> new RawScript(uri, subjects, limit);
            case STORE -> new BareStore(uri, subjects, limit);
            case FACADE -> Facade.asking(uri, subjects, limit);
            case FACADE_COALESCING -> Facade.coalescing(uri, subjects, limit);
            case FACADE_REMEMBERING -> Facade.remembering(uri, subjects, limit);
            case FACADE_LEASING -> Facade.leasing(uri, subjects, limit);
            case BUCKET4J -> Bucket4jSide.plain(uri, subjects, limit);
            case BUCKET4J_BATCHING -> Bucket4jSide.batching(uri, subjects, limit);
            case REDISSON -> new RedissonSide(uri, subjects, limit);
        };
    }
}
