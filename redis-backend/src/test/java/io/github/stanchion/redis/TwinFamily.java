package io.github.stanchion.redis;

import io.github.stanchion.store.Cells;
import io.github.stanchion.store.Counter;
import io.github.stanchion.store.Effect;
import io.github.stanchion.store.Item;
import io.github.stanchion.store.Operation;
import io.github.stanchion.store.Value;
import io.github.stanchion.testkit.LockFamilies;
import io.github.stanchion.testkit.OperationFamily;
import io.github.stanchion.testkit.PrimitiveFamilies;
import io.github.stanchion.testkit.Probe;
import io.github.stanchion.testkit.RateFamilies;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Operations that are walked together.
 *
 * @param operations their names
 * @param shared the parts of scripts that their twins alone have in common
 */
record TwinFamily(String name, Function<Random, OperationFamily> source, List<String> operations, List<String> shared) {

    static final List<TwinFamily> ALL = List.of(
            of(
                    "buckets",
                    random -> random.nextInt(4) == 0 ? RateFamilies.resets(random) : RateFamilies.bucket(random),
                    List.of("rate.bucket", "rate.bucket.settle", "rate.reset"),
                    "_bucket.lua"),
            of(
                    "intervals",
                    random -> RateFamilies.interval(random, random.nextBoolean()),
                    List.of("rate.interval", "rate.interval.settle"),
                    "_interval.lua",
                    "_cells_text.lua"),
            of("windows", RateFamilies::window, List.of("rate.window", "rate.window.settle"), "_window.lua"),
            of("logs", RateFamilies::log, List.of("rate.log", "rate.log.settle"), "_log.lua"),
            of(
                    "locks",
                    LockFamilies::locks,
                    List.of("lock.acquire", "lock.renew", "lock.release", "lock.break", "lock.inspect"),
                    "_lock.lua",
                    "_lock_alone.lua"),
            of(
                    "counters",
                    PrimitiveFamilies::counters,
                    List.of("counter.increment", "counter.undo", "counter.set", "counter.get", "counter.delete"),
                    "_counter.lua",
                    "_ttl.lua"),
            of(
                    "values",
                    PrimitiveFamilies::repeatedValues,
                    List.of(
                            "value.read",
                            "value.put",
                            "value.set-if-absent",
                            "value.compare-and-set",
                            "value.compare-and-delete",
                            "value.renew",
                            "value.delete",
                            "value.delete-if-equal"),
                    "_item.lua"),
            of(
                    "probes",
                    random -> () -> probe(random),
                    List.of("probe.plant", "probe.read", "probe.add", "probe.tell")));

    private static TwinFamily of(
            String name, Function<Random, OperationFamily> source, List<String> operations, String... shared) {
        return new TwinFamily(name, source, operations, List.of(shared));
    }

    OperationFamily draw(Random random) {
        return source.apply(random);
    }

    /** The parts of scripts that the walk must know to be right. */
    List<String> files() {
        return Stream.concat(operations.stream().map(ScriptText::twinFile), shared.stream())
                .toList();
    }

    @Override
    public String toString() {
        return name;
    }

    private static Operation<?> probe(Random random) {
        return switch (random.nextInt(4)) {
            case 0 -> new Probe.Read();
            case 1 -> new Probe.Plant(value(random), Effect.Put.NEVER, random.nextBoolean());
            case 2 -> new Probe.Tell(random.nextLong() >> 11, random.nextInt(3));
            default -> new Probe.Add(random.nextInt(20), random.nextInt(40), 1 + random.nextInt(1_000_000));
        };
    }

    private static @Nullable Value value(Random random) {
        return switch (random.nextInt(5)) {
            case 0 -> null;
            case 1 -> new Counter(random.nextLong(), random.nextInt(3));
            case 2 ->
                new Item(1 + random.nextInt(9), 2, -3, 4, 5, 6, random.nextBoolean() ? null : new byte[] {'\n', 7});
            case 3 -> Cells.of(random.nextLong() >> 11, random.nextInt(9));
            default -> Cells.of(random.nextInt(40));
        };
    }
}
