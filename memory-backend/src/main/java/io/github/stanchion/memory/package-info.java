/**
 * The store that lives in this process. Operations are applied in place under the key, time is a monotonic clock with a fixed
 * wall offset, and the number of keys is bounded without ever forgetting a limit that still refuses someone.
 */
@NullMarked
package io.github.stanchion.memory;

import org.jspecify.annotations.NullMarked;
