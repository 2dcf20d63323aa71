package io.github.stanchion.spring.actuate;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One kind of guard as the endpoint shows and administers it; thread-safe. Nothing here makes a guard or a policy. */
public interface EndpointKind {

    /** The kind's place below the endpoint, named as its settings are: {@code rate-limits}. */
    String path();

    /** As events of its guards have it: {@code rate-limit}. */
    String kind();

    /** All guards in short, by name. */
    Map<String, ?> summaries();

    /**
     * All about the guard of this name, in any spelling; null if there is none.
     *
     * @param keysShown whether who asks may see the keys of subjects
     */
    @Nullable
    Object describe(String name, boolean keysShown);

    /**
     * Carries out what an operator wants for one subject.
     *
     * @param handle stands for the subject in earlier answers; null if its key is given
     * @param key the parts that name the subject; none for the subject that has no key
     * @return what came of it, without the key; null if there is no guard of this name
     * @throws IllegalArgumentException if there is no such action, the key cannot be one, or the handle is of nobody known
     */
    @Nullable
    Object act(String name, String action, @Nullable String handle, List<String> key);
}
