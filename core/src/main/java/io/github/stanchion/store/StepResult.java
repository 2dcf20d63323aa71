package io.github.stanchion.store;

/** What one step of a batch came to: its result, or the error that concerns this step alone. */
public sealed interface StepResult<R> {

    /**
     * The step's result.
     *
     * @throws StoreException the step's error, if it has no result
     */
    R get();

    /** The step ran. */
    record Done<R>(R result) implements StepResult<R> {

        @Override
        public R get() {
            return result;
        }
    }

    /** The step failed; other steps of the batch are not touched by that. */
    record Failed<R>(StoreException error) implements StepResult<R> {

        @Override
        public R get() {
            throw error;
        }
    }
}
