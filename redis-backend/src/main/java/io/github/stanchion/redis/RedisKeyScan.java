package io.github.stanchion.redis;

import io.github.stanchion.store.KeyRange;
import io.github.stanchion.store.KeyScan;
import io.github.stanchion.store.StoreKey;
import io.lettuce.core.protocol.CommandType;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Lists keys by SCAN, one primary after the other, and clears ranges by UNLINK, {@value #MOST_UNLINKED} at a time.
 *
 * <p>Thread-safe. A cursor is {@code <server>/<the server's cursor>}; it goes on where it was, also in another process. While
 * a Cluster moves slots, keys on their way may be missed.
 */
final class RedisKeyScan implements KeyScan {

    private static final int LARGEST_PAGE = 10_000;
    private static final int MOST_UNLINKED = 500;
    private static final int MOST_SCANNED = 1_000;
    private static final String BEGIN = "0";

    private final Courier courier;
    private final Patience patience;
    private final Runnable requireOpen;

    RedisKeyScan(Courier courier, Patience patience, Runnable requireOpen) {
        this.courier = courier;
        this.patience = patience;
        this.requireOpen = requireOpen;
    }

    /** What a server found, and where it goes on; null at its end. */
    private record Found(List<byte[]> keys, @Nullable String next) {}

    @Override
    public Page page(KeyRange range, @Nullable String cursor, int limit) {
        if (limit < 1 || limit > LARGEST_PAGE) {
            throw new IllegalArgumentException("Page limit '" + limit + "' is out of range; use 1 to " + LARGEST_PAGE);
        }
        requireOpen.run();
        patience.requireAllowed();
        List<Node> primaries = primaries();
        String at = cursor == null ? primaries.get(0).address() + "/" + BEGIN : cursor;
        int slash = at.lastIndexOf('/');
        int server = position(primaries, at.substring(0, Math.max(0, slash)));
        Found found = scan(primaries.get(server), pattern(range), at.substring(slash + 1), limit);
        String next = found.next() != null
                ? primaries.get(server).address() + "/" + found.next()
                : server + 1 < primaries.size() ? primaries.get(server + 1).address() + "/" + BEGIN : null;
        return new Page(
                found.keys().stream()
                        .map(key -> within(range, key))
                        .filter(key -> key != null)
                        .toList(),
                next);
    }

    private static int position(List<Node> primaries, String address) {
        for (int i = 0; i < primaries.size(); i++) {
            if (primaries.get(i).address().equals(address)) {
                return i;
            }
        }
        throw new IllegalArgumentException(
                "Cursor '" + address + "' names no primary of this store; begin the listing anew");
    }

    @Override
    public long clear(KeyRange range) {
        requireOpen.run();
        patience.requireAllowed();
        byte[] pattern = pattern(range);
        long cleared = 0;
        for (Node primary : primaries()) {
            List<byte[]> doomed = new ArrayList<>();
            String cursor = BEGIN;
            while (cursor != null) {
                Found found = scan(primary, pattern, cursor, MOST_SCANNED);
                for (byte[] key : found.keys()) {
                    if (within(range, key) != null) {
                        doomed.add(key);
                    }
                    if (doomed.size() == MOST_UNLINKED) {
                        cleared += unlink(doomed);
                        doomed.clear();
                    }
                }
                cursor = found.next();
            }
            cleared += unlink(doomed);
        }
        return cleared;
    }

    private List<Node> primaries() {
        return patience.await(courier.topology().primaries().toCompletableFuture());
    }

    private Found scan(Node primary, byte[] pattern, String cursor, int limit) {
        List<byte[]> words = List.of(
                PlainCall.ascii(cursor),
                PlainCall.ascii("MATCH"),
                pattern,
                PlainCall.ascii("COUNT"),
                PlainCall.ascii(Integer.toString(limit)));
        return patience.await(courier.send(call(0, CommandType.SCAN, words, RedisKeyScan::found), primary));
    }

    private <T> Call<T> call(int slot, CommandType name, List<byte[]> words, Function<@Nullable Object, T> reader) {
        return new PlainCall<>(courier, slot, false, name, words, reader);
    }

    @SuppressWarnings("unchecked") // SCAN replies with a cursor and keys
    private static Found found(@Nullable Object reply) {
        List<?> parts = reply == null ? List.of() : (List<?>) reply;
        String next = PlainCall.text(parts.get(0));
        return new Found((List<byte[]>) parts.get(1), next.equals(BEGIN) ? null : next);
    }

    /** One trip: a command for each slot. */
    private long unlink(List<byte[]> keys) {
        Map<Integer, List<byte[]>> bySlot = new LinkedHashMap<>();
        for (byte[] key : keys) {
            bySlot.computeIfAbsent(courier.topology().slot(key), slot -> new ArrayList<>())
                    .add(key);
        }
        List<CompletableFuture<Long>> calls = new ArrayList<>();
        bySlot.forEach((slot, own) -> calls.add(courier.send(
                call(slot, CommandType.UNLINK, List.copyOf(own), reply -> reply == null ? 0L : (Long) reply))));
        long unlinked = 0;
        for (CompletableFuture<Long> call : calls) {
            unlinked += patience.await(call);
        }
        return unlinked;
    }

    /** The key, if it is one of ours and lies in the range. */
    private static @Nullable StoreKey within(KeyRange range, byte[] bytes) {
        try {
            StoreKey key = StoreKey.parse(new String(bytes, StandardCharsets.ISO_8859_1));
            return range.contains(key.space()) ? key : null;
        } catch (IllegalArgumentException foreign) {
            return null;
        }
    }

    /** Matches the keys of the range and some others, as the name may stand in braces and others may contain it. */
    private static byte[] pattern(KeyRange range) {
        String[] parts = range.space().toString().split(":", 4);
        StringBuilder pattern = new StringBuilder();
        escape(pattern, parts[0] + ":" + parts[1] + ":" + parts[2] + ":");
        pattern.append('*');
        escape(pattern, parts[3]);
        return PlainCall.ascii(pattern.append('*').toString());
    }

    private static void escape(StringBuilder to, String literal) {
        for (int i = 0; i < literal.length(); i++) {
            char c = literal.charAt(i);
            if ("*?[]\\^".indexOf(c) >= 0) {
                to.append('\\');
            }
            to.append(c);
        }
    }
}
