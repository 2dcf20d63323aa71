package io.github.stanchion.store;

/**
 * The keys of one space, or of a space and all names nested in it.
 *
 * @param space prefix, kind and name
 * @param nested whether names that begin with this name and a slash belong to it too, as the children of a namespace do
 */
public record KeyRange(KeySpace space, boolean nested) {

    /** The keys of exactly this space. */
    public static KeyRange of(KeySpace space) {
        return new KeyRange(space, false);
    }

    /** Whether the keys of {@code other} lie in the range. */
    public boolean contains(KeySpace other) {
        return space.equals(other)
                || nested
                        && space.prefix().equals(other.prefix())
                        && space.kind().equals(other.kind())
                        && other.name().startsWith(space.name() + "/");
    }
}
