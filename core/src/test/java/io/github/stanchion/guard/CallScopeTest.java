package io.github.stanchion.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CallScopeTest {

    private final List<String> log = new ArrayList<>();
    private final Note a = new Note("a");
    private final Note b = new Note("b");

    @AfterEach
    void nothingIsLeftOnTheThread() {
        assertThat(CallScope.current()).isSameAs(CallScope.EMPTY);
    }

    @Test
    void innermostIsFoundFirst() {
        CallScope scope = CallScope.EMPTY.with(a).with(b);
        assertThat(scope.find(Note.class, any -> true)).isSameAs(b);
        assertThat(scope.find(Note.class, note -> note == a)).isSameAs(a);
        assertThat(scope.find(Note.class, note -> false)).isNull();
        List<Note> all = new ArrayList<>();
        scope.forEach(Note.class, all::add);
        assertThat(all).containsExactly(b, a);
    }

    @Test
    void bodyRunsInItsScopeAndOnlyWhatIsNewIsTold() throws Throwable {
        CallScope outer = CallScope.EMPTY.with(a);
        CallScope inner = outer.with(b);
        outer.run(() -> {
            try {
                inner.proceed(
                        TestCall.blocking(() -> {
                            assertThat(CallScope.current()).isSameAs(inner);
                            log.add("body");
                            return null;
                        }),
                        outer);
            } catch (Throwable impossible) {
                throw new AssertionError(impossible);
            }
            assertThat(CallScope.current()).isSameAs(outer);
        });
        assertThat(log).containsExactly("b entered", "body", "b exited");
    }

    @Test
    void bodyThatThrowsLeavesItsScope() {
        CallScope scope = CallScope.EMPTY.with(a);
        assertThatThrownBy(() -> scope.proceed(
                        TestCall.blocking(() -> {
                            throw new IllegalStateException("body");
                        }),
                        CallScope.EMPTY))
                .hasMessage("body");
        assertThat(log).containsExactly("a entered", "a exited");
    }

    @Test
    void holderWithoutABodyEntersAndLeavesInAnyOrder() {
        CallScope.enter(a);
        CallScope.enter(b);
        CallScope.leave(a);
        assertThat(CallScope.current().find(Note.class, any -> true)).isSameAs(b);
        CallScope.leave(a);
        CallScope.leave(b);
        assertThat(log).containsExactly("a entered", "b entered", "a exited", "b exited");
    }

    @Test
    void whatIsOverElsewhereLeavesWithTheNextThatEnters() {
        CallScope.enter(a);
        CallScope.enter(b);
        a.over = true;
        CallScope.enter(new Note("c"));
        assertThat(CallScope.current().find(Note.class, note -> note == a)).isNull();
        CallScope.current().forEach(Note.class, CallScope::leave);
        assertThat(log).containsExactly("a entered", "b entered", "a exited", "c entered", "c exited", "b exited");
    }

    @Test
    void otherThreadsInheritNothing() {
        CallScope.enter(a);
        assertThat(CompletableFuture.supplyAsync(CallScope::current).join()).isSameAs(CallScope.EMPTY);
        CallScope.leave(a);
    }

    private final class Note implements CallScope.Held {

        private final String name;
        private boolean over;

        private Note(String name) {
            this.name = name;
        }

        @Override
        public void entered() {
            log.add(name + " entered");
        }

        @Override
        public void exited() {
            log.add(name + " exited");
        }

        @Override
        public boolean isOver() {
            return over;
        }
    }
}
