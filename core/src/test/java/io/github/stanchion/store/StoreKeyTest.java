package io.github.stanchion.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class StoreKeyTest {

    private static final KeySpace SEARCH = KeySpace.of("stanchion", "rate-bucket", "search");

    @Test
    void textIsTheDocumentedOne() {
        assertThat(SEARCH.key("alice").text()).isEqualTo("stanchion:1:rate-bucket:search:{5.alice}");
        assertThat(SEARCH.key(List.of("a.b", "c")).text()).isEqualTo("stanchion:1:rate-bucket:search:{3.a.b1.c}");
        assertThat(SEARCH.key().text()).isEqualTo("stanchion:1:rate-bucket:{search}");
        assertThat(SEARCH.slotByName().key("alice").text()).isEqualTo("stanchion:1:rate-bucket:{search}:5.alice");
        assertThat(SEARCH.taggedKey("t1", List.of("alice")).text())
                .isEqualTo("stanchion:1:rate-bucket:search:{t.t1}:5.alice");
        assertThat(SEARCH.taggedKey("t1", List.of()).text()).isEqualTo("stanchion:1:rate-bucket:search:{t.t1}");
        assertThat(SEARCH.key("é").text()).isEqualTo("stanchion:1:rate-bucket:search:{6.%C3%A9}");
        assertThat(SEARCH.key("\uD800").text()).isEqualTo("stanchion:1:rate-bucket:search:{6.%uD800}");
        assertThat(SEARCH.key("😀").text()).isEqualTo("stanchion:1:rate-bucket:search:{12.%F0%9F%98%80}");
    }

    @Test
    void theFingerprintIsTheSameInEveryProcess() {
        assertThat(SEARCH.key("alice").fingerprint()).isEqualTo(4250690499412233L);
        assertThat(Stream.of("a", "b", "c", "d").map(SEARCH::key).mapToLong(StoreKey::fingerprint))
                .doesNotHaveDuplicates()
                .allMatch(Exact::is)
                .allMatch(print -> print >= 0 && print <= StoreKey.MOST_FINGERPRINT);
    }

    static Stream<Arguments> confusable() {
        return Stream.of(
                pair(List.of("a.b", "c"), List.of("a", "b.c")),
                pair(List.of("a", "bc"), List.of("ab", "c")),
                pair(List.of("a", ""), List.of("a")),
                pair(List.of("", "a"), List.of("a", "")),
                pair(List.of(""), List.of()),
                pair(List.of("1.a"), List.of("a")),
                pair(List.of("a1.b"), List.of("a", "b")),
                pair(List.of("Alice"), List.of("alice")),
                pair(List.of("alice "), List.of("alice")),
                pair(List.of(" alice"), List.of("alice")),
                pair(List.of("alice\u0000"), List.of("alice")),
                pair(List.of("\u00e9"), List.of("e\u0301")),
                pair(List.of("K"), List.of("\u212a")),
                pair(List.of("\u0130"), List.of("i")),
                pair(List.of("\u00df"), List.of("ss")),
                pair(List.of("\ud800"), List.of("?")),
                pair(List.of("\ud800"), List.of("\ud801")),
                pair(List.of("\ud800"), List.of("\ufffd")),
                pair(List.of("%41"), List.of("A")),
                pair(List.of("a\r\n"), List.of("a\n")),
                pair(List.of("{a}"), List.of("a")),
                pair(List.of("%uD800"), List.of("\ud800")),
                pair(List.of("a:b"), List.of("a", "b")));
    }

    private static Arguments pair(List<String> a, List<String> b) {
        return Arguments.of(a, b);
    }

    @ParameterizedTest
    @MethodSource("confusable")
    void confusableSubjectsStayApart(List<String> a, List<String> b) {
        for (KeySpace space : List.of(SEARCH, SEARCH.slotByName())) {
            assertApart(space.key(a), space.key(b));
        }
        assertApart(SEARCH.taggedKey("t", a), SEARCH.taggedKey("t", b));
    }

    @Test
    void confusableNamesAndTagsStayApart() {
        List<StoreKey> keys = new ArrayList<>();
        for (String name : List.of(
                "a", "A", "a ", "a/b", "a%2Fb", "a_b", "{a}", "h.a", "%68.a", "a:b", "\ud800", "é", "e\u0301")) {
            KeySpace space = KeySpace.of("s", "k", name);
            keys.add(space.key());
            keys.add(space.key(""));
            keys.add(space.slotByName().key("x"));
            keys.add(space.key("x"));
            keys.add(SEARCH.taggedKey(name, List.of("x")));
            keys.add(SEARCH.taggedKey(name, List.of()));
        }
        assertThat(keys.stream().map(StoreKey::text)).doesNotHaveDuplicates();
        keys.forEach(StoreKeyTest::assertSound);
    }

    @Test
    void subjectThatLooksLikeAHashIsNone() {
        StoreKey hashed = SEARCH.key("x".repeat(300));
        String hash = hashed.subject().get(0);
        assertThat(hashed.isHashed()).isTrue();
        assertThat(SEARCH.key(hash).isHashed()).isFalse();
        assertApart(SEARCH.key(hash), hashed);
        KeySpace longName = KeySpace.of("s", "k", "n".repeat(65));
        String text = longName.key().text();
        String nameHash = text.substring(text.indexOf('{') + 1, text.length() - 1);
        assertThat(longName.isNameHashed()).isTrue();
        assertApart(KeySpace.of("s", "k", nameHash).key(), longName.key());
    }

    @Test
    void everyAsciiCharacterIsCarriedAndOnlyTheReadableOnesUnescaped() {
        for (char c = 0; c < 128; c++) {
            StoreKey key = SEARCH.key("a" + c + "b");
            assertSound(key);
            assertThat(key.subject()).containsExactly("a" + c + "b");
            boolean plain = Character.isLetterOrDigit(c) || "._@+-".indexOf(c) >= 0;
            assertThat(key.text().contains("%")).as("%02x", (int) c).isEqualTo(!plain);
        }
    }

    @Test
    void longSubjectsAreHashedWithoutMeeting() {
        for (int length : new int[] {97, 98, 300, 10_000, 1_000_000}) {
            String a = "x".repeat(length);
            assertApart(SEARCH.key(a), SEARCH.key(a + "x"));
            assertApart(SEARCH.key(a + "y"), SEARCH.key(a + "x"));
            assertApart(SEARCH.key(a + "\ud800"), SEARCH.key(a + "?"));
        }
        assertThat(SEARCH.key("x".repeat(97)).isHashed()).isFalse();
        assertThat(SEARCH.key("x".repeat(98)).isHashed()).isTrue();
        assertThat(SEARCH.taggedKey("t", List.of("x".repeat(68))).isHashed()).isTrue();
        assertThat(SEARCH.taggedKey("t", List.of("x".repeat(67))).isHashed()).isFalse();
    }

    @Test
    void longestOfEverythingFits() {
        KeySpace space = KeySpace.of("p".repeat(32), "k".repeat(40), "n".repeat(64));
        for (StoreKey key : List.of(
                space.key("x".repeat(97)),
                space.slotByName().key("x".repeat(97)),
                space.taggedKey("t".repeat(24), List.of("x".repeat(67))),
                space.taggedKey("t".repeat(25), List.of("x".repeat(67))))) {
            assertSound(key);
        }
    }

    @Test
    void randomSubjectsNamesAndTagsStayApartAndReadBack() {
        Random random = new Random(14);
        Map<String, StoreKey> seen = new HashMap<>();
        Map<List<?>, String> texts = new HashMap<>();
        for (int i = 0; i < 100_000; i++) {
            String name = text(random, 1 + random.nextInt(3));
            KeySpace space = KeySpace.of("s", random.nextBoolean() ? "k" : "k-2", name);
            int shape = random.nextInt(3);
            String tag = shape == 1 ? text(random, random.nextInt(3)) : null;
            if (shape == 2) {
                space = space.slotByName();
            }
            List<String> parts = new ArrayList<>();
            for (int n = random.nextInt(4); n > 0; n--) {
                parts.add(text(random, random.nextInt(20) == 0 ? 120 : random.nextInt(4)));
            }
            StoreKey key = space.taggedKey(tag, parts);
            String text = key.text();
            // A policy without subjects has one key, whichever slot its subjects would have.
            List<?> meaning = parts.isEmpty() && tag == null
                    ? List.of(space.kind(), name)
                    : List.of(space.kind(), name, shape == 2, String.valueOf(tag), shape, parts);
            assertThat(texts.computeIfAbsent(meaning, m -> text)).isEqualTo(text);
            StoreKey twin = seen.putIfAbsent(text, key);
            if (twin != null) {
                assertThat(key).isEqualTo(twin).hasSameHashCodeAs(twin).isEqualByComparingTo(twin);
            }
            if (twin == null) {
                assertSound(key);
                if (!key.isHashed()) {
                    assertThat(key.subject()).isEqualTo(parts);
                }
                if (!space.isNameHashed()) {
                    assertThat(StoreKey.parse(text).space().name()).isEqualTo(name);
                }
            }
        }
        assertThat(seen).hasSameSizeAs(texts).hasSizeGreaterThan(50_000);
        List<StoreKey> sorted = seen.values().stream().sorted().toList();
        for (int i = 1; i < sorted.size(); i++) {
            assertThat(sorted.get(i - 1)).isLessThan(sorted.get(i)).isNotEqualTo(sorted.get(i));
            assertThat(sorted.get(i)).isGreaterThan(sorted.get(i - 1));
        }
    }

    private static String text(Random random, int length) {
        String alphabet = "ab.1A%{}:/ \u0000\u00e9\u212a\ud83d\ude00\ud800\udc00\r\nuh~";
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < length; i++) {
            text.append(alphabet.charAt(random.nextInt(alphabet.length())));
        }
        return text.toString();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "a",
                "s:1:k:n",
                "s:1:k:{n",
                "s:2:k:{n}",
                "s:01:k:{n}",
                ":1:k:{n}",
                "s:1::{n}",
                "s:1:k:{}",
                "s:1:K:{n}",
                "s:1:k:n:{3.ab}",
                "s:1:k:n:{1.ab}",
                "s:1:k:n:{01.a}",
                "s:1:k:n:{}",
                "s:1:k:n:{a}",
                "s:1:k:n:{1.a}:1.b",
                "s:1:k:n:1.a",
                "s:1:k:{n}:{1.a}",
                "s:1:k:n:{3.%61}",
                "s:1:k:n:{6.%c3%a9}",
                "s:1:k:n:{3.%C3}",
                "s:1:k:n:{1. }",
                "s:1:k:%6E:{1.a}",
                "s:1:k:%c3%a9:{1.a}",
                "s:1:k:{%6E}",
                "s:1:k:h.a:{1.a}",
                "s:1:k:{h.}",
                "s:1:k:n:{h.x}",
                "s:1:k:n:{h.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAB}",
                "s:1:k:n:{t.%61}",
                "s:1:k:n:{t.h.x}",
                "s:1:k:n:{t.a b}:1.a",
                "s:1:k:n:{t.aaaaaaaaaaaaaaaaaaaaaaaaa}",
                "s:1:k:n:{12.%uD83D%uDE00}",
                "s:1:k:n:{6.%u0041}",
                "s:1:k:n:{1.a}:",
                "s:1:k:n:{t.a}:1.b:1.c",
                "s:1:k:n:{1.\u0661}",
                "s:1:k:n:{3.%G0}"
            })
    void whatNoKeyIsWrittenLikeIsRefused(String text) {
        assertThatThrownBy(() -> StoreKey.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void tooLongTextIsRefusedRatherThanReadAsAnotherKey() {
        assertThatThrownBy(() -> StoreKey.parse("s:1:k:n:{120." + "x".repeat(120) + "}"))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> StoreKey.parse("s:1:k:" + "n".repeat(65) + ":{1.a}"))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void mutatedTextIsRefusedOrIsThatOfTheKeyRead() {
        Random random = new Random(5);
        String alphabet = "ab.12%{}:hHtu8E9";
        int read = 0;
        for (int i = 0; i < 100_000; i++) {
            StoreKey key = SEARCH.taggedKey(random.nextBoolean() ? "té" : null, List.of("é" + i, "b.c"));
            StringBuilder text = new StringBuilder(key.text());
            text.setCharAt(random.nextInt(text.length()), alphabet.charAt(random.nextInt(alphabet.length())));
            try {
                StoreKey parsed = StoreKey.parse(text.toString());
                assertThat(parsed.text()).isEqualTo(text.toString());
                assertThat(parsed.space().taggedKey(null, parsed.subject()).subject())
                        .isEqualTo(parsed.subject());
                read++;
            } catch (IllegalArgumentException refused) {
                assertThat(refused).hasMessageContaining("Key ");
            }
        }
        assertThat(read).isPositive();
    }

    @Test
    void siblingsOfAKeyShareItsSubjectAndSlot() {
        for (String name : List.of("n", "n".repeat(70))) {
            KeySpace space = KeySpace.of("s", "k", name);
            for (StoreKey key : List.of(
                    space.key(),
                    space.key("a"),
                    space.slotByName().key("a"),
                    space.key("a".repeat(200)),
                    space.taggedKey("t", List.of("a")))) {
                for (StoreKey read : List.of(key, StoreKey.parse(key.text()))) {
                    StoreKey sibling = read.in(read.space().withKind("other"));
                    assertThat(sibling.text()).isEqualTo(key.text().replace(":k:", ":other:"));
                    assertThat(read.in(space.withKind("other").slotByName())).isEqualTo(sibling);
                    assertSound(sibling);
                }
            }
        }
    }

    @Test
    void logsShowNoSubject() {
        assertThat(SEARCH.key("bob@example.org")).hasToString("stanchion:1:rate-bucket:search:?");
        assertThat(SEARCH.key()).hasToString("stanchion:1:rate-bucket:search");
    }

    private static void assertApart(StoreKey a, StoreKey b) {
        assertSound(a);
        assertSound(b);
        assertThat(a.text()).isNotEqualTo(b.text());
        assertThat(a).isNotEqualTo(b);
        assertThat(a.compareTo(b)).isNotZero();
        assertThat(Integer.signum(a.compareTo(b))).isEqualTo(-Integer.signum(b.compareTo(a)));
    }

    private static void assertSound(StoreKey key) {
        String text = key.text();
        assertThat(text).hasSizeLessThanOrEqualTo(250).matches("[\\x21-\\x7e]+");
        assertThat(text.chars().filter(c -> c == '{').count()).isEqualTo(1);
        assertThat(text.chars().filter(c -> c == '}').count()).isEqualTo(1);
        StoreKey parsed = StoreKey.parse(text);
        assertThat(parsed).isEqualTo(key).hasSameHashCodeAs(key).isEqualByComparingTo(key);
        assertThat(parsed.text()).isEqualTo(text);
    }
}
