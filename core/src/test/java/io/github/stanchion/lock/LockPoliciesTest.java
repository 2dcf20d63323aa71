package io.github.stanchion.lock;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.stanchion.guard.GuardedMethod;
import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LockPoliciesTest {

    private final LockPolicies policies = LockPolicies.of(Map.of("the-document", waiting(7)));

    private static LockSettings waiting(int seconds) {
        return LockSettings.builder().wait(Duration.ofSeconds(seconds)).build();
    }

    private static <A extends Annotation> List<A> none(Method method, Class<?> target, Class<A> type) {
        return List.of();
    }

    private static BoundLock bound() throws NoSuchMethodException {
        GuardedMethod method =
                new GuardedMethod(Object.class.getMethod("hashCode"), Object.class, LockPoliciesTest::none);
        return new BoundLock(
                method,
                "theDocument",
                LockSettings.none(),
                (policy, origins) -> new LockCalls(policy, (same, call) -> List.of(), null, null, null));
    }

    @Test
    void methodThatIsBoundTwiceHearsOfChangesWhicheverItsGuardIs() throws Exception {
        BoundLock first = policies.bind(bound());
        BoundLock second = policies.bind(bound());
        policies.reload(Map.of("the-document", waiting(9)), LockSettings.none());
        for (BoundLock each : List.of(first, second)) {
            assertThat(each.calls().policy()).isNotNull().satisfies(policy -> assertThat(policy.waitTime())
                    .isEqualTo(Duration.ofSeconds(9)));
        }
        assertThat(policies.methods("the-document")).hasSize(1);
    }

    @Test
    void originsTellInWhichLayerEachSettingWasGiven() throws Exception {
        LockSettings reentrant = LockSettings.builder().reentrant(false).build();
        GuardedMethod method =
                new GuardedMethod(Object.class.getMethod("hashCode"), Object.class, LockPoliciesTest::none);
        BoundLock unused = policies.bind(new BoundLock(
                method,
                "theDocument",
                reentrant,
                (policy, origins) -> new LockCalls(policy, (same, call) -> List.of(), null, null, null)));
        policies.reload(
                Map.of("the-document", waiting(9)),
                LockSettings.builder().lease(Duration.ofSeconds(20)).build());
        assertThat(policies.origins("The-Document"))
                .containsOnly(
                        Map.entry("wait", "stanchion.locks.the-document.wait"),
                        Map.entry("reentrant", "@WithLock(reentrant) on Object.hashCode"),
                        Map.entry("lease", "stanchion.defaults.lock.lease"));
        policies.reload(Map.of("report", waiting(9)), LockSettings.none());
        assertThat(policies.origins("report")).containsOnly(Map.entry("wait", "stanchion.locks.report.wait"));
        assertThat(policies.origins("other")).isEmpty();
    }

    @Test
    void everybodyIsToldOfALockByOneName() throws Exception {
        LockPolicies many = LockPolicies.of(Map.of("the-document", waiting(7), "thedocument", waiting(7)));
        List<List<String>> seen = new ArrayList<>();
        many.watch(() -> seen.add(many.names()));
        BoundLock method = many.bind(bound());
        assertThat(method.calls().policy()).isNotNull().satisfies(policy -> assertThat(policy.name())
                .isEqualTo("the-document"));
        many.reload(Map.of("report", waiting(7)), LockSettings.none());
        assertThat(method.calls().policy()).isNotNull().satisfies(policy -> assertThat(policy.name())
                .isEqualTo("theDocument"));
        assertThat(seen)
                .containsExactly(List.of("the-document"), List.of("the-document"), List.of("report", "theDocument"));
    }

    @Test
    void nameIsFoundInEverySpellingOnceAndAsTheSettingsAre() {
        assertThat(policies.get("theDocument")).isSameAs(policies.get("the-document"));
        assertThat(policies.get("other")).isSameAs(policies.get("other"));
        assertThat(policies.get("other").waitTime()).isEqualTo(Duration.ofSeconds(3));
        policies.reload(Map.of("the-document", waiting(9)), waiting(5));
        assertThat(policies.get("theDocument").waitTime()).isEqualTo(Duration.ofSeconds(9));
        assertThat(policies.get("other").waitTime()).isEqualTo(Duration.ofSeconds(5));
    }

    @Test
    void namesThatAreMadeUpAreNotAllRemembered() {
        for (int i = 0; i < 2_000; i++) {
            assertThat(policies.get("made-up-" + i).name()).isEqualTo("made-up-" + i);
        }
        assertThat(policies.get("made-up-1")).isSameAs(policies.get("made-up-1"));
        assertThat(policies.get("made-up-1999")).isNotSameAs(policies.get("made-up-1999"));
    }
}
