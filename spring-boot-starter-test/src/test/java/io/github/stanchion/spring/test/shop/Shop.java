package io.github.stanchion.spring.test.shop;

import io.github.stanchion.annotation.RateLimited;
import io.github.stanchion.annotation.WithLock;
import java.util.concurrent.Callable;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.stereotype.Component;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** The application under test; its limits are in {@code application.yml}. */
@SpringBootApplication
public class Shop {

    @RestController
    public static class Pages {

        private final Catalog catalog;

        Pages(Catalog catalog) {
            this.catalog = catalog;
        }

        @RateLimited("search")
        @GetMapping("/search")
        public String search(@RequestParam String user) {
            return "found for " + user;
        }

        @RateLimited("export")
        @GetMapping("/export")
        public String export() {
            return "exported";
        }

        @GetMapping("/reindex")
        public String reindex(@RequestParam String part) throws Exception {
            return catalog.locked(part, () -> "reindexed");
        }
    }

    @Component
    public static class Catalog {

        @RateLimited("search")
        public String search(String user) {
            return user;
        }

        @RateLimited(limit = "1/1h")
        public String unnamed() {
            return "once";
        }

        @WithLock(name = "reindex", key = "#part")
        public String locked(String part, Callable<String> body) throws Exception {
            return body.call();
        }
    }
}
