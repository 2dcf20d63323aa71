package io.github.stanchion.store;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Prefix, kind and name: what the keys of one policy or namespace have in common; makes its keys.
 *
 * <p>Immutable and thread-safe; made once per policy, so that what names the policy is checked and encoded once. Two spaces
 * are equal iff their keys have the same text.
 */
public final class KeySpace implements Comparable<KeySpace> {

    private static final int LONGEST_PREFIX = 32;
    private static final int LONGEST_KIND = 40;
    private static final int LONGEST_NAME = 64;

    private final String prefix;
    private final String kind;
    private final String name;
    private final String nameText;
    private final boolean slotByName;
    private final int hash;

    private KeySpace(String prefix, String kind, String name, String nameText, boolean slotByName) {
        this.prefix = prefix;
        this.kind = kind;
        this.name = name;
        this.nameText = nameText;
        this.slotByName = slotByName;
        this.hash = ((prefix.hashCode() * 31 + kind.hashCode()) * 31 + nameText.hashCode()) * 31 + (slotByName ? 1 : 0);
    }

    /**
     * The space of these three.
     *
     * @param prefix 1 to 32 of {@code A-Za-z0-9._-}; applications that share it and a store share state
     * @param kind 1 to 40 of {@code a-z0-9-}; names what the state means
     * @param name any text that is not empty: the policy or namespace; long names are hashed in the key's text
     */
    public static KeySpace of(String prefix, String kind, String name) {
        if (!matches(prefix, LONGEST_PREFIX, "._-", true)) {
            throw new IllegalArgumentException("Key prefix '" + KeyText.printable(prefix)
                    + "' is not allowed; use 1 to 32 of A-Z, a-z, 0-9, '.', '_' and '-'");
        }
        if (!matches(kind, LONGEST_KIND, "-", false)) {
            throw new IllegalArgumentException(
                    "Key kind '" + KeyText.printable(kind) + "' is not allowed; use 1 to 40 of a-z, 0-9 and '-'");
        }
        if (name.isEmpty()) {
            throw new IllegalArgumentException("Key name of kind '" + kind + "' is empty; give it a name");
        }
        return new KeySpace(prefix, kind, name, KeyText.bounded(name, LONGEST_NAME), false);
    }

    private static boolean matches(String text, int longest, String punctuation, boolean upperCase) {
        if (text.isEmpty() || text.length() > longest) {
            return false;
        }
        return text.chars()
                .allMatch(c -> c >= 'a' && c <= 'z'
                        || c >= '0' && c <= '9'
                        || upperCase && c >= 'A' && c <= 'Z'
                        || punctuation.indexOf(c) >= 0);
    }

    /** This space with all its keys in one slot of a cluster, rather than each subject's in its own. */
    public KeySpace slotByName() {
        return slotByName ? this : new KeySpace(prefix, kind, name, nameText, true);
    }

    /** The same prefix and name under another kind: for what belongs to the same subject and slot. */
    public KeySpace withKind(String sibling) {
        KeySpace space = of(prefix, sibling, "-");
        return new KeySpace(prefix, space.kind, name, nameText, slotByName);
    }

    /** The one key of a policy without a subject. */
    public StoreKey key() {
        return StoreKey.of(this, null, null, List.of());
    }

    /** The key of a subject named by one text: any string, the empty one included. */
    public StoreKey key(String part) {
        return StoreKey.of(this, null, Objects.requireNonNull(part, "part"), List.of());
    }

    /** The key of a subject named by several texts; {@code ("a", "bc")} and {@code ("ab", "c")} are different subjects. */
    public StoreKey key(List<String> parts) {
        return taggedKey(null, parts);
    }

    /**
     * As {@link #key(List)}, in the slot of {@code tag}, whatever the subject.
     *
     * @param tag null for none
     */
    public StoreKey taggedKey(@Nullable String tag, List<String> parts) {
        return parts.isEmpty()
                ? StoreKey.of(this, tag, null, List.of())
                : StoreKey.of(this, tag, Objects.requireNonNull(parts.get(0), "part"), parts.subList(1, parts.size()));
    }

    public String prefix() {
        return prefix;
    }

    public String kind() {
        return kind;
    }

    /** The name as given; the hash of it if the space was parsed from a key whose name is hashed. */
    public String name() {
        return name;
    }

    /** Whether the name is too long to be part of a key's text, so that its hash stands there. */
    public boolean isNameHashed() {
        return KeyText.isHashed(nameText);
    }

    /** Whether all keys of the space lie in one slot. */
    public boolean isSlotByName() {
        return slotByName;
    }

    String nameText() {
        return nameText;
    }

    KeySpace withoutSlot() {
        return slotByName ? new KeySpace(prefix, kind, name, nameText, false) : this;
    }

    static KeySpace parsed(String prefix, String kind, String nameText, boolean slotByName) {
        if (!KeyText.isHashed(nameText)) {
            KeySpace space = of(prefix, kind, KeyText.decode(nameText));
            return slotByName ? space.slotByName() : space;
        }
        String hash = KeyText.requireHash(nameText);
        KeySpace space = of(prefix, kind, "-");
        return new KeySpace(space.prefix, space.kind, hash, hash, slotByName);
    }

    @Override
    public int compareTo(KeySpace that) {
        int order = prefix.compareTo(that.prefix);
        if (order == 0) {
            order = kind.compareTo(that.kind);
        }
        if (order == 0) {
            order = nameText.compareTo(that.nameText);
        }
        return order != 0 ? order : Boolean.compare(slotByName, that.slotByName);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return this == other
                || other instanceof KeySpace that
                        && hash == that.hash
                        && slotByName == that.slotByName
                        && nameText.equals(that.nameText)
                        && kind.equals(that.kind)
                        && prefix.equals(that.prefix);
    }

    @Override
    public int hashCode() {
        return hash;
    }

    /** Prefix, kind and name; holds no subject. */
    @Override
    public String toString() {
        return prefix + ":1:" + kind + ":" + nameText;
    }
}
