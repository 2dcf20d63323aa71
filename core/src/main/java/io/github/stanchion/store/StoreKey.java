package io.github.stanchion.store;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The name of one subject's state under one policy; made by {@link KeySpace}.
 *
 * <p>Its text is {@code <prefix>:1:<kind>:<name>:{<subject>}}, ASCII, at most 250 characters, the same on every backend, as in
 * {@code stanchion:1:rate-bucket:search:{5.alice}}. Each part of a subject stands behind its length, so that different
 * subjects never share a text; nothing is trimmed, folded or normalised. Subjects over 100 characters appear as
 * {@code h.} and their SHA-256. The one pair of braces, which names the cluster slot, is Stanchion's own: user text has its
 * braces escaped, so that no caller steers a slot.
 *
 * <p>Immutable. Holds the parts and one hash; the text is built when asked for. {@link #toString} shows no subject, as
 * subjects are e-mail addresses and the like.
 */
public final class StoreKey implements Comparable<StoreKey> {

    /** The version of the layout of keys and state; part of every key. */
    public static final int LAYOUT = 1;

    /** The largest {@link #fingerprint}, 2^52 - 1. */
    public static final long MOST_FINGERPRINT = (1L << 52) - 1;

    static final int LONGEST_SUBJECT = 100;
    static final int LONGEST_TAGGED_SUBJECT = 70;
    static final int LONGEST_TAG = 24;

    /** Stands where other parts would, in keys whose one part is a hash; told by identity, as a flag would cost 8 bytes. */
    private static final List<String> HASHED = Collections.unmodifiableList(new ArrayList<>(0));

    private final KeySpace space;
    private final @Nullable String tag;
    private final @Nullable String first;
    private final List<String> more;
    private final int hash;

    private StoreKey(KeySpace space, @Nullable String tag, @Nullable String first, List<String> more) {
        this.space = space;
        this.tag = tag;
        this.first = first;
        this.more = more;
        int h = space.hashCode();
        if (tag != null) {
            h = h * 31 + tag.hashCode();
        }
        if (first != null) {
            h = h * 31 + first.hashCode();
        }
        this.hash = more.isEmpty() ? h : h * 31 + more.hashCode();
    }

    static StoreKey of(KeySpace space, @Nullable String tag, @Nullable String first, List<String> more) {
        return ofTagText(space, tag == null ? null : KeyText.boundedTag(tag, LONGEST_TAG), first, more);
    }

    private static StoreKey ofTagText(
            KeySpace space, @Nullable String tagText, @Nullable String first, List<String> more) {
        KeySpace own = first == null || tagText != null ? space.withoutSlot() : space;
        if (first == null) {
            return new StoreKey(own, tagText, null, List.of());
        }
        int longest = tagText == null ? LONGEST_SUBJECT : LONGEST_TAGGED_SUBJECT;
        if (more.isEmpty() && KeyText.surelyFits(first, longest)) {
            return new StoreKey(own, tagText, first, List.of());
        }
        StringBuilder subject = new StringBuilder();
        KeyText.appendPart(subject, first);
        more.forEach(part -> KeyText.appendPart(subject, part));
        return subject.length() <= longest
                ? new StoreKey(own, tagText, first, List.copyOf(more))
                : new StoreKey(own, tagText, KeyText.hash(subject), HASHED);
    }

    /**
     * The key with this text.
     *
     * <p>Inverts {@link #text()}; of a subject or name that is hashed, the hash is known.
     *
     * @throws IllegalArgumentException if the text is not that of a key of this layout
     */
    public static StoreKey parse(String text) {
        return KeyParser.parse(text);
    }

    static StoreKey parsed(KeySpace space, @Nullable String tag, @Nullable String subject) {
        String tagText = tag == null ? null : KeyText.requireTag(tag, LONGEST_TAG);
        if (subject == null) {
            return ofTagText(space, tagText, null, List.of());
        }
        if (KeyText.isHashed(subject)) {
            return new StoreKey(space, tagText, KeyText.requireHash(subject), HASHED);
        }
        List<String> parts = KeyText.parts(subject);
        return ofTagText(space, tagText, parts.get(0), parts.subList(1, parts.size()));
    }

    /** Prefix, kind and name. */
    public KeySpace space() {
        return space;
    }

    /** The parts that name the subject, empty if there is none; the hash alone if {@link #isHashed()}. */
    public List<String> subject() {
        if (first == null) {
            return List.of();
        }
        List<String> parts = new ArrayList<>(more.size() + 1);
        parts.add(first);
        parts.addAll(more);
        return List.copyOf(parts);
    }

    /** Whether the subject is too long to be kept and only its hash is. */
    @SuppressWarnings("ReferenceEquality")
    public boolean isHashed() {
        return more == HASHED;
    }

    /** The key of the same subject, in the same slot, under another space; siblings share prefix and name. */
    public StoreKey in(KeySpace sibling) {
        KeySpace own = space.isSlotByName() ? sibling.slotByName() : sibling.withoutSlot();
        return new StoreKey(own, tag, first, more);
    }

    /** The text of the key: ASCII, at most 250 characters. Built anew at each call. */
    public String text() {
        StringBuilder text = new StringBuilder(96);
        text.append(space.prefix())
                .append(':')
                .append(LAYOUT)
                .append(':')
                .append(space.kind())
                .append(':');
        boolean bracedName = tag == null && (first == null || space.isSlotByName());
        if (bracedName) {
            text.append('{').append(space.nameText()).append('}');
        } else {
            text.append(space.nameText());
        }
        if (tag != null) {
            text.append(":{t.").append(tag).append('}');
        }
        if (first != null) {
            boolean bracedSubject = tag == null && !bracedName;
            text.append(bracedSubject ? ":{" : ":");
            appendSubject(text, first);
            if (bracedSubject) {
                text.append('}');
            }
        }
        return text.toString();
    }

    private void appendSubject(StringBuilder text, String head) {
        if (isHashed()) {
            text.append(head);
            return;
        }
        KeyText.appendPart(text, head);
        more.forEach(part -> KeyText.appendPart(text, part));
    }

    /**
     * A number that stands for this key where its text must not be seen, as in signals: 0 to {@link #MOST_FINGERPRINT}.
     *
     * <p>The first 52 bits of the SHA-256 of {@link #text()}, so the same in every process. Two keys may share one, though
     * hardly ever do. Computed anew at each call.
     */
    public long fingerprint() {
        return ByteBuffer.wrap(KeyText.digest(text())).getLong() >>> 12;
    }

    /** By space, then by subject; consistent with equals, and the same in every process. */
    @Override
    public int compareTo(StoreKey that) {
        int order = space.compareTo(that.space);
        if (order == 0) {
            order = Boolean.compare(isHashed(), that.isHashed());
        }
        if (order == 0) {
            order = compare(tag, that.tag);
        }
        if (order == 0) {
            order = compare(first, that.first);
        }
        if (order == 0) {
            order = Integer.compare(more.size(), that.more.size());
        }
        for (int i = 0; order == 0 && i < more.size(); i++) {
            order = more.get(i).compareTo(that.more.get(i));
        }
        return order;
    }

    private static int compare(@Nullable String a, @Nullable String b) {
        if (a == null) {
            return b == null ? 0 : -1;
        }
        return b == null ? 1 : a.compareTo(b);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return this == other
                || other instanceof StoreKey that
                        && hash == that.hash
                        && Objects.equals(first, that.first)
                        && (isOfSameForm(that) || isOfEqualForm(that));
    }

    /** The usual case of two equal keys of one policy, in few enough words to become a part of whoever looks keys up. */
    @SuppressWarnings("ReferenceEquality")
    private boolean isOfSameForm(StoreKey that) {
        return space == that.space && tag == that.tag && more == that.more;
    }

    private boolean isOfEqualForm(StoreKey that) {
        return isHashed() == that.isHashed()
                && Objects.equals(tag, that.tag)
                && more.equals(that.more)
                && space.equals(that.space);
    }

    @Override
    public int hashCode() {
        return hash;
    }

    /** The space alone: subjects do not belong into logs. */
    @Override
    public String toString() {
        return space + (first == null ? "" : ":?");
    }
}
