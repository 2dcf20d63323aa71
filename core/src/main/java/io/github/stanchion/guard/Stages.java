package io.github.stanchion.guard;

import java.util.concurrent.CompletionException;

/** What stages do to errors, undone. */
public final class Stages {

    private Stages() {}

    /** The error that a stage was completed with, without the wrapping that dependent stages add. */
    public static Throwable causeOf(Throwable error) {
        Throwable cause = error instanceof CompletionException ? error.getCause() : null;
        return cause == null ? error : cause;
    }
}
