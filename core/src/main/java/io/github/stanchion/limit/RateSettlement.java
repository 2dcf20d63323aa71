package io.github.stanchion.limit;

/**
 * What settling a charge did. Figures of a limit of 10,000 with 1,500 left, debt down to 10,000, whose call turned out to
 * cost 49,000 more than reserved.
 *
 * @param charged 11,500: permits charged on top
 * @param returned 0: permits given back; less than asked for where they are back already, or their period is over
 * @param forgiven 37,500: permits that were not charged, being deeper than the deepest debt
 * @param remaining -10,000: whole permits left, of the tightest bandwidth
 * @param fullMicros how long until all is back
 * @param repaired true if a clock that stepped back had left the state impossible
 */
public record RateSettlement(
        long charged, long returned, long forgiven, long remaining, long fullMicros, boolean repaired) {

    /** A twin's numbers in the order of the components, booleans as 1 or 0. */
    static RateSettlement decode(long[] reply) {
        return new RateSettlement(reply[0], reply[1], reply[2], reply[3], reply[4], reply[5] != 0);
    }
}
