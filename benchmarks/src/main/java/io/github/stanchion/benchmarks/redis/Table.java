package io.github.stanchion.benchmarks.redis;

import io.github.stanchion.benchmarks.redis.StoreLoad.Result;
import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Results as Markdown. */
final class Table {

    private final PrintStream out;

    Table(PrintStream out) {
        this.out = out;
    }

    /** The last columns are ratios to the raw script, where that takes part. */
    void print(Scenario scenario, List<Result> results) {
        row("### %s", scenario.title());
        row("");
        row("| side | decisions/s | p50 us | p99 us | commands sent | calls in scripts | server CPU us"
                + " | bytes a key | rate / EVALSHA | CPU / EVALSHA |");
        row("|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|");
        Measured raw = results.stream()
                .filter(result -> result.contender() == Contender.RAW_SCRIPT)
                .map(Result::measured)
                .findAny()
                .orElse(null);
        results.forEach(result -> print(result, raw));
        row("");
    }

    private void print(Result result, @Nullable Measured raw) {
        Measured measured = result.measured();
        row(
                "| %s | %,.0f | %,.1f | %,.1f | %.3f | %.3f | %.2f | %,d | %s | %s |",
                result.contender().title(),
                measured.perSecond(),
                measured.micros(50),
                measured.micros(99),
                result.sentPerDecision(),
                result.calledPerDecision(),
                measured.cpuMicrosPerDecision(),
                result.bytes(),
                raw == null ? "-" : ratio(measured.perSecond() / raw.perSecond()),
                raw == null ? "-" : ratio(measured.cpuMicrosPerDecision() / raw.cpuMicrosPerDecision()));
    }

    private static String ratio(double ratio) {
        return String.format(Locale.ROOT, "%.2f", ratio);
    }

    void print(Map<String, Long> weights) {
        row("### Bytes of a key of 11 bytes and its state");
        row("");
        row("| limit | bytes |");
        row("|---|--:|");
        weights.forEach((limit, bytes) -> row("| %s | %,d |", limit, bytes));
        row("");
    }

    private void row(String format, Object... values) {
        out.printf(Locale.ROOT, format + "%n", values);
    }
}
