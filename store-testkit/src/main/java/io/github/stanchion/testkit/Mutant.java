package io.github.stanchion.testkit;

import io.github.stanchion.store.Cells;
import io.github.stanchion.store.Operation;
import io.github.stanchion.store.Value;
import org.jspecify.annotations.Nullable;

/**
 * A twin made a little wrong, as native forms come out wrong; any walk worth its name finds it out.
 *
 * <p>Works on any twin from outside, by what it is told and what is read back.
 */
public abstract class Mutant implements Twin {

    private final Twin twin;

    Mutant(Twin twin) {
        this.twin = twin;
    }

    /** Lets every wait end one microsecond early. */
    public static Twin early(Twin twin) {
        return new Mutant(twin) {
            @Override
            long time(long nowMicros) {
                return nowMicros + 1;
            }
        };
    }

    /** Counts time in milliseconds, rounded down. */
    public static Twin coarse(Twin twin) {
        return new Mutant(twin) {
            @Override
            long time(long nowMicros) {
                return nowMicros - Math.floorMod(nowMicros, 1_000L);
            }
        };
    }

    /** Takes a clock that steps back for one that stands still, so that what lies ahead of it comes nearer. */
    public static Twin neverBack(Twin twin) {
        return new Mutant(twin) {
            private long latest;

            @Override
            long time(long nowMicros) {
                latest = Math.max(latest, nowMicros);
                return latest;
            }
        };
    }

    /** Keeps the first cell of a state alone, as a form for one bandwidth does with the state of several. */
    public static Twin firstCellOnly(Twin twin) {
        return new Mutant(twin) {
            @Override
            public Outcome run(Operation<?> operation, long nowMicros) {
                if (super.state(nowMicros) instanceof Cells cells && cells.size() > 1) {
                    super.plant(Cells.of(cells.get(0)), nowMicros);
                }
                return super.run(operation, nowMicros);
            }
        };
    }

    /** Applies every hundredth step twice, as a connection does that sends again what was not answered. */
    public static Twin repeating(Twin twin) {
        return new Mutant(twin) {
            private int steps;

            @Override
            public Outcome run(Operation<?> operation, long nowMicros) {
                Outcome outcome = super.run(operation, nowMicros);
                return ++steps % 100 == 0 ? super.run(operation, nowMicros) : outcome;
            }
        };
    }

    /** Forgets now and then what it wrote. */
    public static Twin forgetful(Twin twin) {
        return new Mutant(twin) {
            private int steps;

            @Override
            public Outcome run(Operation<?> operation, long nowMicros) {
                if (++steps % 50 == 0) {
                    super.plant(null, nowMicros);
                }
                return super.run(operation, nowMicros);
            }
        };
    }

    long time(long nowMicros) {
        return nowMicros;
    }

    @Override
    public void plant(@Nullable Value value, long nowMicros) {
        twin.plant(value, time(nowMicros));
    }

    @Override
    public Outcome run(Operation<?> operation, long nowMicros) {
        return twin.run(operation, time(nowMicros));
    }

    @Override
    public @Nullable Value state(long nowMicros) {
        return twin.state(nowMicros);
    }

    @Override
    public void close() {
        twin.close();
    }
}
