package io.github.stanchion.lock;

import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Finds codecs for the results of single flights. Thread-safe. */
@FunctionalInterface
public interface ResultCodecs {

    /** The codec for results of this type, null if there is none. */
    @Nullable
    ResultCodec codecFor(Type type);

    /** These, and where they know none, those. */
    default ResultCodecs or(ResultCodecs others) {
        return type -> {
            ResultCodec own = codecFor(type);
            return own == null ? others.codecFor(type) : own;
        };
    }

    /** Texts, bytes, numbers and booleans, and results that are nothing. */
    static ResultCodecs plain() {
        Map<Type, Function<String, Object>> readers = Map.ofEntries(
                Map.entry(String.class, text -> text),
                Map.entry(Integer.class, Integer::valueOf),
                Map.entry(int.class, Integer::valueOf),
                Map.entry(Long.class, Long::valueOf),
                Map.entry(long.class, Long::valueOf),
                Map.entry(Double.class, Double::valueOf),
                Map.entry(double.class, Double::valueOf),
                Map.entry(Boolean.class, Boolean::valueOf),
                Map.entry(boolean.class, Boolean::valueOf),
                Map.entry(BigDecimal.class, BigDecimal::new),
                Map.entry(BigInteger.class, BigInteger::new));
        return type -> {
            if (type == byte[].class) {
                return new PlainCodecs.OfBytes();
            }
            if (type == void.class || type == Void.class) {
                return new PlainCodecs.OfNothing();
            }
            Function<String, Object> reader = readers.get(type);
            return reader == null ? null : new PlainCodecs.OfText(reader);
        };
    }
}
