package io.github.stanchion.limit;

/**
 * How many permits a process may hold of a subject, and how long it may spend them.
 *
 * @param holdOffMicros how long it asks for no more at least, once there were fewer than it wanted; 0 to ask at once
 */
record LeaseTerms(long permits, long ttlNanos, long holdOffMicros) {}
