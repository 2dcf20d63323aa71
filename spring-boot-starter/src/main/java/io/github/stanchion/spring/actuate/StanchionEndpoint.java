package io.github.stanchion.spring.actuate;

import io.github.stanchion.guard.GuardConfigurationException;
import io.github.stanchion.store.StoreException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.Access;
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
 * addresses, which end up in logs; no answer and no log line has one. What is unknown is answered with 404 and made by nobody.
 *
 * <p>Each POST needs {@code action} in its body: a foreign page can make a browser send a POST without a body, but none with
 * one of type JSON. Boot takes query parameters for the body's, so they are refused; on WebFlux by {@link ReactiveStanchionEndpoint}.
 */
@Endpoint(id = "stanchion", defaultAccess = Access.READ_ONLY)
public final class StanchionEndpoint {

    private static final Logger LOG = System.getLogger(StanchionEndpoint.class.getName());
    private static final int LONGEST_REASON = 200;

    private final StoreReport store;
    private final List<EndpointKind> kinds;
    private final @Nullable Supplier<List<String>> reload;
    private final BooleanSupplier queried;
    private final boolean writable;

    /**
     * @param reload applies changed settings and says which need a restart; null if that cannot be done
     * @param queried whether the request at hand has query parameters
     * @param writable whether POSTs are let through
     */
    public StanchionEndpoint(
            StoreReport store,
            List<EndpointKind> kinds,
            @Nullable Supplier<List<String>> reload,
            BooleanSupplier queried,
            boolean writable) {
        this.store = store;
        this.kinds = List.copyOf(kinds);
        this.reload = reload;
        this.queried = queried;
        this.writable = writable;
    }

    /** The store, and all guards in short. */
    @ReadOperation
    public Map<String, Object> overview() {
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("store", store.details());
        answer.put("writable", writable);
        kinds.forEach(kind -> answer.put(kind.path(), kind.summaries()));
        return answer;
    }

    /**
     * All guards of a kind in short, or all about one; null, which is 404, if there is no such thing.
     *
     * @param path the kind, then the name, which may hold slashes; one selector, as Boot's WebFlux gives what remains after
     *     another together with that other
     */
    @ReadOperation
    public @Nullable Object guard(@Selector(match = Match.ALL_REMAINING) String... path) {
        EndpointKind kind = kind(path[0]);
        if (kind == null) {
            return null;
        }
        return path.length == 1 ? kind.summaries() : kind.describe(name(path));
    }

    /**
     * Helps one subject of a guard. Boot reads bodies as maps of texts, so a tuple comes as so many properties.
     *
     * @param path the kind, then the name
     * @param key the first part that names the subject; null for the subject that has no key
     * @param reason for the log
     */
    @WriteOperation
    public WebEndpointResponse<?> act(
            @Selector(match = Match.ALL_REMAINING) String[] path,
            String action,
            @Nullable String key,
            @Nullable String key2,
            @Nullable String key3,
            @Nullable String key4,
            @Nullable String reason) {
        if (queried.getAsBoolean()) {
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
        try {
            Object result = kind == null ? null : kind.act(name, action, parts);
            if (result == null) {
                return new WebEndpointResponse<>(WebEndpointResponse.STATUS_NOT_FOUND);
            }
            LOG.log(
                    Level.INFO,
                    () -> "Endpoint: " + action + " of one subject of " + path[0] + " '" + name + "'"
                            + because(reason));
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
    public WebEndpointResponse<?> actOnAll(String action) {
        if (queried.getAsBoolean()) {
            return queried();
        }
        if (reload == null || !action.equals("reload")) {
            return refused(
                    "Action '" + printable(action) + "' is unknown",
                    reload == null ? "none is known here" : "use reload");
        }
        try {
            return new WebEndpointResponse<>(Map.of("reloaded", true, "needRestart", reload.get()));
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

    private static String because(@Nullable String reason) {
        return reason == null || reason.isBlank() ? "" : ", because: " + printable(reason);
    }

    /** One line, whatever was sent. */
    private static String printable(String text) {
        String cut = text.length() <= LONGEST_REASON ? text : text.substring(0, LONGEST_REASON);
        return cut.replaceAll("\\p{Cntrl}", " ");
    }
}
