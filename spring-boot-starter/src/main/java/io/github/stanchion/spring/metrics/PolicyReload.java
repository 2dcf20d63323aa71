package io.github.stanchion.spring.metrics;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Settings of policies were read again; published as a Spring event, after what applies is in effect.
 *
 * @param applied whether they hold now; if not, all is as it was
 * @param needRestart keys that have changed and take effect with the next start
 * @param trouble why they do not hold; null if they do
 */
public record PolicyReload(boolean applied, List<String> needRestart, @Nullable String trouble) {

    /** The settings hold. */
    public static PolicyReload applied(List<String> needRestart) {
        return new PolicyReload(true, List.copyOf(needRestart), null);
    }

    /** Nothing has changed. */
    public static PolicyReload refused(String trouble) {
        return new PolicyReload(false, List.of(), trouble);
    }
}
