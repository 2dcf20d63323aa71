package io.github.stanchion.limit;

import io.github.stanchion.annotation.RateAlgorithm;
import io.github.stanchion.store.Operation;
import java.math.BigInteger;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * How much a policy, one of its plans, or its share of an outage allows, ready to decide.
 *
 * <p>Immutable. The operation that asks for one permit is made once.
 */
final class Allowance {

    private static final BigInteger MICROS = BigInteger.valueOf(1_000_000);

    private final RateOperations operations;
    private final Operation<RateReply> askOne;
    private final Operation<RateReply> askNothing;
    private final @Nullable Allowance share;
    private final @Nullable LeaseTerms lease;
    private final long windowSeconds;
    private final String description;

    /**
     * @param share what this process allows on its own while the store is away; null if it allows the same
     * @param lease how a process may charge ahead; null for not at all
     */
    Allowance(RateOperations operations, List<Bandwidth> given, @Nullable Allowance share, @Nullable LeaseTerms lease) {
        this.operations = operations;
        this.askOne = operations.ask(1);
        this.askNothing = operations.ask(0);
        this.share = share;
        this.lease = lease;
        this.windowSeconds = secondsToFull(operations.shape().first());
        this.description = given.stream().map(Allowance::describe).collect(Collectors.joining(" and "));
    }

    private static long secondsToFull(Bandwidth slowest) {
        BigInteger over = BigInteger.valueOf(slowest.capacity()).multiply(BigInteger.valueOf(slowest.periodMicros()));
        BigInteger under = BigInteger.valueOf(slowest.refill()).multiply(MICROS);
        return over.add(under).subtract(BigInteger.ONE).divide(under).longValueExact();
    }

    private static String describe(Bandwidth bandwidth) {
        String pace = bandwidth.refill() + " per " + LimitText.write(bandwidth.periodMicros());
        return bandwidth.capacity() == bandwidth.refill() ? pace : pace + ", burst " + bandwidth.capacity();
    }

    Operation<RateReply> ask(long cost) {
        return cost == 1 ? askOne : cost == 0 ? askNothing : operations.ask(cost);
    }

    Operation<RateSettlement> settle(long delta, List<Long> stamp) {
        return operations.settle(delta, stamp);
    }

    RateOperations operations() {
        return operations;
    }

    /** How a process may charge ahead; null for not at all. */
    @Nullable
    LeaseTerms lease() {
        return lease;
    }

    /** What holds on this process alone while the store is away. */
    Allowance share() {
        return share == null ? this : share;
    }

    RateAlgorithm algorithm() {
        return operations.algorithm();
    }

    BucketShape shape() {
        return operations.shape();
    }

    long maxDebt() {
        return operations.maxDebt();
    }

    String kind() {
        return operations.kind();
    }

    /** The most that a call can ever be charged. */
    long capacity() {
        return operations.most();
    }

    /** The capacity of the slowest bandwidth. */
    long quota() {
        return operations.shape().first().capacity();
    }

    /** How long the slowest bandwidth takes to fill, in seconds, rounded up. */
    long windowSeconds() {
        return windowSeconds;
    }

    /** The limit for messages: {@code 100 per 1m}. */
    String description() {
        return description;
    }

    /**
     * How long until the next permit, judged from the time until all are back, for a limit that has none left; never too
     * early while no bandwidth but the slowest is in debt.
     */
    long nextPermitMicros(long fullMicros) {
        long longest = 0;
        for (int i = 0; i < operations.shape().size(); i++) {
            Bandwidth bandwidth = operations.shape().get(i);
            long rest = allButOneMicros(bandwidth);
            // The slowest alone is known to be as empty as that; any other is just empty at worst.
            long full = i == 0 ? fullMicros : Math.min(fullMicros, rest + oneMicros(bandwidth));
            longest = Math.max(longest, full - rest);
        }
        return longest;
    }

    private long oneMicros(Bandwidth bandwidth) {
        return operations.algorithm() == RateAlgorithm.TOKEN_BUCKET
                ? Bandwidth.ceilDiv(bandwidth.parts(), bandwidth.rate())
                : bandwidth.periodMicros();
    }

    private long allButOneMicros(Bandwidth bandwidth) {
        return switch (operations.algorithm()) {
            case TOKEN_BUCKET -> (bandwidth.capacity() - 1) * bandwidth.parts() / bandwidth.rate();
            case INTERVAL ->
                (Bandwidth.ceilDiv(bandwidth.capacity(), bandwidth.refill()) - 1) * bandwidth.periodMicros();
            case SLIDING_WINDOW, SLIDING_LOG -> 0;
        };
    }
}
