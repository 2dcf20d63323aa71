package io.github.stanchion.samples.pricing;

import io.github.stanchion.annotation.OnContention;
import io.github.stanchion.annotation.WithLock;
import java.math.BigDecimal;
import java.util.concurrent.atomic.AtomicInteger;
import org.springframework.stereotype.Service;

/** Computes prices, at length. */
@Service
class PriceBook {

    private final AtomicInteger computations = new AtomicInteger();

    /** One call computes; all others that come meanwhile, on whatever node, get its result. */
    @WithLock(name = "price", key = "#sku", onContention = OnContention.SINGLE_FLIGHT)
    public Price price(String sku) throws InterruptedException {
        computations.incrementAndGet();
        Thread.sleep(1_000); // stands for suppliers' systems that take their time
        return new Price(sku, BigDecimal.valueOf(1_000 + Math.floorMod(sku.hashCode(), 9_000), 2), "EUR");
    }

    /** How many prices this node has computed. */
    int computations() {
        return computations.get();
    }
}
