package io.github.stanchion.testkit;

import io.github.stanchion.store.Counter;
import io.github.stanchion.store.Item;
import io.github.stanchion.store.Value;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The clock of a walk: draws how time goes on, with a taste for the instants at which decisions turn. */
final class Timeline {

    private static final long HOUR = 3_600_000_000L;

    /** The year 2096: in walks to far beyond, times would leave the exact range, as no clock does for centuries. */
    private static final long END = 4_000_000_000_000_000L;

    /** Kept, as a class makes its components anew whenever it is asked, which takes longer than a step. */
    private static final ClassValue<List<Method>> ACCESSORS = new ClassValue<>() {
        @Override
        protected List<Method> computeValue(Class<?> type) {
            return Stream.of(type.getRecordComponents())
                    .map(RecordComponent::getAccessor)
                    .toList();
        }
    };

    private final Random random;
    private final long longestStep;
    private long now;

    /** In one walk of eight hardly any time passes, so that much happens at once. */
    Timeline(Random random) {
        this.random = random;
        this.longestStep = random.nextInt(8) == 0 ? 20_000 : END;
        this.now = new VirtualClock().micros() + random.nextInt(1_000_000_000);
    }

    long now() {
        return now;
    }

    void set(long nowMicros) {
        now = nowMicros;
    }

    /** Time goes on, by nothing, a little, or at random up to days; or exactly to where one of {@code spans} ends, or beside. */
    long forward(List<Long> spans) {
        long step =
                switch (random.nextInt(spans.isEmpty() ? 5 : 9)) {
                    case 0, 1 -> 0;
                    case 2 -> random.nextInt(2_000);
                    case 3 -> random.nextInt(3_000_000);
                    case 4 -> 1L << random.nextInt(42);
                    case 5 -> Math.max(0, pick(spans) - 1);
                    case 6 -> pick(spans) + 1;
                    default -> pick(spans);
                };
        step = Math.min(step, longestStep);
        now = now + step > END ? now : now + step;
        return now;
    }

    /** As {@link #forward}, but now and then the clock is corrected, mostly by less than it takes to notice. */
    long anywhere(List<Long> spans) {
        return switch (random.nextInt(20)) {
            case 0 -> now -= random.nextInt(1_000);
            case 1 -> now -= 1_000_000 + random.nextInt(3) - 1;
            case 2 -> now -= random.nextLong(2 * HOUR);
            default -> forward(spans);
        };
    }

    private long pick(List<Long> spans) {
        return spans.get(random.nextInt(spans.size()));
    }

    /** The positive numbers in a result: a wait, a time to full, or something else that does no harm as a span of time. */
    static List<Long> spansIn(Object result) {
        List<Long> spans = new ArrayList<>();
        if (result instanceof Record record) {
            for (Method accessor : ACCESSORS.get(record.getClass())) {
                if (accessor.getReturnType() == long.class
                        && value(record, accessor) instanceof Long span
                        && span > 0
                        && span < 400 * 24 * HOUR) {
                    spans.add(span);
                }
            }
        }
        return spans;
    }

    /** How long until a value ends, and until what it remembers ends. */
    static List<Long> spansTo(@Nullable Value value, long nowMicros) {
        List<Long> ends = value instanceof Counter counter
                ? List.of(counter.endsAt())
                : value instanceof Item item ? List.of(item.endsAt(), item.fenceEndsAt()) : List.of();
        return ends.stream()
                .map(end -> end - nowMicros)
                .filter(span -> span > 0)
                .toList();
    }

    /** What a record holds, component by component. */
    static List<Object> values(Record record) {
        List<Object> values = new ArrayList<>();
        for (Method accessor : ACCESSORS.get(record.getClass())) {
            values.add(value(record, accessor));
        }
        return values;
    }

    private static Object value(Record record, Method accessor) {
        try {
            return accessor.invoke(record);
        } catch (ReflectiveOperationException hidden) {
            throw new IllegalStateException(
                    "Component '" + accessor + "' cannot be read; results are public records", hidden);
        }
    }
}
