package io.github.stanchion.weave;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.reflect.Method;
import org.junit.jupiter.api.Test;

class GuardMarkTest {

    private final Method own = Samples.method(Samples.class, "own");
    private final Method meta = Samples.method(Samples.class, "meta");
    private final Object target = new Samples();

    @Test
    void markIsTakenOnceByItsOwnCall() throws Throwable {
        GuardMark.guarded(own, target, () -> {
            assertThat(GuardMark.take(meta, target)).isFalse();
            assertThat(GuardMark.take(own, new Samples())).isFalse();
            assertThat(GuardMark.take(own, target)).isTrue();
            assertThat(GuardMark.take(own, target)).isFalse();
            return null;
        });
    }

    @Test
    void markThatNobodyTookIsGoneAfterwards() {
        assertThatThrownBy(() -> GuardMark.guarded(own, target, () -> {
                    throw new IOException("disk");
                }))
                .isInstanceOf(IOException.class);
        assertThat(GuardMark.take(own, target)).isFalse();
    }

    @Test
    void markOfACallInBetweenLeavesTheFirstInPlace() throws Throwable {
        GuardMark.guarded(own, target, () -> {
            GuardMark.guarded(meta, target, () -> {
                assertThat(GuardMark.take(meta, target)).isTrue();
                assertThat(GuardMark.take(own, target)).isFalse();
                return null;
            });
            assertThat(GuardMark.take(own, target)).isTrue();
            return null;
        });
    }

    @Test
    void otherThreadsDoNotSeeTheMark() throws Throwable {
        GuardMark.guarded(own, target, () -> {
            boolean[] taken = {true};
            Thread other = new Thread(() -> taken[0] = GuardMark.take(own, target));
            other.start();
            other.join();
            assertThat(taken[0]).isFalse();
            return null;
        });
    }

    @Test
    void methodsThatNobodyWoveAreNotWoven() {
        assertThat(GuardMark.isWoven(own)).isFalse();
    }
}
