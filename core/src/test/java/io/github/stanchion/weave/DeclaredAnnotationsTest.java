package io.github.stanchion.weave;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.stanchion.annotation.RateLimited;
import java.util.List;
import org.junit.jupiter.api.Test;

class DeclaredAnnotationsTest {

    @Test
    void methodsOwnAnnotationsReplaceThoseOfItsClass() {
        assertThat(names(Samples.class, "own")).containsExactly("own");
        assertThat(names(Samples.class, "meta")).containsExactly("meta");
    }

    @Test
    void repeatedAnnotationsKeepTheirOrder() {
        assertThat(names(Samples.class, "repeated")).containsExactly("first", "second");
    }

    @Test
    void classGuardsThePublicMethodsOfItsInstancesAlone() {
        assertThat(names(Samples.class, "inherited")).containsExactly("class");
        assertThat(names(Samples.class, "hidden")).isEmpty();
        assertThat(names(Samples.class, "shared")).isEmpty();
        assertThat(names(Samples.Heir.class, "inherited")).containsExactly("class");
    }

    private static List<String> names(Class<?> type, String method) {
        return new DeclaredAnnotations()
                .find(Samples.method(type, method), type, RateLimited.class).stream()
                        .map(RateLimited::value)
                        .toList();
    }
}
