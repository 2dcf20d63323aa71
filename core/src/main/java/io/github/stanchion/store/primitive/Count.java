package io.github.stanchion.store.primitive;

/**
 * A counter as one atomic step left it.
 *
 * @param value the count; 0 if there is no counter
 * @param timeLeft until the counter ends; {@link TimeLeft.Missing} if there is none
 * @param created whether this step created the counter
 * @param applied whether the step was applied; if it was refused, value and end are as before
 */
public record Count(long value, TimeLeft timeLeft, boolean created, boolean applied) {}
