package io.github.stanchion.store;

/**
 * The keys of one space, or of a space and all names nested in it.
 *
 * @param space prefix, kind and name; in which slot its keys lie does not matter
 * @param nested whether names that begin with this name and a slash belong to it too, as the children of a namespace do;
 *     of names so long that they are hashed nobody can tell what they began with, so they belong to no other name
 */
public record KeyRange(KeySpace space, boolean nested) {

    /** The keys of exactly this space. */
    public static KeyRange of(KeySpace space) {
        return new KeyRange(space, false);
    }

    /** Whether the keys of {@code other} lie in the range. */
    public boolean contains(KeySpace other) {
        return space.prefix().equals(other.prefix())
                && space.kind().equals(other.kind())
                && (space.nameText().equals(other.nameText())
                        || nested && other.nameText().startsWith(space.nameText() + "%2F"));
    }
}
