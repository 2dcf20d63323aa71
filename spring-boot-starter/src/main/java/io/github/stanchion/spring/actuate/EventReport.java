package io.github.stanchion.spring.actuate;

import io.github.stanchion.guard.PolicyNames;
import io.github.stanchion.store.StoreKey;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Events as the endpoint shows them; thread-safe. */
public final class EventReport {

    private final EventLog events;
    private final SubjectHandles handles;

    public EventReport(EventLog events, SubjectHandles handles) {
        this.events = events;
        this.handles = handles;
    }

    /** What the endpoint calls its events. */
    String path() {
        return "events";
    }

    /**
     * What is remembered, the newest first.
     *
     * @param kind of guards, as in {@code rate-limit}; null = all
     * @param name of a policy, in any spelling; null = all
     * @param since the earliest instant; null = all
     */
    Map<String, Object> answer(
            @Nullable String kind, @Nullable String name, @Nullable OffsetDateTime since, boolean keysShown) {
        String canonical = name == null ? null : PolicyNames.canonical(name);
        long earliest = since == null ? Long.MIN_VALUE : ChronoUnit.MICROS.between(Instant.EPOCH, since.toInstant());
        return Map.of(
                path(),
                events
                        .find(event -> event.micros() >= earliest
                                && (kind == null || event.kind().equals(kind))
                                && (canonical == null
                                        || PolicyNames.canonical(event.name()).equals(canonical)))
                        .stream()
                        .map(event -> describe(event, keysShown))
                        .toList());
    }

    private Map<String, Object> describe(EventLog.Entry event, boolean keysShown) {
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("id", event.id());
        answer.put("at", Instant.EPOCH.plus(event.micros(), ChronoUnit.MICROS).toString());
        answer.put("kind", event.kind());
        if (!event.name().isEmpty()) {
            answer.put("name", event.name());
        }
        answer.put("type", event.type());
        answer.putAll(event.details());
        StoreKey subject = event.subject();
        if (subject != null) {
            answer.put("subject", handles.describe(subject, keysShown));
        }
        return answer;
    }
}
