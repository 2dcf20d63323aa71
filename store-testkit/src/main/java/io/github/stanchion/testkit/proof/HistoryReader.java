package io.github.stanchion.testkit.proof;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads back what {@link HistoryWriter}s noted. A last line without its end, as a killed process may leave it, is no line. */
final class HistoryReader {

    private final Map<String, Event> events = new LinkedHashMap<>();

    private HistoryReader() {}

    static History read(Collection<Path> files) {
        List<Event> all = new ArrayList<>();
        for (Path file : files) {
            HistoryReader reader = new HistoryReader();
            reader.take(file);
            all.addAll(reader.events.values());
        }
        return History.of(all);
    }

    private void take(Path file) {
        String text;
        try {
            // A letter may be torn, too: what is left of it does not matter.
            text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
        } catch (IOException failed) {
            throw new UncheckedIOException("History " + file + " cannot be read", failed);
        }
        int number = 0;
        int from = 0;
        for (int end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', from)) {
            number++;
            try {
                take(text.substring(from, end).split(" ", -1));
            } catch (RuntimeException broken) {
                throw new IllegalArgumentException(
                        "Line " + number + " of history " + file + " is no event; only a last line may be torn",
                        broken);
            }
            from = end + 1;
        }
    }

    private void take(String[] words) {
        String id = words[0] + " " + words[1];
        if (words[2].equals("begin")) {
            begin(id, words);
        } else if (words[2].equals("end")) {
            end(id, words);
        } else {
            throw new IllegalArgumentException("Word '" + words[2] + "' is neither begin nor end");
        }
    }

    private void begin(String id, String[] words) {
        Event begun = new Event(
                words[0],
                Action.valueOf(words[3]),
                words[4],
                words[5],
                Long.parseLong(words[6]),
                Long.parseLong(words[7]),
                Long.parseLong(words[8]),
                Event.NEVER,
                Outcome.UNKNOWN);
        if (events.put(id, begun) != null) {
            throw new IllegalArgumentException("Event " + id + " begins twice; name each process differently");
        }
    }

    private void end(String id, String[] words) {
        Event begun = events.get(id);
        if (begun == null || begun.end() != Event.NEVER) {
            throw new IllegalArgumentException("Event " + id + " ends twice, or without a beginning");
        }
        events.put(
                id,
                new Event(
                        begun.process(),
                        begun.action(),
                        begun.key(),
                        begun.owner(),
                        Long.parseLong(words[4]),
                        Long.parseLong(words[5]),
                        begun.start(),
                        Long.parseLong(words[6]),
                        Outcome.valueOf(words[3])));
    }
}
