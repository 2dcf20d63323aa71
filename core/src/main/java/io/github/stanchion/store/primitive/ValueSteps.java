package io.github.stanchion.store.primitive;

import java.time.Duration;

/** Makes the operations of one writer, each with a number of its own. */
final class ValueSteps {

    private final Writer writer;
    private final long retentionMicros;

    ValueSteps(Writer writer, Duration retention) {
        this.writer = writer;
        this.retentionMicros = Ttl.of(retention).micros();
    }

    ValueRead read(boolean withPayload) {
        return new ValueRead(withPayload);
    }

    ValueRenew renew(Duration duration) {
        return new ValueRenew(Ttl.renew(duration), retentionMicros);
    }

    ValuePut put(Payload value, Ttl ttl, boolean withPrevious) {
        return new ValuePut(0, ttl, mark(), withPrevious, value);
    }

    ValuePut putFenced(Payload value, long token, Ttl ttl) {
        if (token < 1) {
            throw new IllegalArgumentException(
                    "Fencing token '" + token + "' is not positive; use the one of the lock");
        }
        return new ValuePut(token, ttl, mark(), false, value);
    }

    ValueSetIfAbsent setIfAbsent(Payload value, Ttl ttl) {
        return new ValueSetIfAbsent(ttl, mark(), false, value);
    }

    ValueCompareAndSet compareAndSet(long version, Payload value, Ttl ttl) {
        return new ValueCompareAndSet(version, ttl, mark(), true, value);
    }

    ValueCompareAndDelete compareAndDelete(long version) {
        return new ValueCompareAndDelete(version, mark());
    }

    ValueDelete delete(boolean withPrevious) {
        return new ValueDelete(mark(), withPrevious);
    }

    ValueDeleteIfEqual deleteIfEqual(Payload value) {
        return new ValueDeleteIfEqual(mark(), value);
    }

    private Mark mark() {
        return writer.next(retentionMicros);
    }
}
