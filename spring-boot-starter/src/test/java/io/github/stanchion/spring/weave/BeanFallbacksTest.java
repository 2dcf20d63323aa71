package io.github.stanchion.spring.weave;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.stanchion.guard.GuardConfigurationException;
import io.github.stanchion.guard.GuardedCall;
import io.github.stanchion.guard.GuardedMethod;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.support.StaticListableBeanFactory;

class BeanFallbacksTest {

    private final BeanFallbacks fallbacks =
            new BeanFallbacks(new StaticListableBeanFactory(Map.of("cache", new Cache())));

    @ParameterizedTest
    @CsvSource({
        "same, same 5",
        "hidden, hidden 5",
        "shared, shared 5",
        "boxed, boxed 5",
        "inherited, inherited 5",
        "withFailure, failed 5 disk",
        "cache::get, cached 5",
        "cache::getOr, cached 5 disk"
    })
    void answersInPlaceOfTheMethod(String reference, String answer) throws Throwable {
        assertThat(answer(reference, new IOException("disk"))).isEqualTo(answer);
    }

    @Test
    void nearestFailureIsAnsweredAndOthersReachTheCaller() throws Throwable {
        assertThat(answer("several", new FileNotFoundException())).isEqualTo("file");
        assertThat(answer("several", new IOException())).isEqualTo("io");
        IllegalStateException other = new IllegalStateException();
        assertThatThrownBy(() -> answer("several", other)).isSameAs(other);
    }

    @Test
    void whatTheFallbackThrowsReachesTheCaller() {
        assertThatThrownBy(() -> answer("failing", new IOException()))
                .isInstanceOf(IOException.class)
                .hasMessage("too");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            nothing        | is no method of
            otherParameter | does not fit the guarded method
            otherResult    | does not fit the guarded method
            lastIsNoError  | does not fit the guarded method
            find           | is no method of
            none::get      | names the bean 'none', and there is none
            cache::nothing | is no method of
            """)
    void wrongReferenceIsFoundAtStart(String reference, String trouble) {
        assertThatThrownBy(() -> fallbacks.find(reference, method(), "fallback of x"))
                .isInstanceOf(GuardConfigurationException.class)
                .hasMessageStartingWith("Fallback '" + reference + "' (fallback of x, Service.find) ")
                .hasMessageContaining(trouble);
    }

    private @Nullable Object answer(String reference, Throwable failure) throws Throwable {
        return fallbacks.find(reference, method(), "fallback").answer(new Call(), failure);
    }

    private static GuardedMethod method() {
        return new GuardedMethod(
                Arrays.stream(Service.class.getDeclaredMethods())
                        .filter(method -> method.getName().equals("find"))
                        .findFirst()
                        .orElseThrow(),
                Service.class,
                new MergedAnnotationSource());
    }

    private static final class Call implements GuardedCall {

        @Override
        public GuardedMethod method() {
            return BeanFallbacksTest.method();
        }

        @Override
        public Object target() {
            return new Service();
        }

        @Override
        public @Nullable Object[] arguments() {
            return new Object[] {5};
        }

        @Override
        public @Nullable Object proceed() {
            return null;
        }
    }

    static class Base {

        protected String inherited(int id) {
            return "inherited " + id;
        }
    }

    @SuppressWarnings("UnusedMethod") // called by their names
    static class Service extends Base {

        String find(int id) {
            return "found " + id;
        }

        String same(int id) {
            return "same " + id;
        }

        private String hidden(int id) {
            return "hidden " + id;
        }

        static String shared(int id) {
            return "shared " + id;
        }

        String boxed(Integer id) {
            return "boxed " + id;
        }

        String withFailure(int id, Throwable failure) {
            return "failed " + id + " " + failure.getMessage();
        }

        String several(int id, IOException failure) {
            return "io";
        }

        String several(int id, FileNotFoundException failure) {
            return "file";
        }

        String failing(int id) throws IOException {
            throw new IOException("too");
        }

        String otherParameter(String id) {
            return id;
        }

        int otherResult(int id) {
            return id;
        }

        String lastIsNoError(int id, String text) {
            return text;
        }
    }

    static final class Cache {

        public String get(int id) {
            return "cached " + id;
        }

        public String getOr(int id, IOException failure) {
            return "cached " + id + " " + failure.getMessage();
        }
    }
}
