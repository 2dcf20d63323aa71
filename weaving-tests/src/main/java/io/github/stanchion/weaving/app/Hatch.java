package io.github.stanchion.weaving.app;

import io.github.stanchion.annotation.RateLimited;
import java.util.concurrent.CompletableFuture;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** Answers over HTTP, later, where no proxy reaches or one does: all say {@code open}. */
@RestController
public class Hatch {

    @GetMapping("/bean")
    @RateLimited(name = "bean", limit = "1/30s")
    public CompletableFuture<String> bean() {
        return later();
    }

    /** No proxy overrides it. */
    @GetMapping("/final")
    @RateLimited(name = "final", limit = "1/30s")
    public final CompletableFuture<String> sealed() {
        return later();
    }

    /** Not guarded itself. */
    @GetMapping("/private")
    public CompletableFuture<String> opensHidden() {
        return hidden();
    }

    @RateLimited(name = "private", limit = "1/30s")
    private CompletableFuture<String> hidden() {
        return later();
    }

    /** Not guarded itself. */
    @GetMapping("/plain")
    public CompletableFuture<String> plain() {
        return new Window().open();
    }

    private static CompletableFuture<String> later() {
        return CompletableFuture.supplyAsync(() -> "open");
    }

    /** No bean. */
    private static final class Window {

        @RateLimited(name = "plain", limit = "1/30s")
        CompletableFuture<String> open() {
            return later();
        }
    }
}
