package io.github.stanchion.store.primitive;

import io.github.stanchion.store.KeyRange;
import io.github.stanchion.store.KeySpace;
import io.github.stanchion.store.StoreKey;
import org.jspecify.annotations.Nullable;

/**
 * The names of nested namespaces, and the keys in them.
 *
 * <p>Names are joined by a slash; a slash within a name becomes {@code ~1} and a tilde {@code ~0}, so that the child "b" of "a"
 * and the namespace "a/b" never meet. Names long enough to be hashed are refused, as nobody could tell whose children they
 * are.
 */
final class Namespace {

    private static final String BARE = "default";

    private final @Nullable String path;
    private final KeySpace space;

    private Namespace(@Nullable String path, KeySpace space) {
        this.path = path;
        this.space = space;
    }

    /** The namespace of whoever names none. */
    static Namespace bare(String prefix, String kind) {
        return new Namespace(null, KeySpace.of(prefix, kind, BARE));
    }

    Namespace child(String name) {
        if (name.isEmpty()) {
            throw new IllegalArgumentException("Namespace '' is empty; give it a name");
        }
        String escaped = name.replace("~", "~0").replace("/", "~1");
        String nested = path == null ? escaped : path + "/" + escaped;
        KeySpace child = KeySpace.of(space.prefix(), space.kind(), nested);
        if (child.isNameHashed()) {
            throw new IllegalArgumentException("Namespace of " + nested.length()
                    + " characters is too long; use at most 64 with escapes, and let keys tell more apart");
        }
        return new Namespace(nested, child);
    }

    StoreKey key(String key) {
        return space.key(key);
    }

    /** This namespace and its children. */
    KeyRange range() {
        return new KeyRange(space, true);
    }

    @Override
    public String toString() {
        return space.name();
    }
}
