package io.github.stanchion.testkit;

import io.github.stanchion.lock.LockOwner;
import io.github.stanchion.lock.LockRelease;
import io.github.stanchion.lock.LockRenew;
import io.github.stanchion.store.Cells;
import io.github.stanchion.store.Operation;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;

/** Locks that are a little wrong, in the ways in which locks are. */
final class LockMutants {

    private static final int TOKEN = 2;
    private static final int HOLDS = 3;
    private static final int HEAD = 4;

    private LockMutants() {}

    static List<UnaryOperator<Twin>> all() {
        return List.of(
                LockMutants::freesForAnybody,
                LockMutants::knowsNodesAlone,
                LockMutants::restartsTokens,
                LockMutants::forgetsWhoWaits,
                LockMutants::renewsWhatHasEnded);
    }

    /** What the key holds, before each step. */
    private abstract static class Tampered extends Mutant {

        Tampered(Twin twin) {
            super(twin);
        }

        abstract Operation<?> tamper(Operation<?> operation, long[] cells, long now);

        @Override
        public Outcome run(Operation<?> operation, long nowMicros) {
            if (!(state(nowMicros) instanceof Cells cells) || cells.size() < HEAD) {
                return super.run(operation, nowMicros);
            }
            long[] numbers = cells.toArray();
            Operation<?> sent = tamper(operation, numbers, nowMicros);
            if (!Arrays.equals(numbers, cells.toArray())) {
                plant(Cells.of(numbers), nowMicros);
            }
            return super.run(sent, nowMicros);
        }
    }

    /** Releases without a look at the owner. */
    private static Twin freesForAnybody(Twin twin) {
        return new Tampered(twin) {
            @Override
            Operation<?> tamper(Operation<?> operation, long[] cells, long now) {
                if (operation instanceof LockRelease release && cells[HOLDS] == 1) {
                    cells[HEAD] = release.owner().node();
                    cells[HEAD + 1] = release.owner().sequence();
                }
                return operation;
            }
        };
    }

    /** Takes two acquisitions of a node for one. */
    private static Twin knowsNodesAlone(Twin twin) {
        return new Tampered(twin) {
            @Override
            Operation<?> tamper(Operation<?> operation, long[] cells, long now) {
                return operation instanceof LockRenew renew
                                && cells[HOLDS] == 1
                                && cells[HEAD] == renew.owner().node()
                        ? new LockRenew(
                                new LockOwner(cells[HEAD], cells[HEAD + 1]),
                                renew.mode(),
                                renew.queue(),
                                renew.retentionMicros(),
                                renew.spanMicros())
                        : operation;
            }
        };
    }

    /** Counts tokens by time alone. */
    private static Twin restartsTokens(Twin twin) {
        return new Tampered(twin) {
            @Override
            Operation<?> tamper(Operation<?> operation, long[] cells, long now) {
                if (cells[HOLDS] == 0) {
                    cells[TOKEN] = 0;
                }
                return operation;
            }
        };
    }

    /** Sees the last in line long ago. */
    private static Twin forgetsWhoWaits(Twin twin) {
        return new Tampered(twin) {
            @Override
            Operation<?> tamper(Operation<?> operation, long[] cells, long now) {
                if (cells.length > HEAD + 5 * cells[HOLDS]) {
                    cells[cells.length - 1] = 0;
                }
                return operation;
            }
        };
    }

    /** Lets a renewal bring back what is over. */
    private static Twin renewsWhatHasEnded(Twin twin) {
        return new Tampered(twin) {
            @Override
            Operation<?> tamper(Operation<?> operation, long[] cells, long now) {
                if (operation instanceof LockRenew && cells[HOLDS] == 1 && cells[HEAD + 3] <= now) {
                    cells[HEAD + 3] = now + 1;
                }
                return operation;
            }
        };
    }
}
