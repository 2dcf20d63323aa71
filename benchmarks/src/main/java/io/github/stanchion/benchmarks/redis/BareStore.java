package io.github.stanchion.benchmarks.redis;

import io.github.stanchion.limit.Bandwidth;
import io.github.stanchion.limit.BucketShape;
import io.github.stanchion.limit.RateBucket;
import io.github.stanchion.redis.RedisStore;
import java.util.List;

/** One operation on the store: what a guard's decision costs at least. */
final class BareStore implements Side {

    private final Subjects subjects;
    private final RedisStore store;
    private final RateBucket operation;

    BareStore(String uri, Subjects subjects, Limit limit) {
        this.subjects = subjects;
        this.store = Stores.open(uri, subjects.prefix());
        this.operation = new RateBucket(1, 1, 0, 0, BucketShape.of(bandwidth(limit)));
    }

    private static Bandwidth bandwidth(Limit limit) {
        return new Bandwidth(limit.capacity(), limit.refill(), limit.period().toNanos() / 1_000);
    }

    @Override
    public boolean decide(int subject) {
        return store.execute(subjects.key(subject), operation).admitted();
    }

    @Override
    public List<String> keys(int subject) {
        return List.of(subjects.key(subject).text());
    }

    @Override
    public void close() {
        store.close();
    }
}
