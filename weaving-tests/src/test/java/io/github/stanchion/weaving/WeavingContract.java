package io.github.stanchion.weaving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.stanchion.weave.GuardAspect;
import io.github.stanchion.weave.GuardMark;
import io.github.stanchion.weaving.app.Clerk;
import io.github.stanchion.weaving.app.Counter;
import io.github.stanchion.weaving.app.Drawer;
import io.github.stanchion.weaving.app.Shelf;
import io.github.stanchion.weaving.app.Vault;
import java.io.IOException;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Each call is charged once where the weaving reaches it: never twice where two ways of weaving meet, never not at all. */
abstract class WeavingContract {

    private final Proxies application = new Proxies();
    private GuardAspect.@Nullable Binding binding;

    /** Whether AspectJ weaves the application's classes; beans are proxied in any case. */
    abstract boolean woven();

    @BeforeEach
    void start() {
        if (woven()) {
            binding = GuardAspect.bind(application.executor, application.weaver);
        }
    }

    @AfterEach
    void stop() {
        if (binding != null) {
            binding.close();
        }
    }

    @Test
    void publicMethodOfABean() {
        assertThat(application.proxy(new Clerk()).open()).isEqualTo("open");
        assertCharged("open");
    }

    @Test
    void interfacesAnnotation() {
        application.proxy(new Clerk()).promised();
        assertCharged("promised");
    }

    @Test
    void repeatedAnnotation() {
        application.proxy(new Clerk()).repeated();
        assertCharged("repeated");
    }

    @Test
    void metaAnnotations() {
        application.proxy(new Clerk()).metered();
        application.proxy(new Shelf()).filled();
        assertCharged("metered", "filled");
    }

    @Test
    void classAnnotationForItsPublicMethods() {
        assertThat(application.proxy(new Counter()).served()).isEqualTo("served");
        assertCharged("served");
    }

    @Test
    void methodBehindABridge() {
        Drawer<String> drawer = application.proxy(new Clerk());
        assertThat(drawer.put("pen")).isEqualTo("pen");
        assertCharged("put");
    }

    @Test
    void resultThatComesLater() throws Exception {
        assertThat(application.proxy(new Clerk()).later().get(10, TimeUnit.SECONDS))
                .isEqualTo("later");
        assertCharged("later");
    }

    @Test
    void callThatFailsAndTheNext() {
        Clerk bean = application.proxy(new Clerk());
        assertThatThrownBy(bean::failing).isExactlyInstanceOf(IOException.class).hasMessage("closed");
        assertThatThrownBy(bean::failing).isExactlyInstanceOf(IOException.class);
        assertCharged("failing", "failing");
    }

    @Test
    void recursionIsChargedPerEntryThatIsWoven() {
        application.proxy(new Clerk()).countDown(2);
        assertCharged(woven() ? new String[] {"countDown", "countDown", "countDown"} : new String[] {"countDown"});
    }

    @Test
    void selfCallWhereWoven() {
        application.proxy(new Clerk()).opensItself();
        assertCharged(whereWoven("open"));
    }

    @Test
    void plainObjectWhereWoven() throws Exception {
        Clerk clerk = new Clerk();
        clerk.open();
        clerk.repeated();
        clerk.metered();
        clerk.put("pen");
        clerk.later().get(10, TimeUnit.SECONDS);
        new Counter().served();
        new Shelf().filled();
        assertCharged(whereWoven("open", "repeated", "metered", "put", "later", "served", "filled"));
    }

    @Test
    void privateFinalAndStaticMethodsWhereWoven() {
        Vault vault = new Vault();
        assertThat(vault.opensHidden()).isEqualTo("hidden");
        assertThat(vault.sealed()).isEqualTo("sealed");
        assertThat(Vault.shared()).isEqualTo("shared");
        assertThat(application.proxy(new Vault()).opensHidden()).isEqualTo("hidden");
        assertCharged(whereWoven("hidden", "sealed", "shared", "hidden"));
    }

    @Test
    void whatIsWovenSaysSo() {
        for (Class<?> type : List.of(Clerk.class, Vault.class, Counter.class, Shelf.class)) {
            for (Method method : type.getDeclaredMethods()) {
                boolean guarded = !List.of("promised", "opensItself", "opensHidden", "unseen")
                        .contains(method.getName());
                if (!method.isSynthetic() && !method.getName().contains("_aroundBody")) {
                    assertThat(GuardMark.isWoven(method)).as(method.toString()).isEqualTo(woven() && guarded);
                }
            }
        }
    }

    private String[] whereWoven(String... methods) {
        return woven() ? methods : new String[0];
    }

    final void assertCharged(String... methods) {
        assertThat(application.calls)
                .containsExactlyElementsOf(Arrays.stream(methods)
                        .flatMap(method -> List.of("outer " + method, "inner " + method).stream())
                        .toList());
    }
}
