package io.github.stanchion.guard;

/**
 * Guards the calls of methods whose result comes later: futures, publishers.
 *
 * <p>Asked once per method; {@link #adapt} is then called for each of its calls, concurrently. Methods that no adapter
 * supports are guarded while they run. {@link java.util.concurrent.CompletionStage} needs no adapter.
 */
public interface ResultAdapter {

    /** Whether the results of this method are this adapter's. */
    boolean supports(GuardedMethod method);

    /**
     * What the caller gets at once, of the method's return type.
     *
     * <p>Enters by {@link GuardExecutor#enterAsync}, calls {@link GuardedCall#proceed} once admitted, and leaves when the
     * result has ended. A rejection is an error of the result and is never thrown.
     */
    Object adapt(GuardExecutor executor, GuardPlan plan, GuardedCall call);
}
