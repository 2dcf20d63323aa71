package io.github.stanchion.weave;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.stanchion.annotation.RateLimited;
import io.github.stanchion.guard.Guard;
import io.github.stanchion.guard.GuardBinder;
import io.github.stanchion.guard.GuardConfigurationException;
import io.github.stanchion.guard.GuardPlan;
import io.github.stanchion.guard.GuardSession;
import io.github.stanchion.guard.GuardedCall;
import io.github.stanchion.guard.GuardedMethod;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.ref.WeakReference;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class GuardWeaverTest {

    private final List<String> bound = new ArrayList<>();
    private final Method own = Samples.method(Samples.class, "own");
    private final Method hidden = Samples.method(Samples.class, "hidden");

    @Test
    void guardsStandInTheOrderOfTheirBinders() {
        assertThat(kinds(weaver("b", "a", "c").plan(own, Samples.class))).containsExactly("b", "a", "c");
    }

    @Test
    void planIsMadeOnce() {
        GuardWeaver weaver = weaver("a");
        GuardPlan plan = weaver.plan(own, Samples.class);
        assertThat(weaver.plan(own, Samples.class)).isSameAs(plan);
        assertThat(bound).containsExactly("a own");
        assertThat(weaver.plans()).containsExactly(plan);
    }

    @Test
    void thatAMethodHasNoGuardsIsRemembered() {
        GuardWeaver weaver = weaver("a");
        assertThat(weaver.plan(hidden, Samples.class)).isNull();
        assertThat(weaver.plan(hidden, Samples.class)).isNull();
        assertThat(bound).containsExactly("a hidden");
        assertThat(weaver.plans()).isEmpty();
    }

    @Test
    void restrictedWeaversShareGuardsThatAreBoundOnce() {
        GuardWeaver weaver = weaver("a", "b", "c");
        GuardPlan before = weaver.restrictedTo(Set.of("a")).plan(own, Samples.class);
        GuardPlan after = weaver.restrictedTo(Set.of("b", "c")).plan(own, Samples.class);
        GuardPlan whole = weaver.plan(own, Samples.class);

        assertThat(kinds(before)).containsExactly("a");
        assertThat(kinds(after)).containsExactly("b", "c");
        assertThat(weaver.restrictedTo(Set.of("d")).plan(own, Samples.class)).isNull();
        assertThat(whole.guards())
                .containsExactly(
                        before.guards().get(0),
                        after.guards().get(0),
                        after.guards().get(1));
        assertThat(weaver.restrictedTo(Set.of("a", "b", "c")).plan(own, Samples.class))
                .isSameAs(whole);
        assertThat(bound).containsExactly("a own", "b own", "c own");
    }

    @Test
    void settingsThatCannotWorkAreReportedEachTime() {
        GuardWeaver weaver = new GuardWeaver(
                List.of(new Binder("a") {
                    @Override
                    public Guard bind(GuardedMethod method) {
                        throw new GuardConfigurationException("Limit '0/1m' is too small", "Use 1/1m or more.");
                    }
                }),
                new DeclaredAnnotations(),
                List.of());
        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() -> weaver.plan(own, Samples.class)).isInstanceOf(GuardConfigurationException.class);
        }
    }

    @Test
    void plansDoNotKeepClassesLoaded() throws Exception {
        GuardWeaver weaver = weaver("a");
        WeakReference<Class<?>> unloadable = planOfUnloadableClass(weaver);
        for (int i = 0; i < 200 && unloadable.get() != null; i++) {
            System.gc();
            Thread.onSpinWait();
        }
        assertThat(unloadable.get()).isNull();
        assertThat(weaver.plans()).isEmpty();
    }

    private static WeakReference<Class<?>> planOfUnloadableClass(GuardWeaver weaver) throws Exception {
        Class<?> copy = new Reloading().loadClass(Samples.class.getName());
        assertThat(copy).isNotSameAs(Samples.class);
        assertThat(weaver.plan(Samples.method(copy, "own"), copy)).isNotNull();
        assertThat(weaver.plans()).hasSize(1);
        return new WeakReference<>(copy);
    }

    private GuardWeaver weaver(String... kinds) {
        List<GuardBinder> binders = new ArrayList<>();
        for (String kind : kinds) {
            binders.add(new Binder(kind));
        }
        return new GuardWeaver(binders, new DeclaredAnnotations(), List.of());
    }

    private static List<String> kinds(GuardPlan plan) {
        return plan.guards().stream().map(Guard::kind).toList();
    }

    private class Binder implements GuardBinder {

        private final String kind;

        Binder(String kind) {
            this.kind = kind;
        }

        @Override
        public String kind() {
            return kind;
        }

        @Override
        public @Nullable Guard bind(GuardedMethod method) {
            bound.add(kind + " " + method.method().getName());
            return method.annotations(RateLimited.class).isEmpty() ? null : new Unopened(kind);
        }
    }

    private record Unopened(String kind) implements Guard {

        @Override
        public GuardSession open(GuardedCall call) {
            throw new UnsupportedOperationException();
        }
    }

    /** Loads its own copy of the sample classes. */
    private static final class Reloading extends ClassLoader {

        Reloading() {
            super(Samples.class.getClassLoader());
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (!name.startsWith(Samples.class.getName())) {
                return super.loadClass(name, resolve);
            }
            Class<?> loaded = findLoadedClass(name);
            return loaded == null ? define(name) : loaded;
        }

        private Class<?> define(String name) {
            try (InputStream stream = getResourceAsStream(name.replace('.', '/') + ".class")) {
                byte[] bytes = stream.readAllBytes();
                return defineClass(name, bytes, 0, bytes.length);
            } catch (IOException trouble) {
                throw new UncheckedIOException(trouble);
            }
        }
    }
}
