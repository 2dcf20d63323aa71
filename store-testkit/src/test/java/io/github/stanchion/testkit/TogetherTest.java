package io.github.stanchion.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class TogetherTest {

    @Test
    void allAreThereBeforeTheFirstIsDone() {
        CountDownLatch inside = new CountDownLatch(50);
        assertThat(Together.run(50, number -> {
                    inside.countDown();
                    return inside.await(20, TimeUnit.SECONDS) ? number : -1;
                }))
                .hasSize(50)
                .isSorted()
                .startsWith(0);
    }

    @Test
    void whatOneThrowsIsThrown() {
        IllegalStateException unchecked = new IllegalStateException("a body's bug");
        AssertionError error = new AssertionError("not so");
        IOException checked = new IOException("a body's trouble");
        assertThatThrownBy(() -> thrownByOne(unchecked)).isSameAs(unchecked);
        assertThatThrownBy(() -> thrownByOne(error)).isSameAs(error);
        assertThatThrownBy(() -> thrownByOne(checked))
                .isInstanceOf(AssertionError.class)
                .hasCause(checked);
    }

    private static void thrownByOne(Throwable thrown) {
        Together.run(3, number -> {
            if (number == 1 && thrown instanceof Error error) {
                throw error;
            }
            if (number == 1 && thrown instanceof Exception exception) {
                throw exception;
            }
            return number;
        });
    }
}
