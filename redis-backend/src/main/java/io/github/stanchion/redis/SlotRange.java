package io.github.stanchion.redis;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Consecutive slots of one primary.
 *
 * @param from the first slot
 * @param to the last slot
 * @param address of the primary, as {@code host:port}
 */
record SlotRange(int from, int to, String address) {

    /**
     * Reads the reply to CLUSTER SLOTS.
     *
     * @param asked the host that was asked, which is meant where the reply names none
     */
    static List<SlotRange> read(@Nullable Object reply, String asked) {
        List<SlotRange> ranges = new ArrayList<>();
        for (Object entry : reply instanceof List<?> list ? list : List.of()) {
            List<?> range = (List<?>) entry;
            List<?> primary = (List<?>) range.get(2);
            ranges.add(new SlotRange(
                    ((Long) range.get(0)).intValue(),
                    ((Long) range.get(1)).intValue(),
                    host(primary.get(0), asked) + ":" + primary.get(1)));
        }
        return ranges;
    }

    private static String host(@Nullable Object named, String asked) {
        String host = named == null ? "" : PlainCall.text(named);
        return host.isEmpty() || host.equals("?") ? asked : host;
    }
}
