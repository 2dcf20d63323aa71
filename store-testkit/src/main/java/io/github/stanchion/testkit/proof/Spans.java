package io.github.stanchion.testkit.proof;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/** Stretches of time, none of which touches another, in their order. */
record Spans(List<Span> spans) {

    /** From an instant to a later one. */
    record Span(long from, long to) {}

    static Spans of(Collection<Span> any) {
        List<Span> merged = new ArrayList<>();
        for (Span span :
                any.stream().sorted(Comparator.comparingLong(Span::from)).toList()) {
            int last = merged.size() - 1;
            if (last >= 0 && span.from <= merged.get(last).to) {
                Span before = merged.get(last);
                merged.set(last, new Span(before.from, Math.max(before.to, span.to)));
            } else {
                merged.add(span);
            }
        }
        return new Spans(merged);
    }

    Spans without(Spans others) {
        List<Span> left = new ArrayList<>();
        for (Span span : spans) {
            long from = span.from;
            for (Span other : others.spans) {
                if (other.to > from && other.from < span.to) {
                    add(left, from, other.from);
                    from = other.to;
                }
            }
            add(left, from, span.to);
        }
        return new Spans(left);
    }

    private static void add(List<Span> spans, long from, long to) {
        if (from < to) {
            spans.add(new Span(from, to));
        }
    }
}
