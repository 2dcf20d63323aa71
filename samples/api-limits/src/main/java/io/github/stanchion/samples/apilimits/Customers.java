package io.github.stanchion.samples.apilimits;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Who holds which API key, and on which plan; a real application would ask its database. */
@Component("customers")
public final class Customers {

    private final Map<String, String> planByKey = Map.of("free-key", "free", "pro-key", "pro");

    /** Null for an unknown key; named by the expression {@code plan} of the limit {@code quote}. */
    public @Nullable String planOf(@Nullable String apiKey) {
        return apiKey == null ? null : planByKey.get(apiKey);
    }
}
