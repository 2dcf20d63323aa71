package io.github.stanchion.weaving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.stanchion.weave.GuardMark;
import io.github.stanchion.weaving.app.Clerk;
import io.github.stanchion.weaving.app.Counter;
import io.github.stanchion.weaving.app.Drawer;
import io.github.stanchion.weaving.app.Shelf;
import io.github.stanchion.weaving.app.Vault;
import java.io.IOException;
import java.lang.reflect.Method;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Each call is charged once where the weaving reaches it: never twice where two ways of weaving meet, never not at all.
 *
 * <p>Beans are proxied in any case. Two guards stand in two advisors: a rate limit on every guarded method, and on some
 * methods a guard of the application's own further in.
 */
abstract class WeavingContract {

    private static final Set<String> LOCKED = Set.of("open", "later", "countDown");
    private static final Set<String> UNGUARDED = Set.of("promised", "opensItself", "opensHidden", "unseen");

    Application application;

    /** Whether AspectJ weaves the application's classes. */
    abstract boolean woven();

    @BeforeEach
    void start() {
        application = Application.start(woven() ? "aspectj" : "proxy");
    }

    @AfterEach
    void stop() {
        application.close();
    }

    @Test
    void publicMethodOfABean() {
        assertThat(clerk().open()).isEqualTo("open");
        assertCharged("open");
    }

    @Test
    void interfacesAnnotation() {
        assertThat(clerk().promised()).isEqualTo("promised");
        assertCharged("promised");
    }

    @Test
    void repeatedAnnotation() {
        clerk().repeated();
        assertCharged("one", "two");
    }

    @Test
    void metaAnnotations() {
        clerk().metered();
        application.bean(Shelf.class).filled();
        assertCharged("metered", "filled");
    }

    @Test
    void classAnnotationForPublicMethodsOfInstancesThatHaveNoneOfTheirOwn() {
        assertThat(application.bean(Counter.class).served()).isEqualTo("served");
        assertThat(application.bean(Counter.class).ownLimit()).isEqualTo("own");
        assertThat(Counter.shared()).isEqualTo("shared");
        assertCharged("served", "own");
    }

    @Test
    void methodBehindABridge() {
        Drawer<String> drawer = clerk();
        assertThat(drawer.put("pen")).isEqualTo("pen");
        assertCharged("put");
    }

    @Test
    void resultThatComesLater() throws Exception {
        assertThat(clerk().later().get(10, TimeUnit.SECONDS)).isEqualTo("later");
        assertCharged("later");
    }

    @Test
    void callThatFailsAndTheNext() {
        assertThatThrownBy(clerk()::failing)
                .isExactlyInstanceOf(IOException.class)
                .hasMessage("closed");
        assertThatThrownBy(clerk()::failing).isExactlyInstanceOf(IOException.class);
        assertCharged("failing", "failing");
    }

    @Test
    void recursionIsChargedPerEntryThatIsWoven() {
        clerk().countDown(2);
        assertCharged(woven() ? new String[] {"countDown", "countDown", "countDown"} : new String[] {"countDown"});
    }

    @Test
    void selfCallWhereWoven() {
        clerk().opensItself();
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
        assertCharged(whereWoven("open", "one", "two", "metered", "put", "later", "served", "filled"));
    }

    @Test
    void privateFinalAndStaticMethodsWhereWoven() {
        Vault vault = new Vault();
        assertThat(vault.opensHidden()).isEqualTo("hidden");
        assertThat(vault.sealed()).isEqualTo("sealed");
        assertThat(Vault.shared()).isEqualTo("shared");
        assertCharged(whereWoven("hidden", "sealed", "shared"));
    }

    @Test
    void whatIsWovenSaysSo() throws Exception {
        for (Class<?> type : List.of(Clerk.class, Vault.class, Counter.class, Shelf.class)) {
            for (Method method : type.getDeclaredMethods()) {
                if (!method.isSynthetic() && !method.getName().contains("_aroundBody")) {
                    boolean guarded =
                            !UNGUARDED.contains(method.getName()) && !method.equals(Counter.class.getMethod("shared"));
                    assertThat(GuardMark.isWoven(method)).as(method.toString()).isEqualTo(woven() && guarded);
                }
            }
        }
    }

    final Clerk clerk() {
        return application.bean(Clerk.class);
    }

    final void assertCharged(String... limits) {
        assertThat(application.charged()).containsExactly(limits);
        assertThat(application.locked())
                .containsExactlyElementsOf(
                        List.of(limits).stream().filter(LOCKED::contains).toList());
    }

    private String[] whereWoven(String... limits) {
        return woven() ? limits : new String[0];
    }
}
