package io.github.stanchion.spring.actuate;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.security.Principal;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.audit.listener.AuditApplicationEvent;
import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.context.ApplicationEventPublisher;

/**
 * Tells what operators do by the endpoint: the log, the {@linkplain EventLog events}, and whoever keeps
 * {@linkplain AuditApplicationEvent audit events}, as type {@code STANCHION_RESET}. Never a key. Thread-safe.
 */
public final class OperatorLog {

    private static final Logger LOG = System.getLogger(OperatorLog.class.getName());
    private static final int LONGEST_TEXT = 200;

    private final EventLog events;
    private final ApplicationEventPublisher publisher;

    public OperatorLog(EventLog events, ApplicationEventPublisher publisher) {
        this.events = events;
        this.publisher = publisher;
    }

    /** @param handle of the subject; null if it was named by its key */
    void acted(
            SecurityContext by,
            String kind,
            String name,
            String action,
            @Nullable String handle,
            @Nullable String reason) {
        Principal principal = by.getPrincipal();
        String operator = principal == null ? "" : principal.getName();
        Map<String, Object> details = new LinkedHashMap<>();
        put(details, "handle", handle);
        put(details, "operator", operator);
        put(details, "reason", reason);
        String told = details.toString();
        details.put("action", action);
        LOG.log(
                Level.INFO,
                () -> "Endpoint: " + action + " of " + kind + (name.isEmpty() ? "" : " '" + name + "'") + " " + told);
        events.acted(kind, name, Collections.unmodifiableMap(new LinkedHashMap<>(details)));
        details.put("kind", kind);
        details.put("name", name);
        publisher.publishEvent(new AuditApplicationEvent(
                operator, "STANCHION_" + action.toUpperCase(Locale.ROOT).replace('-', '_'), details));
    }

    private static void put(Map<String, Object> details, String name, @Nullable String text) {
        if (text != null && !text.isBlank()) {
            details.put(name, printable(text));
        }
    }

    /** One line, whatever was sent. */
    static String printable(String text) {
        String cut = text.length() <= LONGEST_TEXT ? text : text.substring(0, LONGEST_TEXT);
        return cut.replaceAll("\\p{Cntrl}", " ");
    }
}
