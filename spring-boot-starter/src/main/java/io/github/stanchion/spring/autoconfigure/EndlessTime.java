package io.github.stanchion.spring.autoconfigure;

import io.github.stanchion.guard.DurationText;
import io.github.stanchion.lock.LockSettings;
import java.time.Duration;
import java.util.Locale;

/** Reads durations that may have no end. */
final class EndlessTime {

    private EndlessTime() {}

    /**
     * The duration of this text, {@link LockSettings#FOREVER} for {@code word}.
     *
     * @throws DurationText.Unreadable if it is neither
     */
    static Duration parse(String text, String word) {
        return text.strip().toLowerCase(Locale.ROOT).equals(word) ? LockSettings.FOREVER : DurationText.parse(text);
    }
}
