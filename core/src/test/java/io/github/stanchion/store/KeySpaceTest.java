package io.github.stanchion.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeySpaceTest {

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "a:b", "{a}", "é", "a/b", "a\n", "ppppppppppppppppppppppppppppppppp"})
    void prefixesThatWouldNotBeReadableAreRefused(String prefix) {
        assertThatThrownBy(() -> KeySpace.of(prefix, "k", "n"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("Key prefix '")
                .hasMessageMatching("[\\x20-\\x7e]*");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "K", "a_b", "a.b", "kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk"})
    void kindsOfOtherCharactersAreRefused(String kind) {
        assertThatThrownBy(() -> KeySpace.of("p", kind, "n"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("Key kind '");
    }

    @Test
    void emptyNameIsRefused() {
        assertThatThrownBy(() -> KeySpace.of("p", "k", ""))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("is empty");
    }

    @Test
    void rangeHoldsItsOwnKeysWhateverTheirSlot() {
        KeySpace space = KeySpace.of("p", "k", "n");
        for (KeyRange range : List.of(KeyRange.of(space), KeyRange.of(space.slotByName()), new KeyRange(space, true))) {
            assertThat(range.contains(space.key("a").space())).isTrue();
            assertThat(range.contains(space.key().space())).isTrue();
            assertThat(range.contains(space.slotByName().key("a").space())).isTrue();
            assertThat(range.contains(space.taggedKey("t", List.of("a")).space()))
                    .isTrue();
            assertThat(range.contains(KeySpace.of("p", "k", "n2"))).isFalse();
            assertThat(range.contains(KeySpace.of("p", "k2", "n"))).isFalse();
            assertThat(range.contains(KeySpace.of("p2", "k", "n"))).isFalse();
        }
    }

    @Test
    void nestedRangeHoldsChildrenOnly() {
        KeyRange nested = new KeyRange(KeySpace.of("p", "k", "a"), true);
        assertThat(nested.contains(KeySpace.of("p", "k", "a/b"))).isTrue();
        assertThat(nested.contains(KeySpace.of("p", "k", "a/b/c"))).isTrue();
        assertThat(nested.contains(KeySpace.of("p", "k", "ab"))).isFalse();
        assertThat(nested.contains(KeySpace.of("p", "k", "a%2Fb"))).isFalse();
        assertThat(KeyRange.of(KeySpace.of("p", "k", "a")).contains(KeySpace.of("p", "k", "a/b")))
                .isFalse();
    }

    @Test
    void rangeDecidesAlikeForAKeyAndItsText() {
        KeyRange nested = new KeyRange(KeySpace.of("p", "k", "a"), true);
        for (String name : List.of("a", "a/b", "a/" + "b".repeat(70), "b")) {
            KeySpace space = KeySpace.of("p", "k", name);
            KeySpace read = StoreKey.parse(space.key("x").text()).space();
            assertThat(nested.contains(read)).as(name).isEqualTo(nested.contains(space));
            assertThat(KeyRange.of(space).contains(read)).isTrue();
        }
    }

    @Test
    void equalIffSameText() {
        KeySpace space = KeySpace.of("p", "k", "n");
        assertThat(space).isEqualTo(KeySpace.of("p", "k", "n")).hasSameHashCodeAs(KeySpace.of("p", "k", "n"));
        assertThat(space).isNotEqualTo(space.slotByName()).isNotEqualTo(space.withKind("k2"));
        assertThat(space.slotByName().withKind("k2").isSlotByName()).isTrue();
        assertThat(space.compareTo(space.slotByName())).isNegative();
    }

    @Test
    void missingPartIsNotTakenForNoSubject() {
        KeySpace space = KeySpace.of("p", "k", "n");
        assertThatThrownBy(() -> space.key((String) null)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> space.key(Arrays.asList(null, "a"))).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> space.key(Arrays.asList("a", null))).isInstanceOf(NullPointerException.class);
    }
}
