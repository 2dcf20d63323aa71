package io.github.stanchion.benchmarks;

import io.github.stanchion.limit.RateLimitExceededException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.springframework.context.ConfigurableApplicationContext;

/** An annotated method of a Spring bean, key expression and decision included, beside a proxy that does nothing. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class AnnotatedCallBenchmark {

    @Param({"granted", "denied"})
    String path = "";

    private @Nullable ConfigurableApplicationContext application;
    private Guarded guarded = new Guarded();
    private Guarded proxied = new Guarded();

    /** Limits as in {@link OneKeyBenchmark}. */
    @Setup
    public void start() {
        application = SpringApp.start(path.equals("granted") ? "1000000000/1000s" : "1/1d");
        guarded = application.getBean(Guarded.class);
        proxied = SpringApp.bareProxy();
        if (path.equals("denied")) {
            guarded.call("203.0.113.7");
        }
    }

    @TearDown
    public void stop() {
        if (application != null) {
            application.close();
        }
    }

    @Benchmark
    public boolean bareProxy() {
        return proxied.call("203.0.113.7");
    }

    @Benchmark
    public boolean stanchionAnnotated() {
        try {
            return guarded.call("203.0.113.7");
        } catch (RateLimitExceededException refused) {
            return false;
        }
    }
}
