package io.github.stanchion.samples.apilimits;

import io.github.stanchion.annotation.RateLimited;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;

/** Three end points, three ways to limit; every limit stands in {@code application.yml}. */
@RestController
class ApiController {

    private static final List<String> BOOKS =
            List.of("The Art of Limits", "Queues and Tides", "A Bucket of Tokens", "The Patient Client");

    /** Limited by client address; a stricter limit is on trial. */
    @RateLimited("search")
    @RateLimited("search-strict")
    @GetMapping("/search")
    List<String> search(@RequestParam String q) {
        String wanted = q.toLowerCase(Locale.ROOT);
        return BOOKS.stream()
                .filter(title -> title.toLowerCase(Locale.ROOT).contains(wanted))
                .toList();
    }

    /** Waits for its turn rather than being refused, and counts only exports that succeed. */
    @RateLimited("export")
    @GetMapping(value = "/export", produces = "text/csv")
    String export(@RequestParam(defaultValue = "csv") String format) {
        if (!format.equals("csv")) {
            throw new ResponseStatusException(HttpStatus.BAD_REQUEST, "Only csv can be exported");
        }
        return "title\n" + String.join("\n", BOOKS) + "\n";
    }

    /** Limited by what the customer's plan allows. */
    @RateLimited("quote")
    @GetMapping("/quote")
    Map<String, Object> quote(@RequestHeader("X-Api-Key") String apiKey) {
        return Map.of("symbol", "STAN", "price", 42.17);
    }
}
