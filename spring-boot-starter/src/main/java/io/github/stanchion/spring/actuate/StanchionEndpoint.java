package io.github.stanchion.spring.actuate;

import io.github.stanchion.guard.GuardConfigurationException;
import io.github.stanchion.store.StoreException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.Access;
import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.Selector.Match;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;

/**
 * The actuator endpoint {@code stanchion}: what guards there are, what they decide, and help for a single subject.
 *
 * <p>Read-only unless {@code management.endpoint.stanchion.access} says more. Keys of subjects come in bodies, not in
 * addresses, which end up in logs; no log line has one, and answers have {@linkplain SubjectHandles handles} instead unless
 * {@code management.endpoint.stanchion.show-values} lets who asks see keys. What is unknown is answered with 404 and made by
 * nobody.
 *
 * <p>Each POST needs {@code action} in its body: a foreign page can make a browser send a POST without a body, but none with
 * one of type JSON. Boot takes query parameters for the body's, so they are refused; on WebFlux by {@link ReactiveStanchionEndpoint}.
 */
@Endpoint(id = "stanchion", defaultAccess = Access.READ_ONLY)
public final class StanchionEndpoint {

    private static final Logger LOG = System.getLogger(StanchionEndpoint.class.getName());

    private final StoreReport store;
    private final List<EndpointKind> kinds;
    private final @Nullable Supplier<List<String>> reload;
    private final Supplier<Map<String, ?>> setup;
    private final EventReport events;
    private final OperatorLog operators;
    private final EndpointAccess access;

    /**
     * @param setup how the application guards, and what was wrong with that at its start
     * @param reload applies changed settings and says which need a restart; null if that cannot be done
     */
    public StanchionEndpoint(
            StoreReport store,
            Supplier<Map<String, ?>> setup,
            List<EndpointKind> kinds,
            EventReport events,
            @Nullable Supplier<List<String>> reload,
            OperatorLog operators,
            EndpointAccess access) {
        this.store = store;
        this.setup = setup;
        this.kinds = List.copyOf(kinds);
        this.events = events;
        this.reload = reload;
        this.operators = operators;
        this.access = access;
    }

    /** The store, and all guards in short. */
    @ReadOperation
    public Map<String, Object> overview() {
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("store", store.details());
        answer.putAll(setup.get());
        answer.put("writable", access.writable());
        kinds.forEach(kind -> answer.put(kind.path(), kind.summaries()));
        return answer;
    }

    /**
     * All guards of a kind in short, or all about one, or what has happened lately; null, which is 404, if there is no such
     * thing.
     *
     * @param path the kind, then the name, which may hold slashes; or {@code events}. One selector, as Boot's WebFlux gives what
     *     remains after another together with that other
     * @param kind of events, as in {@code rate-limit}; null = all
     * @param name of the policy that events are about; null = all
     * @param since the earliest instant of events; null = all
     */
    @ReadOperation
    public @Nullable Object guard(
            SecurityContext asking,
            @Selector(match = Match.ALL_REMAINING) String[] path,
            @Nullable String kind,
            @Nullable String name,
            @Nullable OffsetDateTime since) {
        boolean keysShown = access.keysShown().test(asking);
        if (path.length == 1 && path[0].equals(events.path())) {
            return events.answer(kind, name, since, keysShown);
        }
        EndpointKind guards = kind(path[0]);
        if (guards == null) {
            return null;
        }
        return path.length == 1 ? guards.summaries() : guards.describe(name(path), keysShown);
    }

    /**
     * Helps one subject of a guard. Boot reads bodies as maps of texts, so a tuple comes as so many properties.
     *
     * @param path the kind, then the name
     * @param handle stands for the subject in earlier answers; null if its key is given
     * @param key the first part that names the subject; null for the subject that has no key
     * @param reason for the log
     */
    @WriteOperation
    public WebEndpointResponse<?> act(
            SecurityContext operator,
            @Selector(match = Match.ALL_REMAINING) String[] path,
            String action,
            @Nullable String handle,
            @Nullable String key,
            @Nullable String key2,
            @Nullable String key3,
            @Nullable String key4,
            @Nullable String reason) {
        if (access.queried().getAsBoolean()) {
            return queried();
        }
        List<String> parts = new ArrayList<>();
        for (String part : new @Nullable String[] {key, key2, key3, key4}) {
            if (part != null) {
                parts.add(part);
            }
        }
        EndpointKind kind = kind(path[0]);
        String name = name(path);
        if (handle != null && !parts.isEmpty()) {
            return refused("Subject is named by a handle and by a key", "send one of the two");
        }
        try {
            Object result = kind == null ? null : kind.act(name, action, handle, parts);
            if (kind == null || result == null) {
                return new WebEndpointResponse<>(WebEndpointResponse.STATUS_NOT_FOUND);
            }
            operators.acted(operator, kind.kind(), name, action, handle, reason);
            return new WebEndpointResponse<>(result);
        } catch (IllegalArgumentException mistaken) {
            return new WebEndpointResponse<>(
                    Map.of("error", String.valueOf(mistaken.getMessage())), WebEndpointResponse.STATUS_BAD_REQUEST);
        } catch (StoreException trouble) {
            LOG.log(
                    Level.WARNING,
                    () -> "Endpoint: store failed at " + action + " of " + path[0] + " '" + name + "'",
                    trouble);
            return new WebEndpointResponse<>(
                    Map.of("error", "The store did not answer; try again"),
                    WebEndpointResponse.STATUS_SERVICE_UNAVAILABLE);
        }
    }

    /** Applies changed settings; the one action here is {@code reload}. */
    @WriteOperation
    public WebEndpointResponse<?> actOnAll(SecurityContext operator, String action) {
        if (access.queried().getAsBoolean()) {
            return queried();
        }
        if (reload == null || !action.equals("reload")) {
            return refused(
                    "Action '" + OperatorLog.printable(action) + "' is unknown",
                    reload == null ? "none is known here" : "use reload");
        }
        try {
            List<String> needRestart = reload.get();
            operators.acted(operator, EventLog.POLICIES, "", action, null, null);
            return new WebEndpointResponse<>(Map.of("reloaded", true, "needRestart", needRestart));
        } catch (GuardConfigurationException mistaken) {
            return refused(mistaken.description(), mistaken.action());
        }
    }

    static WebEndpointResponse<?> queried() {
        return refused("Parameters stand in the address", "put them into the body");
    }

    private static String name(String[] path) {
        return String.join("/", List.of(path).subList(1, path.length));
    }

    private @Nullable EndpointKind kind(String path) {
        for (EndpointKind kind : kinds) {
            if (kind.path().equals(path)) {
                return kind;
            }
        }
        return null;
    }

    private static WebEndpointResponse<?> refused(String description, String action) {
        return new WebEndpointResponse<>(
                Map.of("error", description + "; " + action), WebEndpointResponse.STATUS_BAD_REQUEST);
    }
}
