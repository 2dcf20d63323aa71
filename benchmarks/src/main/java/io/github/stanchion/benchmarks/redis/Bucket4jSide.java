package io.github.stanchion.benchmarks.redis;

import io.github.bucket4j.BucketConfiguration;
import io.github.bucket4j.distributed.BucketProxy;
import io.github.bucket4j.distributed.ExpirationAfterWriteStrategy;
import io.github.bucket4j.distributed.proxy.optimization.Optimization;
import io.github.bucket4j.distributed.proxy.optimization.Optimizations;
import io.github.bucket4j.redis.lettuce.Bucket4jLettuce;
import io.github.bucket4j.redis.lettuce.cas.LettuceBasedProxyManager;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.codec.RedisCodec;
import io.lettuce.core.codec.StringCodec;
import java.time.Duration;
import java.util.List;

/** bucket4j over Lettuce: state is read, decided on here, and compared and swapped; proxies of buckets are made once. */
final class Bucket4jSide implements Side {

    private final Subjects subjects;
    private final Lettuce lettuce;
    private final BucketProxy[] buckets;

    private Bucket4jSide(String uri, Subjects subjects, Limit limit, Optimization optimization) {
        this.subjects = subjects;
        this.lettuce = new Lettuce(uri);
        LettuceBasedProxyManager<String> manager = Bucket4jLettuce.casBasedBuilder(
                        lettuce.connect(RedisCodec.of(StringCodec.ASCII, ByteArrayCodec.INSTANCE)))
                .expirationAfterWrite(
                        ExpirationAfterWriteStrategy.basedOnTimeForRefillingBucketUpToMax(Duration.ofSeconds(1)))
                .build();
        BucketConfiguration configuration = BucketConfiguration.builder()
                .addLimit(
                        bandwidth -> bandwidth.capacity(limit.capacity()).refillGreedy(limit.refill(), limit.period()))
                .build();
        this.buckets = new BucketProxy[subjects.count()];
        for (int i = 0; i < buckets.length; i++) {
            buckets[i] = manager.builder()
                    .withOptimization(optimization)
                    .build(subjects.key(i).text(), () -> configuration);
        }
    }

    static Bucket4jSide plain(String uri, Subjects subjects, Limit limit) {
        return new Bucket4jSide(uri, subjects, limit, Optimization.NONE_OPTIMIZED);
    }

    /** Calls of one bucket that meet in this process share a trip; admits no more than the plain form. */
    static Bucket4jSide batching(String uri, Subjects subjects, Limit limit) {
        return new Bucket4jSide(uri, subjects, limit, Optimizations.batching());
    }

    @Override
    public boolean decide(int subject) {
        return buckets[subject].tryConsume(1);
    }

    @Override
    public List<String> keys(int subject) {
        return List.of(subjects.key(subject).text());
    }

    /** An attempt is a GET, and where it grants a script, which GETs once more. */
    @Override
    public long sent(ServerCounts counts) {
        return counts.of("get");
    }

    @Override
    public void close() {
        lettuce.close();
    }
}
