package io.github.stanchion.benchmarks.redis;

import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.StatefulRedisConnection;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** What a decision costs at least: the shortest script that keeps the state of a token bucket of one bandwidth. */
final class RawScript implements Side {

    /** The state is the instant at which the bucket was empty. Answers the permits left, or less than 0 how long to wait. */
    private static final String SCRIPT =
            """
            local time = redis.call('TIME')
            local now = time[1] * 1000000 + time[2] - 1735689600000000
            local empty, capacity, micros = redis.call('GET', KEYS[1]), ARGV[1] + 0, ARGV[2] + 0
            local credit = capacity * micros
            if empty and now - empty < credit then
              credit = now - empty
            end
            if credit < micros then
              return credit - micros
            end
            credit = credit - micros
            redis.call('SET', KEYS[1], string.format('%.0f', now - credit), 'PX', \
            math.ceil((capacity * micros - credit) / 1000))
            return math.floor(credit / micros)
            """;

    private final Subjects subjects;
    private final Lettuce lettuce;
    private final StatefulRedisConnection<byte[], byte[]> connection;
    private final byte[][] keys;
    private final byte[] capacity;
    private final byte[] micros;
    private final String digest;

    RawScript(String uri, Subjects subjects, Limit limit) {
        this.subjects = subjects;
        this.lettuce = new Lettuce(uri);
        this.connection = lettuce.connect();
        this.keys = Lettuce.keys(subjects);
        this.capacity = text(limit.capacity());
        this.micros = text(limit.microsPerPermit());
        this.digest = connection.sync().scriptLoad(SCRIPT);
    }

    private static byte[] text(long number) {
        return Long.toString(number).getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    public boolean decide(int subject) {
        Long left = Lettuce.await(connection
                .async()
                .<Long>evalsha(digest, ScriptOutputType.INTEGER, new byte[][] {keys[subject]}, capacity, micros));
        return left >= 0;
    }

    @Override
    public List<String> keys(int subject) {
        return List.of(subjects.key(subject).text());
    }

    @Override
    public void close() {
        lettuce.close();
    }
}
