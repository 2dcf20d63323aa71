package io.github.stanchion.benchmarks.redis;

import io.lettuce.core.api.StatefulRedisConnection;
import java.util.List;

/** The floor: the cheapest command that writes. Decides nothing. */
final class RawIncr implements Side {

    private final Subjects subjects;
    private final Lettuce lettuce;
    private final StatefulRedisConnection<byte[], byte[]> connection;
    private final byte[][] keys;

    RawIncr(String uri, Subjects subjects) {
        this.subjects = subjects;
        this.lettuce = new Lettuce(uri);
        this.connection = lettuce.connect();
        this.keys = Lettuce.keys(subjects);
    }

    @Override
    public boolean decide(int subject) {
        return Lettuce.await(connection.async().incr(keys[subject])) > 0;
    }

    @Override
    public List<String> keys(int subject) {
        return List.of(subjects.key(subject).text());
    }

    @Override
    public long sent(ServerCounts counts) {
        return counts.of("incr");
    }

    @Override
    public void close() {
        lettuce.close();
    }
}
