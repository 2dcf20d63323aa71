package io.github.stanchion.samples.pricing;

import java.util.List;
import java.util.Map;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/prices")
class PriceController {

    private final PriceBook book;
    private final PriceExport export;

    PriceController(PriceBook book, PriceExport export) {
        this.book = book;
        this.export = export;
    }

    @GetMapping("/{sku}")
    Price price(@PathVariable String sku) throws InterruptedException {
        return book.price(sku);
    }

    @GetMapping("/computations")
    Map<String, Integer> computations() {
        return Map.of("computations", book.computations());
    }

    @GetMapping("/exports")
    Map<String, List<Long>> exports() {
        return Map.of("tokens", export.tokens());
    }
}
