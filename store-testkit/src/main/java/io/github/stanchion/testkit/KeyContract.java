package io.github.stanchion.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.stanchion.store.Cells;
import io.github.stanchion.store.KeySpace;
import io.github.stanchion.store.StoreKey;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Different keys never meet: a store neither trims, folds, normalises nor cuts. */
abstract class KeyContract extends EndingContract {

    /** Subjects that one or another store would take for each other, or for part of its own language. */
    static final List<String> ALIKE = List.of(
            "",
            " ",
            "  ",
            "\t",
            "\n",
            "\r",
            "\r\n",
            "a\r\nb",
            "a\nb",
            "\u00a0",
            "\u200b",
            "\0",
            "a\0",
            "a\0b",
            "a",
            "A",
            "a ",
            " a",
            "\uff41",
            "\u0430",
            "\u00e9",
            "e\u0301",
            "\u00c9",
            "K",
            "\u212a",
            "k",
            "\u00df",
            "ss",
            "SS",
            "\u0130",
            "i",
            "I",
            "\u0131",
            "{a}",
            "{",
            "}",
            "{}",
            "a}b{c",
            "a:b",
            "a/b",
            "a//b",
            "a\\b",
            "a*",
            "a?",
            "[a]",
            "%",
            "%25",
            "%61",
            "a%",
            "_",
            "a_",
            "'",
            "\"",
            "--",
            ";",
            "\ud83d\ude00",
            "\ud83d",
            "\ude00",
            "?",
            "\ufffd",
            "\ude00\ud83d",
            "h.a",
            "1.a",
            "01",
            "1",
            "1.0",
            "null",
            "NULL");

    KeyContract() {}

    @Test
    void subjectsThatLookAlikeStayApart() {
        KeySpace space = space("alike");
        assertApart(ALIKE.stream().map(space::key).toList());
    }

    @Test
    void partsOfASubjectStayApart() {
        KeySpace space = space("parts");
        assertApart(List.of(
                space.key(),
                space.key(""),
                space.key(List.of("", "")),
                space.key("ab"),
                space.key(List.of("a", "b")),
                space.key(List.of("ab", "")),
                space.key(List.of("", "ab")),
                space.key("1.a1.b"),
                space.key(List.of("a.b", "c")),
                space.key(List.of("a", "b.c")),
                space.taggedKey("t", List.of("ab")),
                space.taggedKey("u", List.of("ab"))));
    }

    @Test
    void namesAndKindsStayApart() {
        List<StoreKey> keys = new ArrayList<>();
        for (String name :
                List.of("a", "A", "a ", "A/B", "A_B", "A2", "a:b", "a{b}", "\u00e9", "e\u0301", "n".repeat(300))) {
            keys.add(space(name).key("x"));
            keys.add(space(name).key());
            keys.add(space("probe-2", name).key("x"));
        }
        keys.add(space("n".repeat(301)).key("x"));
        assertApart(keys);
    }

    @Test
    void aLongSubjectIsASubjectLikeAnyOther() {
        KeySpace space = space("long");
        List<StoreKey> keys = new ArrayList<>();
        for (int length : new int[] {90, 100, 101, 250, 10_000, 1 << 20}) {
            keys.add(space.key("x".repeat(length)));
            keys.add(space.key("x".repeat(length - 1) + "y"));
            keys.add(space.key("y" + "x".repeat(length - 1)));
        }
        assertApart(keys);
    }

    @Test
    void equalKeysMadeApartAreOneKey() {
        put(space("same").key(List.of("a", "b")), Cells.of(1));
        assertSum(StoreKey.parse(space("same").key(List.of("a", "b")).text()), 1);
    }

    /** Each key is missing at first, holds what was put under it, and is gone alone when it is deleted. */
    private void assertApart(List<StoreKey> keys) {
        for (int i = 0; i < keys.size(); i++) {
            assertThat(read(keys.get(i))).as("key %s", i).isNull();
            put(keys.get(i), Cells.of(i));
        }
        for (int i = 0; i < keys.size(); i++) {
            assertThat(read(keys.get(i))).as("key %s", i).isEqualTo(Cells.of(i));
            delete(keys.get(i));
        }
    }
}
