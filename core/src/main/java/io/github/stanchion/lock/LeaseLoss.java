package io.github.stanchion.lock;

/** Why a lease was lost. */
public enum LeaseLoss {

    /** It could not be renewed in time, or was not to be renewed. */
    EXPIRED("it could not be renewed in time"),

    /** The store says that somebody else may hold the lock, or that it was freed. */
    STOLEN("the store does not know this holder any more"),

    /** The store knows nothing of the lock: it has lost data. */
    STORE_LOST("the store has lost it"),

    /** The longest hold was over. */
    MAX_HOLD("its longest hold was over"),

    /** A later holder has written already. */
    FENCED("a later holder has written already");

    private final String text;

    LeaseLoss(String text) {
        this.text = text;
    }

    String text() {
        return text;
    }
}
