package io.github.stanchion.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Collections;
import org.junit.jupiter.api.Test;

class SignalTest {

    @Test
    void eightNumbersGoAndNineAreRefused() {
        assertThat(new Signal("lock", "wake", Collections.nCopies(8, 1L)).details())
                .hasSize(8);
        assertThatThrownBy(() -> new Signal("lock", "wake", Collections.nCopies(9, 1L)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Details of a signal '9' are too many; send at most 8 numbers");
    }
}
