package io.github.stanchion.samples.directorystore;

import io.github.stanchion.annotation.RateLimited;
import io.github.stanchion.store.primitive.AtomicCounters;
import io.github.stanchion.store.primitive.Ttl;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/** Hands out numbers: each once, whichever instance is asked, and only so many a minute. */
@RestController
class TicketController {

    private final AtomicCounters tickets;

    TicketController(AtomicCounters counters) {
        this.tickets = counters.namespace("tickets");
    }

    @RateLimited("tickets")
    @PostMapping("/tickets")
    long draw() {
        return tickets.increment("drawn", Ttl.none()).value();
    }
}
