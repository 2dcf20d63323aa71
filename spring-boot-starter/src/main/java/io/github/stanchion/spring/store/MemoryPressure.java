package io.github.stanchion.spring.store;

import io.github.stanchion.memory.MemoryStore;

/**
 * The memory store fills up, is full, or has room again; published as a Spring event on the thread that noticed.
 *
 * @param now how close to its bound the store is
 */
public record MemoryPressure(MemoryStore.Pressure now) {}
