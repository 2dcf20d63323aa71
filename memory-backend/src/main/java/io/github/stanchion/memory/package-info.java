/**
 * The store that lives in this process: nothing to install, nothing to lose a connection to.
 *
 * <p>Open {@link io.github.stanchion.memory.MemoryStore}, the only public type, first; then {@code SingleStep}, the way of one
 * operation, and {@code JointStep}, that of several. A {@code Slot} holds the state of one key, the {@code SlotTable} all of
 * them, bounded; {@code Overflow} says what happens to keys for which there is no room.
 *
 * <p>Operations are applied in place under the key, time is a monotonic clock with a fixed wall offset, and the number of
 * keys is bounded without ever forgetting a limit that still refuses someone. Applications and the starter may depend on it.
 */
@NullMarked
package io.github.stanchion.memory;

import org.jspecify.annotations.NullMarked;
