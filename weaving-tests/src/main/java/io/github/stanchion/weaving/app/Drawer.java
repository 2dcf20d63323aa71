package io.github.stanchion.weaving.app;

/** Makes its heirs have bridge methods. */
public interface Drawer<T> {

    T put(T thing);
}
