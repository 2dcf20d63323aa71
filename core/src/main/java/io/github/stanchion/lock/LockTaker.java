package io.github.stanchion.lock;

import io.github.stanchion.guard.Move;
import io.github.stanchion.store.StoreException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Takes the locks of one call, as a little machine that waits for nothing itself: each method returns what is to happen next,
 * in the end what its {@link Taking} makes of it.
 *
 * <p>Used by one thread at a time, {@link #lost} apart.
 */
interface LockTaker {

    Move begin();

    Move answered(Object answer);

    Move failed(StoreException trouble);

    Move paused();

    Move abandoned();

    /** The locks that it has taken are to be free; the body has ended. */
    Move release(List<Hold> holds);

    /** How long the lock was to be held on by another when the store last said so; 0 if it has not. */
    long heldForMicros();

    /**
     * The locks are lost while the body goes on: calls of this process need not wait for its end. On any thread, once at most.
     */
    void lost();

    /** Who wants the locks. */
    interface Taking {

        /** All of them are held. */
        Move taken(List<Hold> holds);

        /** They are not to be had. */
        Move refused(LockRefusal reason, @Nullable StoreException trouble);

        /** The store cannot say; whatever it may have granted is being given back. */
        Move storeFailed(StoreException trouble);

        /**
         * All that were held are free, or left to run out.
         *
         * @param known whether the store still knew the holder
         */
        Move released(boolean known);

        /** The lock may be free: what to do before it is asked for again, null to ask at once. */
        default @Nullable Move beforeAskingAgain() {
            return null;
        }
    }
}
