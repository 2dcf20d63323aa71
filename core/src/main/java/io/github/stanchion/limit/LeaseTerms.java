package io.github.stanchion.limit;

/** How many permits a process may hold of a subject, and how long it may spend them. */
record LeaseTerms(long permits, long ttlNanos) {}
