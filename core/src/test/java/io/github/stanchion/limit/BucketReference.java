package io.github.stanchion.limit;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.stanchion.store.Cells;
import io.github.stanchion.store.Value;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The token bucket's rules written down once more, naively, in numbers that cannot overflow. */
final class BucketReference {

    private static final BigInteger EXACT = BigInteger.ONE.shiftLeft(53);

    private record Point(BigInteger a, BigInteger b, BigInteger r) {}

    private final BucketShape shape;
    private final BigInteger now;
    private final long maxDebt;
    private final List<BigInteger> credits = new ArrayList<>();
    boolean repaired;

    BucketReference(BucketShape shape, @Nullable Value value, long nowMicros, long maxWait, long maxDebt) {
        this.shape = shape;
        this.now = big(nowMicros - 1_735_689_600_000_000L);
        this.maxDebt = maxDebt;
        List<Point> points = value == null ? List.of() : points((Cells) value);
        for (int i = 0; i < shape.size(); i++) {
            BigInteger full = full(i);
            BigInteger deepest = parts(i).multiply(big(maxDebt)).add(rate(i).multiply(big(maxWait)));
            BigInteger credit = full;
            if (!points.isEmpty()) {
                credit = i < points.size() ? creditOf(i, points.get(i)) : least(i, points);
                credit = credit.min(full);
                BigInteger tolerated = deepest.add(rate(i).multiply(big(1_000_000)));
                if (credit.negate().compareTo(tolerated) > 0) {
                    credit = deepest.negate();
                    repaired = true;
                }
            }
            assertThat(full.subtract(credit)).isLessThanOrEqualTo(EXACT);
            credits.add(credit);
        }
    }

    private static List<Point> points(Cells cells) {
        if (cells.size() == 1) {
            return List.of(new Point(big(cells.get(0)), BigInteger.ZERO, BigInteger.ONE));
        }
        List<Point> points = new ArrayList<>();
        for (int i = 0; i < cells.size(); i += 3) {
            points.add(new Point(big(cells.get(i)), big(cells.get(i + 1)), big(cells.get(i + 2))));
        }
        return points;
    }

    private BigInteger creditOf(int i, Point point) {
        boolean same = point.r.equals(rate(i));
        BigInteger b = same ? point.b : point.b.signum() > 0 ? rate(i) : BigInteger.ZERO;
        return rate(i).multiply(now.subtract(point.a)).subtract(b);
    }

    private BigInteger least(int i, List<Point> points) {
        return points.stream()
                .map(each -> creditOf(i, each))
                .min(BigInteger::compareTo)
                .orElseThrow();
    }

    RateReply decide(RateBucket operation) {
        BigInteger min = big(operation.min());
        BigInteger wait = BigInteger.ZERO;
        for (int i = 0; i < credits.size(); i++) {
            wait = wait.max(ceil(min.multiply(parts(i)).subtract(credits.get(i)), rate(i)));
        }
        boolean admitted = wait.compareTo(big(operation.maxWaitMicros())) <= 0;
        BigInteger taken = BigInteger.ZERO;
        if (admitted) {
            taken = wait.signum() > 0 ? min : big(operation.want()).min(remaining());
        }
        add(taken.negate());
        return new RateReply(
                admitted,
                taken.longValueExact(),
                remaining().longValueExact(),
                wait.longValueExact(),
                untilFull().longValueExact(),
                repaired,
                List.of());
    }

    /** Changes the credits as a settlement does; returns what is left. */
    BigInteger settle(long delta) {
        for (int i = 0; i < credits.size(); i++) {
            BigInteger credit = credits.get(i);
            BigInteger next = credit.subtract(parts(i).multiply(big(delta)));
            BigInteger floor = credit.min(parts(i).multiply(big(maxDebt)).negate());
            credits.set(i, delta > 0 ? next.max(floor) : next.min(full(i)));
        }
        return remaining();
    }

    private void add(BigInteger permits) {
        for (int i = 0; i < credits.size(); i++) {
            credits.set(i, credits.get(i).add(permits.multiply(parts(i))));
        }
    }

    BigInteger remaining() {
        BigInteger least = big(Long.MAX_VALUE);
        for (int i = 0; i < credits.size(); i++) {
            BigInteger[] quotient = credits.get(i).divideAndRemainder(parts(i));
            least = least.min(quotient[1].signum() < 0 ? quotient[0].subtract(BigInteger.ONE) : quotient[0]);
        }
        return least;
    }

    BigInteger untilFull() {
        BigInteger longest = BigInteger.ZERO;
        for (int i = 0; i < credits.size(); i++) {
            longest = longest.max(ceil(full(i).subtract(credits.get(i)), rate(i)));
        }
        return longest;
    }

    /** What the credits are according to the cells; the same as here, to the last part. */
    void assertSameAs(Value written) {
        List<Point> points = points((Cells) written);
        assertThat(points).hasSameSizeAs(credits);
        for (int i = 0; i < credits.size(); i++) {
            Point point = points.get(i);
            assertThat(rate(i).multiply(now.subtract(point.a)).subtract(point.b))
                    .isEqualTo(credits.get(i));
            if (points.size() > 1 || point.b.signum() > 0) {
                assertThat(point.r).isEqualTo(rate(i));
            }
        }
    }

    private BigInteger full(int i) {
        return big(shape.get(i).capacity()).multiply(parts(i));
    }

    private BigInteger parts(int i) {
        return big(shape.get(i).periodMicros()).divide(divisor(i));
    }

    private BigInteger rate(int i) {
        return big(shape.get(i).refill()).divide(divisor(i));
    }

    private BigInteger divisor(int i) {
        return big(shape.get(i).periodMicros()).gcd(big(shape.get(i).refill()));
    }

    private static BigInteger ceil(BigInteger dividend, BigInteger divisor) {
        return dividend.signum() <= 0
                ? BigInteger.ZERO
                : dividend.add(divisor).subtract(BigInteger.ONE).divide(divisor);
    }

    private static BigInteger big(long n) {
        return BigInteger.valueOf(n);
    }
}
