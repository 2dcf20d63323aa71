package io.github.stanchion.testkit.proof;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.ToLongFunction;

/** A number that should only rise, and is less at the later of two events though that began after the earlier was over. */
record Fall(Event earlier, Event later) {

    /** At most one for each later event: the one from the greatest number before. All events have taken effect. */
    static List<Fall> in(List<Event> events, ToLongFunction<Event> number) {
        List<Event> starts =
                events.stream().sorted(Comparator.comparingLong(Event::start)).toList();
        List<Event> ends =
                events.stream().sorted(Comparator.comparingLong(Event::end)).toList();
        List<Fall> falls = new ArrayList<>();
        Event greatest = null;
        int over = 0;
        for (Event event : starts) {
            for (; over < ends.size() && ends.get(over).before(event); over++) {
                Event ended = ends.get(over);
                if (greatest == null || number.applyAsLong(ended) > number.applyAsLong(greatest)) {
                    greatest = ended;
                }
            }
            if (greatest != null && number.applyAsLong(event) < number.applyAsLong(greatest)) {
                falls.add(new Fall(greatest, event));
            }
        }
        return falls;
    }
}
