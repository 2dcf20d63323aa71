package io.github.stanchion.weaving.app;

/** Guarded by an annotation of the application. */
@Metered
public class Shelf {

    public String filled() {
        return "filled";
    }
}
