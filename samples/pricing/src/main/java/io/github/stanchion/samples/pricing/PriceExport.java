package io.github.stanchion.samples.pricing;

import io.github.stanchion.annotation.OnContention;
import io.github.stanchion.annotation.WithLock;
import io.github.stanchion.lock.Lease;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Service;

/** Exports the price list regularly, on whichever node comes first. */
@Service
class PriceExport {

    private final List<Long> tokens = new CopyOnWriteArrayList<>();

    /**
     * The lock stays for longer than the nodes' clocks may differ, so that a node whose clock is late does not export again.
     */
    @Scheduled(cron = "${pricing.export.cron}")
    @WithLock(name = "price-export", onContention = OnContention.SKIP)
    public void export() {
        // What the list is written to can refuse a token that is lower than one it has seen.
        tokens.add(Lease.current("price-export").fencingToken());
    }

    /** The fencing tokens of this node's exports. */
    List<Long> tokens() {
        return List.copyOf(tokens);
    }
}
