package io.github.stanchion.benchmarks.redis;

import java.time.Duration;
import java.util.List;
import org.redisson.Redisson;
import org.redisson.api.RRateLimiter;
import org.redisson.api.RateType;
import org.redisson.api.RedissonClient;
import org.redisson.config.Config;

/**
 * Redisson's rate limiter, its scripts cached on the server, with a connection for each of 64 threads.
 *
 * <p>It has no burst apart from its rate, and keeps an entry for each permit of the last period. Where all is granted it gets a
 * million a second, so that it never keeps more than a second's entries.
 */
final class RedissonSide implements Side {

    private final Subjects subjects;
    private final RedissonClient client;
    private final RRateLimiter[] limiters;

    RedissonSide(String uri, Subjects subjects, Limit limit) {
        this.subjects = subjects;
        Config config = new Config();
        config.setUseScriptCache(true);
        config.useSingleServer()
                .setAddress(uri)
                .setConnectionMinimumIdleSize(64)
                .setConnectionPoolSize(64);
        this.client = Redisson.create(config);
        this.limiters = new RRateLimiter[subjects.count()];
        long permits = limit.grants() ? 1_000_000 : limit.capacity();
        Duration period = limit.grants() ? Duration.ofSeconds(1) : limit.period();
        for (int i = 0; i < limiters.length; i++) {
            limiters[i] = client.getRateLimiter(subjects.key(i).text());
            limiters[i].trySetRate(RateType.OVERALL, permits, period);
        }
    }

    @Override
    public boolean decide(int subject) {
        return limiters[subject].tryAcquire();
    }

    @Override
    public List<String> keys(int subject) {
        String key = subjects.key(subject).text();
        return List.of(key, key + ":value", key + ":permits");
    }

    @Override
    public void close() {
        client.shutdown();
    }
}
