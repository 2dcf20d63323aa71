package io.github.stanchion.samples.pricing;

import java.math.BigDecimal;

/** What an article costs. */
record Price(String sku, BigDecimal amount, String currency) {}
