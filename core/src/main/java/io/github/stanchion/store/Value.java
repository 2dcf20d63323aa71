package io.github.stanchion.store;

/**
 * What a key holds: guard state, a counter, or a versioned item.
 *
 * <p>A store never judges time; operations do. {@link Cells} are <em>collectable</em>: once the time to collection has passed
 * they decide as an absent key does. {@link Counter} and {@link Item} are <em>ending</em>: from store time {@code endsAt} on
 * they are absent for everybody, whether the store has collected them or not.
 */
public sealed interface Value permits Cells, Counter, Item {}
