package io.github.stanchion.redis;

import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.output.CommandOutput;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A reply as it comes: {@code Long}, {@code byte[]}, {@code List<Object>} of the same, or null for nil; or an error's text.
 *
 * <p>Filled by the connection's thread and read by it.
 */
final class ReplyOutput extends CommandOutput<byte[], byte[], Object> {

    private @Nullable Deque<List<@Nullable Object>> open;

    ReplyOutput() {
        super(ByteArrayCodec.INSTANCE, null);
    }

    private void add(@Nullable Object value) {
        List<@Nullable Object> list = open == null ? null : open.peek();
        if (list == null) {
            output = value;
        } else {
            list.add(value);
        }
    }

    @Override
    public void set(long integer) {
        add(integer);
    }

    @Override
    public void set(@Nullable ByteBuffer bytes) {
        if (bytes == null) {
            add(null);
            return;
        }
        byte[] copy = new byte[bytes.remaining()];
        bytes.get(copy);
        add(copy);
    }

    @Override
    public void set(double number) {
        add((long) number);
    }

    @Override
    public void set(boolean value) {
        add(value ? 1L : 0L);
    }

    @Override
    public void multi(int count) {
        if (count < 0) {
            add(null);
            return;
        }
        List<@Nullable Object> list = new ArrayList<>(count);
        add(list);
        if (open == null) {
            open = new ArrayDeque<>(2);
        }
        open.push(list);
    }

    /** @param depth how many arrays are still open, the one that ends here left out */
    @Override
    public void complete(int depth) {
        if (open != null && open.size() > depth) {
            open.pop();
        }
    }
}
