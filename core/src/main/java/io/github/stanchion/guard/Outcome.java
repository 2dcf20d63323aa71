package io.github.stanchion.guard;

import org.jspecify.annotations.Nullable;

/** How a call ended that a guard had admitted. */
public sealed interface Outcome {

    /** It returned normally; of an asynchronous result: its value, of a stream: its last element. */
    record Returned(@Nullable Object value) implements Outcome {}

    /** The method, or the asynchronous result, failed. */
    record Threw(Throwable error) implements Outcome {}

    /** The method never ran: a guard further in refused, or failed. */
    record NotRun(Throwable reason) implements Outcome {}

    /** The subscriber went away after the method had begun. */
    record Cancelled() implements Outcome {}
}
