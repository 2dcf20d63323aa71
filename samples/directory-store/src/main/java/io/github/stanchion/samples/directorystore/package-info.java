/** A store of one's own, over locked files; start at {@code DirectoryStore}. */
@NullMarked
package io.github.stanchion.samples.directorystore;

import org.jspecify.annotations.NullMarked;
