package io.github.stanchion.weaving.app;

import io.github.stanchion.annotation.WithLock;
import java.util.function.Consumer;
import org.springframework.transaction.annotation.Transactional;

/** Locked and in a transaction, for which there are proxies alone. */
public class Ledger {

    private final Consumer<String> notes;

    /** @param notes what its methods do */
    public Ledger(Consumer<String> notes) {
        this.notes = notes;
    }

    @WithLock("ledger")
    @Transactional
    public void book() {
        notes.accept("body");
    }

    /** Not guarded itself. */
    @Transactional
    public void booksItself() {
        book();
    }
}
