package io.github.stanchion.redis;

import io.github.stanchion.store.StoreException;
import io.github.stanchion.store.StoreFullException;
import io.github.stanchion.store.StoreUnreachableException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What the errors of a server mean. All of them say that nothing was applied; none shows a key. */
final class ServerError {

    /** Servers before 7.0 wrap an error that a command in a script met: {@code ERR Error running script …: -OOM command …}. */
    private static final Pattern WITHIN_SCRIPT = Pattern.compile("-([A-Z]{3,}) ");

    private ServerError() {}

    /** The first word of the error, looked up inside where a script met it. */
    static String code(String error) {
        int blank = error.indexOf(' ');
        String first = blank < 0 ? error : error.substring(0, blank);
        if (first.equals("ERR")) {
            Matcher within = WITHIN_SCRIPT.matcher(error);
            if (within.find()) {
                return within.group(1);
            }
            if (error.contains("can't run this command") || error.contains("ACL failure")) {
                return "NOPERM";
            }
        }
        return first;
    }

    /** The address in {@code MOVED 3999 10.0.0.2:6381}; without a host it is that of the server which says so. */
    static String address(String error, @Nullable Node said) {
        String address = error.substring(error.lastIndexOf(' ') + 1);
        return address.startsWith(":") && said != null ? said.host() + address : address;
    }

    static StoreException of(String error) {
        String code = code(error);
        return switch (code) {
            case "OOM" ->
                new StoreFullException(
                        "Redis is out of memory (OOM); nothing was applied, raise maxmemory or see what fills it");
            case "NOPERM" ->
                new StoreUnreachableException(
                        "Redis user may not do this (NOPERM); nothing was applied, grant " + AclLine.RIGHTS);
            case "NOAUTH", "WRONGPASS" ->
                new StoreUnreachableException(
                        "Redis refused the credentials (" + code + "); nothing was applied, see user and password");
            case "READONLY" -> refusal(code, "is a replica");
            case "LOADING" -> refusal(code, "is loading its data");
            case "BUSY" -> refusal(code, "is busy with a script");
            case "CLUSTERDOWN" -> refusal(code, "has no server for some slots");
            case "MASTERDOWN" -> refusal(code, "is a replica without its primary");
            case "TRYAGAIN" -> refusal(code, "is moving the slot of these keys");
            case "NOREPLICAS" -> refusal(code, "has too few replicas");
            case "MISCONF" -> refusal(code, "cannot save and takes no writes");
            default ->
                new StoreUnreachableException(
                        "Redis refused the command (" + withoutArguments(error) + "); nothing was applied");
        };
    }

    /** The error without what was sent, which servers repeat for commands that they do not know. */
    private static String withoutArguments(String error) {
        int arguments = error.indexOf(", with args");
        return arguments < 0 ? error : error.substring(0, arguments);
    }

    private static StoreException refusal(String code, String does) {
        return new StoreUnreachableException("Redis " + does + " (" + code + "); nothing was applied");
    }
}
